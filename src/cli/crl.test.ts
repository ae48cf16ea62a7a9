import { describe, expect, it } from 'vitest';
import { crl } from './crl.test-helper.js';

describe('crl, asked for what there is not', () => {
  it.each([
    [['verify', '--backend', 'nobody'], 'expected one of reference, host, tfjs, tfjs-fused, or a file'],
    [
      ['verify', '--backend', 'tfjs', '--engine', 'abacus'],
      'engine abacus: expected one of cpu, wasm, tensorflow',
    ],
    [['verify', '--runs', '0'], 'expected a whole number from 1'],
    [['verify', '--runs', '1e400'], 'expected a whole number'],
    [
      ['verify', '--property', 'none', '--backend', 'reference'],
      '--property: expected the id of a property, got',
    ],
    [['verify', '--colour'], 'unknown option'],
    [['explain'], 'missing required argument'],
    [['dance'], 'unknown command'],
  ])('could not run: %j, exit 2', (args, words) => {
    const { code, err } = crl(args);
    expect(err).toContain(words);
    expect(code).toBe(2);
  });
});
