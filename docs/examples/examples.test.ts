import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, describe, expect, it } from 'vitest';
import { EngineUnavailableError, loadEngine } from '../../backends/tfjs/index.js';
import { properties } from '../../properties/index.js';
import { findChromium, startChromium } from '../../src/browser/chromium.js';
import { makeUserFolder } from '../../src/support/user-folder.test-helper.js';

const home = makeUserFolder();
afterAll(() => rmSync(home, { recursive: true }));

async function run(example: string, ...args: string[]): Promise<string> {
  cpSync(join(import.meta.dirname, example), join(home, example));
  // as in a user's project: this package and tfjs are beside the example
  const flags = ['--preserve-symlinks', '--preserve-symlinks-main'];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, join(home, example), ...args]);
  return stdout;
}

/** The two numbers of `loss A → B`. */
function losses(text: string): number[] {
  return (/loss[^→\d]* ([\d.]+) → ([\d.]+)/.exec(text) ?? []).slice(1).map(Number);
}

/** Why an engine cannot run here; undefined if it can. */
async function whyNot(engine: string): Promise<string | undefined> {
  try {
    await loadEngine(engine as 'wasm');
    return undefined;
  } catch (error) {
    if (error instanceof EngineUnavailableError) return error.message;
    throw error;
  }
}

describe('the examples', () => {
  it.each(['wasm', 'webgpu', 'tensorflow'])('train on %s where it is available', async (engine) => {
    const reason = await whyNot(engine);
    if (reason !== undefined) {
      expect(engine).not.toBe('wasm');
      console.log(`the example was not run on ${engine}: ${reason}`);
      return;
    }
    const text = await run('wasm.mjs', engine);
    expect(text).toContain(`engine ${engine}`);
    const [first, last] = losses(text);
    expect(last).toBeLessThan(first as number);
  });

  it('train digits with jax-js', async () => {
    const [first, last] = losses(await run('jax-js.mjs'));
    expect(last).toBeLessThan((first as number) / 2);
  });

  it('train two heads', async () => {
    const [first, last] = losses(await run('several-attributes.mjs'));
    expect(last).toBeLessThan(first as number);
  });

  it('verify a backend, and train with it', async () => {
    const text = await run('own-backend.mjs');
    const counts =
      /^mine: passed; (\d+) properties passed, 0 failed, (\d+) were skipped\nlosses \d+\.\d+, \d+\.\d+, \d+\.\d+/;
    const [passed = 0, skipped = 0] = (counts.exec(text) ?? []).slice(1).map(Number);
    // what no backend on the host is asked is not counted as passed
    expect([passed + skipped, skipped > 0]).toEqual([properties.length, true]);
  });

  const chromium = findChromium();
  it.skipIf(!chromium)(
    `train in a page that Vite bundles${chromium ? '' : ', skipped: no chromium found; set CHROMIUM_PATH'}`,
    async () => {
      const root = mkdtempSync(join(home, 'vite-'));
      cpSync(join(import.meta.dirname, 'vite'), root, { recursive: true });
      await build({ root, logLevel: 'silent', resolve: { preserveSymlinks: true } });
      const dist = join(root, 'dist');
      const files = readdirSync(dist, { recursive: true, encoding: 'utf8' });
      const browser = await startChromium('browser-cpu');
      try {
        const page = await browser.newPage();
        await page.route('**/*', (route) => {
          const name = new URL(route.request().url()).pathname.slice(1) || 'index.html';
          if (!files.includes(name)) return route.fulfill({ status: 404 });
          const contentType = extname(name) === '.js' ? 'text/javascript' : 'text/html';
          return route.fulfill({ body: readFileSync(join(dist, name)), contentType });
        });
        await page.goto('http://localhost/');
        const result = page.locator('#result', { hasText: 'loss' });
        await result.waitFor();
        const [first, last] = losses((await result.textContent()) as string);
        expect(last).toBeLessThan(first as number);
      } finally {
        await browser.close();
      }
    },
  );
});
