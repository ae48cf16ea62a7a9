import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { properties } from '../../properties/index.js';
import { crl, file, folder } from './crl.test-helper.js';

/** What bash completes after some words; the last one is being typed. */
function completed(...words: string[]): string[] {
  const script = file('completion.bash', crl(['completion', 'bash']).out);
  const run = `source ${script}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _crl; printf '%s\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', run, 'bash', 'crl', ...words], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((word) => word !== '');
}

const has = (shell: string) => spawnSync(shell, ['--version']).status === 0;

describe('crl completion', () => {
  it.skipIf(!has('bash'))('completes commands, options and their values in bash', () => {
    expect(completed('ver')).toEqual(['verify']);
    expect(completed('verify', '--so')).toEqual(['--soak', '--soak-file']);
    expect(completed('verify', '--stage', 'form')).toEqual(['formTriplets']);
    expect(completed('verify', '--property', 'mining-')).toEqual(
      properties.map(({ id }) => id).filter((id) => id.startsWith('mining-')),
    );
    expect(completed('verify', '--backend', 'tfjs-')).toEqual(['tfjs-fused']);
    expect(completed('data', '')).toContain('check');
    expect(completed('data', 'check', '--fold')).toEqual(['--folder']);
    expect(completed('verify', '--report', '')).toEqual([]); // then the shell completes files
    expect(completed('completion', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']));
  });

  it.each(['bash', 'zsh', 'fish'])('prints a script that %s accepts, with every command', (shell) => {
    const { code, out } = crl(['completion', shell]);
    expect(code).toBe(0);
    for (const word of ['verify', 'explain', 'rulings', 'check', 'new-backend']) expect(out).toContain(word);
    if (has(shell)) expect(spawnSync(shell, ['-n', file('script', out)], { cwd: folder }).status).toBe(0);
  });

  it('refuses another shell', () => {
    expect(crl(['completion', 'tcsh'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('bash, zsh, fish'),
    });
  });
});
