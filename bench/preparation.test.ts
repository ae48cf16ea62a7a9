import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { OutFolder } from './preparation.js';

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A program that stands for a Python. */
function program(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

const silent = program('silent', 'exit 0');
const bare = program('bare', 'echo Traceback >&2; echo ModuleNotFoundError: no $1 here >&2; exit 1');
const nowhere = join(folder, 'none/python');
const taken = join(folder, 'taken');
writeFileSync(taken, '');

describe('npm run bench, given what it cannot use', () => {
  const out = join(folder, 'out');
  it.each([
    [
      ['--only', 'protocol', '--python', nowhere],
      `--python: expected a Python with numpy, got ${nowhere}: spawnSync ${nowhere} ENOENT`,
    ],
    [
      ['--only', 'protocol', '--python', silent],
      `--python: expected a Python with numpy, got ${silent}: it does not print the version of numpy`,
    ],
    [
      ['--only', 'pytorch', '--python', bare],
      `--python: expected a Python with torch, got ${bare}: ModuleNotFoundError: no -c here`,
    ],
    [['--out', taken], `--out: expected a folder, got ${taken}: a file is in its place`],
    [
      ['--out', join(taken, 'in')],
      `--out: expected a folder, got ${join(taken, 'in')}: a file is in its place`,
    ],
    [['--only', ','], /^--only: expected some of whole-loss, .*, got ","$/],
    [['--only', 'loss,none'], /^--only: .*, got none$/],
  ])('says so in a sentence, and leaves no folder: %j', (args, words) => {
    const main = resolve(import.meta.dirname, '../dist/bench/main.js');
    const { status, stderr } = spawnSync(process.execPath, [main, '--out', out, ...args], {
      encoding: 'utf8',
    });
    const said = stderr.trimEnd();
    if (typeof words === 'string') expect(said).toBe(words);
    else expect(said).toMatch(words);
    expect([status, existsSync(out)]).toEqual([2, false]);
  });

  it('says so for npm run evidence too', () => {
    const main = resolve(import.meta.dirname, '../dist/bench/evidence/main.js');
    const { status, stderr } = spawnSync(process.execPath, [main, '--plan', '--out', taken], {
      encoding: 'utf8',
    });
    const words = `--out: expected a folder, got ${taken}: a file is in its place\n`;
    expect([status, stderr]).toEqual([2, words]);
  });

  it('removes the folders that it made while they are empty, and no others', () => {
    new OutFolder(join(folder, 'new/results')).removeIfEmpty();
    expect(existsSync(join(folder, 'new'))).toBe(false);
    new OutFolder(folder).removeIfEmpty();
    const kept = new OutFolder(join(folder, 'kept'));
    writeFileSync(join(folder, 'kept/bench.json'), '{}');
    kept.removeIfEmpty();
    expect(readdirSync(join(folder, 'kept'))).toEqual(['bench.json']);
  });
});
