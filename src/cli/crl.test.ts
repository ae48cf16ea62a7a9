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
