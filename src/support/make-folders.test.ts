import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolders } from './make-folders.js';

const root = mkdtempSync(join(tmpdir(), 'crl-folders-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('making a folder', () => {
  it('makes those above it, and leaves what exists as it is', () => {
    const path = join(root, 'a', 'b', 'c');
    makeFolders(path);
    writeFileSync(join(path, 'kept'), '');
    makeFolders(path);
    expect(existsSync(join(path, 'kept'))).toBe(true);
    symlinkSync(path, join(root, 'link'));
    makeFolders(join(root, 'link'));
    makeFolders(join(root, 'link', 'd'));
    expect(existsSync(join(path, 'd'))).toBe(true);
  });

  it('fails where a file or a link to nothing is in the way', () => {
    writeFileSync(join(root, 'file'), '');
    symlinkSync(join(root, 'gone'), join(root, 'dangling'));
    const failing = (...names: string[]) =>
      expect(() => makeFolders(join(root, ...names))).toThrow(expect.objectContaining({ syscall: 'mkdir' }));
    failing('file');
    failing('file', 'x');
    failing('dangling');
    failing('dangling', 'x');
  });

  it.runIf(process.platform === 'linux')('fails, and does not hang, where the system makes none', () => {
    for (const path of ['/proc/crl-run', '/proc/crl-run/first'])
      expect(() => makeFolders(path)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});
