import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  appendLine,
  FileInPieces,
  type FileWriter,
  removeLeftovers,
  WriteError,
  writeDurably,
  writeWhole,
} from './write-whole.js';

const folder = mkdtempSync(join(tmpdir(), 'write-'));
const file = join(folder, 'file');
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => writeFileSync(file, 'old\n'));

/** A disk with room for so many bytes more. */
function diskOf(room: number): FileWriter {
  let left = room;
  return {
    write: (descriptor, bytes, from) => {
      const size = Math.min(bytes.length - from, left);
      if (size === 0)
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      left -= size;
      return writeSync(descriptor, bytes, from, size);
    },
  };
}

const here = () => readdirSync(folder);

describe.each([
  ['whole', writeWhole],
  ['durably', writeDurably],
])('a file written %s', (_, write) => {
  it('is there with all its parts, also where the disk takes few bytes at a time', () => {
    write(file, [Uint8Array.of(65, 66), Uint8Array.of(67)]);
    expect(readFileSync(file, 'utf8')).toBe('ABC');
    const slow: FileWriter = { write: (descriptor, bytes, from) => writeSync(descriptor, bytes, from, 1) };
    write(file, 'text', slow);
    expect(readFileSync(file, 'utf8')).toBe('text');
    expect(here()).toEqual(['file']);
  });

  it('leaves the old one on a full disk, and says the path and the size', () => {
    const full = () => write(file, 'x'.repeat(12_345), diskOf(100));
    expect(full).toThrow(WriteError);
    expect(full).toThrow(`${file}: could not write 12,345 bytes: no space is left on the disk`);
    expect(readFileSync(file, 'utf8')).toBe('old\n');
    expect(here()).toEqual(['file']);
  });

  it('says why it cannot be', () => {
    expect(() => write(join(folder, 'nowhere', 'file'), 'x')).toThrow('its folder does not exist');
  });
});

describe('a line', () => {
  it('is added behind what is kept', () => {
    expect(appendLine(file, 'new', 4)).toBe(8);
    expect(appendLine(file, 'other', 4)).toBe(10);
    expect(readFileSync(file, 'utf8')).toBe('old\nother\n');
  });

  it('leaves the file as it was on a full disk', () => {
    expect(() => appendLine(file, 'new', 4, diskOf(2))).toThrow('could not write 4 bytes');
    expect(readFileSync(file, 'utf8')).toBe('old\n');
  });
});

describe('a file in pieces', () => {
  it('stands in its place once it is whole', () => {
    const pieces = new FileInPieces(file);
    pieces.add('a');
    expect(readFileSync(file, 'utf8')).toBe('old\n');
    pieces.add('b');
    pieces.finish();
    expect([readFileSync(file, 'utf8'), here()]).toEqual(['ab', ['file']]);
  });

  it('leaves nothing on a full disk', () => {
    const pieces = new FileInPieces(file, diskOf(1));
    expect(() => pieces.add('ab')).toThrow(WriteError);
    expect([readFileSync(file, 'utf8'), here()]).toEqual(['old\n', ['file']]);
  });
});

it('what killed processes left is removed, and what living ones write is not', () => {
  const { pid: dead } = spawnSync(process.execPath, ['-e', '']);
  const parent = process.ppid;
  const left = [`a.${dead}.tmp`, `lock.json.${dead}.stale`, `a.${parent}.tmp`, `own.${parent}.tmp`, 'b.tmp'];
  for (const name of left) writeFileSync(join(folder, name), '');
  removeLeftovers(folder, ['own']);
  expect(here()).toEqual([`a.${parent}.tmp`, 'b.tmp', 'file']);
  expect(existsSync(file)).toBe(true);
});
