import { describe, expect, it } from 'vitest';
import { VERSION } from '../support/version.js';
import { crl } from './crl.test-helper.js';

describe('crl, asked for what there is not', () => {
  it.each([
    [
      ['verify', '--backend', 'nobody'],
      'expected one of host, reference, jax-js, tfjs, tfjs-fused, or a file',
    ],
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
    [['verify', '--property', 'mining-agrees,none', '--backend', 'reference'], 'got "none"'],
    [['verify', '--property', ',', '--backend', 'reference'], 'got ","'],
    [['verify', '--stage', 'formTriplets,none'], 'expected some of selectMinority, mineHardSamples,'],
    [['verify', '--colour'], 'unknown option'],
    ...['--fail-fast', '--watch'].flatMap((flag) =>
      ['--certificate', '--check'].map((file): [string[], string] => [
        ['verify', '--backend', 'reference', flag, file, 'c.json'],
        `option '${flag}' cannot be used with option '${file} <file>'`,
      ]),
    ),
    [['verify', '--backend', 'reference', '--property', 'minning-agrees'], 'such as mining-agrees'],
    [['explain'], 'missing required argument'],
    [['dance'], 'unknown command'],
  ])('could not run: %j, exit 2', (args, words) => {
    const { code, err } = crl(args);
    expect(err).toContain(words);
    expect(code).toBe(2);
    // the error is the last that is said, and no screen of help hides it
    expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
    expect(err).toMatch(/^crl: /);
  });

  it('takes names separated by commas, by blanks, or by both', () => {
    const listed = (...flags: string[]) => {
      const { out } = crl(['verify', '--backend', 'reference', '--list', '--json', ...flags]);
      return JSON.parse(out) as { id: string; stage: string }[];
    };
    const ids = ['mining-agrees', 'triplets-agree', 'loss-agrees'] as const;
    const [first, second, third] = ids;
    for (const flags of [ids, [`${first},${second}`, third], [`${first},`, `${second}, ${third}`]])
      expect(
        listed('--property', ...flags)
          .map(({ id }) => id)
          .sort(),
      ).toEqual([...ids].sort());
    const stages = listed('--stage', 'formTriplets,selectMinority').map(({ stage }) => stage);
    expect([...new Set(stages)].sort()).toEqual(['formTriplets', 'selectMinority']);
  });

  it('prints its version', () => {
    expect(crl(['--version'])).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
  });

  it('has examples and exit codes in the help of every command', () => {
    const { out } = crl(['--help']);
    const [, list = ''] = /Commands:(.*)Examples:/s.exec(out) ?? [];
    const commands = [...list.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => name as string);
    expect(commands).toEqual(
      expect.arrayContaining(['verify', 'properties', 'explain', 'train', 'completion']),
    );
    for (const name of commands.filter((name) => name !== 'help')) {
      const help = crl([name, '--help']).out;
      expect(help, name).toContain(`Examples:`);
      expect(help, name).toContain(`crl ${name}`);
    }
  });
});
