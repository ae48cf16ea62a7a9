import { describe, expect, it } from 'vitest';
import { crl } from './crl.test-helper.js';

describe('crl verify --engine-only', () => {
  it('judges the operations of an engine, and says what the loss does about those that fail', () => {
    const { code, out } = crl(['verify', '--engine-only', '--engine', 'wasm', '--runs', '50', '--seed', '1']);
    expect(code).toBe(0);
    expect(out).toMatch(/│ topk-lowest-first +│ holds +│ 50 /);
    expect(out).toMatch(/│ sign-exact +│ fails, as known │/);
    expect(out).toContain(
      'why: Numbers below about 1e-7 have sign 0 there.\n  the graph of the loss: It compares with 0 instead (sign.ts).',
    );
    expect(out).toMatch(/\nwasm: \d+ claims hold, 4 fail as known, 0 fail, seed 1\n$/);
  });

  it('refuses an engine that is not named or does not exist, and a backend beside it', () => {
    const none = crl(['verify', '--engine-only']);
    expect([none.code, none.err]).toEqual([
      2,
      expect.stringContaining('expected --engine with one of cpu, wasm'),
    ]);
    const unknown = crl(['verify', '--engine-only', '--engine', 'browser-wasm']);
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('cpu, wasm, tensorflow')]);
    for (const beside of ['--backend=host', '--jobs=2', '--coverage'])
      expect(crl(['verify', '--engine-only', '--engine', 'cpu', beside]).code).toBe(2);
  });
});
