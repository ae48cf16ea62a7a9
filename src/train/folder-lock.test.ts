import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { thisProcess } from '../support/process-identity.js';
import { FolderLock } from './folder-lock.js';

const top = mkdtempSync(join(tmpdir(), 'lock-'));
afterAll(() => rmSync(top, { recursive: true }));

const folder = join(top, 'run');
const file = join(folder, 'lock.json');
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
});

/** A lock of another process, touched so many seconds ago. */
function held(by: object, secondsAgo = 0): void {
  writeFileSync(
    file,
    JSON.stringify({ ...thisProcess(), since: '2026-01-01T00:00:00Z', id: 'other', ...by }),
  );
  const then = Date.now() / 1000 - secondsAgo;
  utimesSync(file, then, then);
}

describe('the lock of a folder', () => {
  it('is one process’s at a time, and free again when it is released', () => {
    const lock = FolderLock.take(folder);
    expect(() => FolderLock.take(folder)).toThrow(
      new RegExp(`in use by process ${process.pid} on .* \\(since .*\\); wait for it, .*--take-over`),
    );
    lock.check();
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
    FolderLock.take(folder).release();
  });

  it.each([
    ['of a process that is gone', { pid: 2 ** 22 + 1 }, 0],
    ['of a process whose id is another’s now', { pid: process.ppid, started: 'long ago' }, 0],
    ['of before this machine started anew', { boot: 'another' }, 0],
    ['of another machine, whose heartbeat stopped', { host: 'elsewhere' }, 120],
    ['of another container, whose heartbeat stopped', { namespace: 'elsewhere' }, 120],
  ])('%s is stale', (_, holder, secondsAgo) => {
    held(holder, secondsAgo);
    const lock = FolderLock.take(folder);
    lock.check();
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    [
      'of a living process of this machine, however old its heartbeat',
      { pid: process.ppid, started: null },
      9999,
    ],
    ['of another machine, whose heartbeat is fresh', { host: 'elsewhere' }, 30],
    ['of another container, whose heartbeat is fresh', { namespace: 'elsewhere' }, 30],
  ])('%s is not', (_, holder, secondsAgo) => {
    held(holder, secondsAgo);
    const before = readFileSync(file, 'utf8');
    expect(() => FolderLock.take(folder)).toThrow('out: expected a folder that no other run is using');
    expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual([before, ['lock.json']]);
    FolderLock.take(folder, { takeOver: true }).release();
  });

  it('that is no lock is stale after a minute', () => {
    writeFileSync(file, 'torn');
    expect(() => FolderLock.take(folder)).toThrow('a process that lock.json does not name');
    const then = Date.now() / 1000 - 120;
    utimesSync(file, then, then);
    FolderLock.take(folder).release();
  });

  it('is touched by a thread of its own, also while this process is busy', async () => {
    const lock = FolderLock.take(folder, { heartbeat: 1 });
    utimesSync(file, 0, 0);
    // no timer of this thread can run, but the other thread starts only once this one has turned
    await new Promise((resolve) => setTimeout(resolve));
    while (statSync(file).mtimeMs === 0);
    lock.check();
    lock.release();
  });

  it('that was taken over is lost for the one that held it', () => {
    const first = FolderLock.take(folder);
    const second = FolderLock.take(folder, { takeOver: true });
    expect(() => first.check()).toThrow(
      /expected a folder that only this run writes to, got one that process/,
    );
    first.release(); // and does not give away what is not its own
    second.check();
    rmSync(file);
    expect(() => second.check()).toThrow('whose lock was removed');
    second.release();
  });
});
