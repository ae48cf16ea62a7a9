import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Report } from '../../properties/index.js';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'crl-gpu-'));
afterAll(() => rmSync(folder, { recursive: true }));

const software = '/usr/lib/chromium/vk_swiftshader_icd.json';

describe.skipIf(process.platform !== 'linux')('the bundle for GPU machines (Linux only)', () => {
  it('runs where it was moved to, with an empty environment', () => {
    const [made, moved] = [join(folder, 'made'), join(folder, 'moved')];
    execFileSync(process.execPath, [join(root, 'dist/src/gpu-bundle/main.js'), made]); // of the last build
    renameSync(made, moved);
    for (const name of ['node', 'crl.mjs', 'bench.mjs', `dist/linux-${process.arch}/dawn.node`]) {
      expect(existsSync(join(moved, name)), name).toBe(true);
    }
    const verify = (engine: string, env: NodeJS.ProcessEnv) => {
      const args = ['verify', '--engine', engine, '--runs', '2', '--seed', '1', '--json'];
      const only = ['--property', 'minority-agrees', 'balanced-agrees'];
      const start = join(moved, 'start.sh');
      return spawnSync(start, [...args, ...only], { env, cwd: '/', encoding: 'utf8' });
    };

    const wasm = verify('wasm', {});
    expect(wasm.status, wasm.stderr).toBe(0);
    expect(JSON.parse(wasm.stdout)).toMatchObject({ passed: true, engine: 'wasm' });

    // a driver that is not there: unavailable (2), never another engine
    const none = verify('webgpu', { VK_ICD_FILENAMES: join(folder, 'none.json') });
    expect([none.status, none.stderr]).toEqual([2, expect.stringContaining('there is no adapter')]);

    const bench = (driver: string, ...args: string[]) => {
      const env = { VK_ICD_FILENAMES: driver };
      return spawnSync(join(moved, 'start.sh'), ['bench', ...args], { env, cwd: folder, encoding: 'utf8' });
    };
    const missing = bench(join(folder, 'none.json'));
    expect([missing.status, missing.stderr]).toEqual([2, expect.stringContaining('there is no adapter')]);

    if (!existsSync(software)) return;
    const timed = bench(software, '--sizes', '16', '--seconds', '0.01', '--no-graph', '--out', 'bench.json');
    expect(timed.status, timed.stderr).toBe(0);
    const { adapter, date, versions, rows, leftOut } = JSON.parse(
      readFileSync(join(folder, 'bench.json'), 'utf8'),
    );
    expect(adapter).toContain('(software)');
    expect(Date.parse(date)).toBeGreaterThan(0);
    expect(versions).toHaveProperty('class-rectification');
    expect(leftOut).toContainEqual(
      expect.objectContaining({ subject: 'tfjs (graph)', reason: 'not asked for' }),
    );
    const fused = rows.find((row: { subject: string }) => row.subject === 'tfjs-fused');
    expect(fused).toMatchObject({ setting: expect.stringContaining('n 16'), readBacks: 0 });
    expect(fused.dispatches).toBeGreaterThan(0);
    expect(fused.dispatches).toBeLessThanOrEqual(8);
    const webgpu = verify('webgpu', { VK_ICD_FILENAMES: software });
    expect(webgpu.status, webgpu.stderr).toBe(0);
    const report = JSON.parse(webgpu.stdout) as Report;
    expect(report).toMatchObject({
      passed: true,
      engine: 'webgpu',
      adapter: expect.stringContaining('(software)'),
    });
  });
});
