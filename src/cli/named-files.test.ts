import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crl, file, folder } from './crl.test-helper.js';

const BACKEND = `import { referenceBackend } from 'class-rectification/backends/reference';
import './beside.mjs';
export default referenceBackend();`;
file('mine.mjs', BACKEND);
file('beside.mjs', '');
file('known.json', '[]');
mkdirSync(join(folder, 'rep'));

describe('crl verify, given two options with one file', () => {
  it.each([
    [
      ['--certificate', 'mine.mjs'],
      '--certificate mine.mjs: expected a file of its own, got the file of the backend',
    ],
    [['--certificate', 'beside.mjs'], '--certificate beside.mjs: expected a file of its own'],
    [['--known', 'known.json', '--certificate', 'known.json'], 'got the file of --known known.json'],
    [['--report', 'rep/x.json', '--certificate', 'rep/../rep/x.json'], 'got the file of --report rep/x.json'],
    [['--report', 'x.json', './x.json'], '--report ./x.json: expected a file of its own'],
    [
      ['--soak', '0.01', '--soak-file', 's.json', '--report', 's.json'],
      '--soak-file s.json: expected a file of its own',
    ],
  ])('%j: refused before the run', (args, words) => {
    const { code, out, err } = crl(['verify', '--backend', 'mine.mjs', ...args]);
    expect([code, out, err.includes('Verif')]).toEqual([2, '', false]);
    expect(err).toContain(words);
    expect(readFileSync(join(folder, 'mine.mjs'), 'utf8')).toBe(BACKEND);
    expect(readFileSync(join(folder, 'known.json'), 'utf8')).toBe('[]');
  });

  it('the words of a command are read, so they are not written', () => {
    const { code, err } = crl(['verify', '--command', 'node mine.mjs', '--certificate', './mine.mjs']);
    expect([code, err]).toEqual([2, expect.stringContaining('got the file of the backend')]);
  });
});

describe.runIf(process.platform !== 'win32')('a file that a command writes', () => {
  it('does not take the place of a pipe: refused before the run', () => {
    spawnSync('mkfifo', [join(folder, 'pipe.json')]);
    for (const option of ['--certificate', '--report', '--soak-file']) {
      const soak = option === '--soak-file' ? ['--soak', '0.01'] : [];
      const { code, out, err } = crl(['verify', '--backend', 'mine.mjs', ...soak, option, 'pipe.json']);
      expect([code, out, err.includes('Verif')]).toEqual([2, '', false]);
      expect(err).toMatch(/(--certificate|report|--soak-file) pipe\.json: .*got a pipe/);
      expect(lstatSync(join(folder, 'pipe.json')).isFIFO()).toBe(true);
    }
    spawnSync('mkfifo', [join(folder, 'other.svg')]);
    const refused = crl(['forecast', '--counts', '5,9', '--batch', '4', '--chart', 'other.svg']);
    expect([refused.code, refused.err]).toEqual([
      2,
      expect.stringContaining('--chart other.svg: expected a regular file'),
    ]);
  });

  it('leaves a link, and replaces what it points to', () => {
    file('target.json', 'old');
    symlinkSync('target.json', join(folder, 'link.json'));
    const how = ['--property', 'minority-agrees', '--runs', '2', '--seed', '1'];
    expect(crl(['verify', '--backend', 'mine.mjs', ...how, '--certificate', 'link.json']).code).toBe(0);
    expect(lstatSync(join(folder, 'link.json')).isSymbolicLink()).toBe(true);
    expect(JSON.parse(readFileSync(join(folder, 'target.json'), 'utf8')).version).toBe(1);
  });
});
