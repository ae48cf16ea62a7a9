import { describe, expect, it } from 'vitest';
import { findChromium } from '../browser/chromium.js';
import { crl } from './crl.test-helper.js';

describe('crl verify --engine-only', () => {
  it('judges the operations of an engine, and says what the loss does about those that fail', () => {
    const { code, out } = crl(['verify', '--engine-only', '--engine', 'wasm', '--runs', '50', '--seed', '1']);
    expect(code).toBe(0);
    expect(out).toMatch(/│ topk-lowest-first +│ holds +│ 50 /);
    expect(out).toMatch(/│ sign-exact +│ fails, as known +│/);
    expect(out).toContain(
      'why: Numbers below about 1e-7 have sign 0 there.\n  the graph of the loss: It compares with 0 instead (sign.ts).',
    );
    expect(out).toMatch(/\nwasm: \d+ claims hold, 4 fail as known, 0 fail, seed 1\n$/);
  });

  it.skipIf(findChromium() === undefined)('judges an engine of a browser', () => {
    const asked = ['--engine', 'browser-webgl', '--runs', '5', '--seed', '1'];
    const { code, out } = crl(['verify', '--engine-only', ...asked]);
    expect(out).toMatch(/│ max-slope +│ fails, as known +│/);
    expect(out).toMatch(/\nbrowser-webgl on .+: \d+ claims hold, \d+ fail as known, 0 fail, seed 1\n$/);
    expect(code).toBe(0);
  });

  it('refuses an engine that is not named or does not exist, and a backend beside it', () => {
    const none = crl(['verify', '--engine-only']);
    expect([none.code, none.err]).toEqual([
      2,
      expect.stringContaining('expected --engine with one of cpu, wasm'),
    ]);
    const unknown = crl(['verify', '--engine-only', '--engine', 'abacus']);
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('browser-webgl')]);
    for (const beside of ['--backend=host', '--jobs=2', '--coverage'])
      expect(crl(['verify', '--engine-only', '--engine', 'cpu', beside]).code).toBe(2);
  });
});
