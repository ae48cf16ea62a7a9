import { spawnSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { outputTarget, realPathOf } from './output-target.js';
import { FileInPieces, writeWhole } from './write-whole.js';

const folder = mkdtempSync(join(tmpdir(), 'target-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

/** Writes a file in pieces, as {@link writeWhole} does at once. */
function writeInPieces(path: string, text: string): void {
  const file = new FileInPieces(path);
  file.add(text);
  file.finish();
}

describe.runIf(process.platform !== 'win32').each([
  ['at once', writeWhole],
  ['in pieces', writeInPieces],
])('a file written %s', (_, write) => {
  it('does not take the place of a pipe, also behind a link', () => {
    spawnSync('mkfifo', [at('pipe')]);
    symlinkSync(at('pipe'), at('to-pipe'));
    for (const name of ['pipe', 'to-pipe'])
      expect(() => write(at(name), 'x')).toThrow('got a pipe; name another file');
    expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['pipe', 'to-pipe']);
    rmSync(at('pipe'));
    rmSync(at('to-pipe'));
  });

  it('replaces what a link points to, and leaves the link', () => {
    mkdirSync(at('inner'));
    writeFileSync(at('inner/old'), 'old');
    symlinkSync('inner/old', at('link'));
    symlinkSync('inner/new', at('dangling'));
    write(at('link'), 'one');
    write(at('dangling'), 'two');
    expect([readFileSync(at('inner/old'), 'utf8'), readFileSync(at('inner/new'), 'utf8')]).toEqual([
      'one',
      'two',
    ]);
    for (const name of ['link', 'dangling']) {
      expect(lstatSync(at(name)).isSymbolicLink()).toBe(true);
      rmSync(at(name));
    }
    rmSync(at('inner'), { recursive: true });
  });
});

it('a folder is no place for a file; nothing is', () => {
  expect(() => outputTarget(folder)).toThrow('got a folder; name another file');
  expect(outputTarget(at('nothing'))).toBe(at('nothing'));
});

it('one file has one real path, whether it exists or not', () => {
  mkdirSync(at('a'));
  const real = realPathOf(at('a'));
  expect(realPathOf(`${at('a')}/../a/x`)).toBe(join(real, 'x'));
  expect(realPathOf(at('none/x'))).toBe(join(realPathOf(folder), 'none/x'));
  rmSync(at('a'), { recursive: true });
});
