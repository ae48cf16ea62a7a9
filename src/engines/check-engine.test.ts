import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inProcess } from './check-engine.js';

const folder = mkdtempSync(join(tmpdir(), 'crl-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

function program(text: string): string {
  const path = join(folder, 'engine.mjs');
  writeFileSync(path, text);
  return path;
}

describe('an engine that is tried', () => {
  it('answers with what it found', async () => {
    const answers = program(
      "process.send({ state: 'works', device: process.argv[2] }); process.disconnect();",
    );
    expect(await inProcess('wasm', answers)).toEqual({ state: 'works', device: 'wasm' });
  });

  it('that crashes is broken, with the signal and the last that it printed', async () => {
    const crashes = program(
      "console.error('first'); console.error('abort()'); process.kill(process.pid, 'SIGSEGV');",
    );
    expect(await inProcess('wasm', crashes)).toEqual({
      state: 'broken',
      reason: 'its process was ended by SIGSEGV: abort()',
    });
  });

  it('that exits without an answer is broken', async () => {
    expect(await inProcess('wasm', program('process.exit(3);'))).toEqual({
      state: 'broken',
      reason: 'its process ended with exit code 3',
    });
  });

  it('that hangs is broken', async () => {
    expect(await inProcess('wasm', program('for (;;);'), 0.1)).toEqual({
      state: 'broken',
      reason: 'it did not answer within 0.1 s',
    });
  });
});
