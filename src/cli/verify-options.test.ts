import { describe, expect, it } from 'vitest';
import { crl } from './crl.test-helper.js';

describe('crl verify refuses', () => {
  it.each([
    [['--soak', '1', '--fail-fast'], "'--soak <minutes>' cannot be used with option '--fail-fast'"],
    [['--soak-file', 's.json'], '--soak-file: expected --soak MINUTES'],
    [['--check', 'c.json', '--list'], 'cannot be used with'],
    [['--check', 'c.json', '--coverage'], 'cannot be used with'],
    [['--check', 'c.json', '--soak-file', 's.json'], 'cannot be used with'],
    [['--list', '--certificate', 'c.json'], 'cannot be used with'],
    [['--list', '--watch'], 'cannot be used with'],
    [['--list', '--backend', 'gone.mjs'], 'backend gone.mjs: expected one of'],
    [['--runs', '3', '--runs', '5'], "'--runs <n>': expected one value, got 3 and 5"],
    [['--level', 'core', '--level', 'core'], "'--level <level>': expected one value"],
    [['--engine', ''], '--engine: expected a value, got an empty text'],
    [['--backend', ''], '--backend: expected a value, got an empty text'],
    [['--certificate', ''], '--certificate: expected the name of a file, got none'],
    [
      ['--certificate', 'none/c.json'],
      '--certificate none/c.json: expected a folder that can be written to: none',
    ],
    [['--report', ''], 'report: expected '],
    [
      ['--stage', 'selectMinority', '--property', 'balanced-agrees'],
      '--property and --stage: expected a property of these stages, got balanced-agrees and selectMinority',
    ],
    [['--replay', 'zzz@1@0'], 'got the token of zzz'],
    [['--replay', 'minority-agrees@1@999999999999'], '--replay: expected the number of a case'],
    [['--runs', '1000001'], 'expected a whole number from 1 to 1000000'],
  ])('%j: exit 2, before the run', (args, words) => {
    const own = args.includes('--backend') || args.includes('--check') ? [] : ['--backend', 'host'];
    const { code, out, err } = crl(['verify', ...own, ...args]);
    expect([code, out, err.includes('Verif')]).toEqual([2, '', false]);
    expect(err).toContain(words);
  });

  it('a folder for temporary files that does not exist', () => {
    const nowhere = { TMPDIR: '/none/at-all', TEMP: '/none/at-all', TMP: '/none/at-all' };
    const { code, err } = crl(['verify', '--backend', 'host'], '', nowhere);
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('the folder for temporary files: expected a folder'),
    ]);
  });
});

it('options that take several values may be repeated', () => {
  const args = ['--property', 'minority-agrees', '--property', 'mining-agrees', '--stage', 'selectMinority'];
  const { code, out } = crl(['verify', '--list', '--backend', 'host', ...args, '--stage', 'mineHardSamples']);
  expect([code, out]).toEqual([0, expect.stringContaining('mining-agrees')]);
});
