/**
 * The lock of a folder: one process at a time writes into it.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  type ProcessIdentity,
  type ProcessTable,
  stillRuns,
  THIS_MACHINE,
  thisProcess,
} from '../support/process-identity.js';
import { WriteError } from '../support/write-whole.js';
import { ConfigError, configError } from './config/problems.js';

/** The file that holds the lock. */
export const LOCK_FILE = 'lock.json';

/** How often the holder shows that it lives, and after how long without it a lock of another machine is stale. */
const [HEARTBEAT_MS, STALE_MS] = [10_000, 60_000];

/** What a lock says of its holder. */
interface Holder extends ProcessIdentity {
  /** When the lock was taken, in ISO 8601. */
  readonly since: string;
  /** Tells apart two locks of one process. */
  readonly id: string;
}

/** A folder that another process is writing to. */
export class FolderInUseError extends ConfigError {}

/** How a lock is taken. */
export interface LockChoices {
  /** Take it from a holder that may still live; that one stops before it writes again. */
  readonly takeOver?: boolean;
  /** What is known of processes. Default: those of this machine. */
  readonly processes?: ProcessTable;
  /** Milliseconds between two heartbeats. Default 10,000. */
  readonly heartbeat?: number;
}

/**
 * A lock that this process holds on a folder.
 *
 * The holder is written down with its process id, the start of the process and the machine. A lock is stale
 * if its process is gone from this machine; that of another machine, or of another container of this one, if
 * its heartbeat is older than a minute: the file is touched every ten seconds by a separate thread, also
 * while a long step keeps the process busy.
 */
export class FolderLock {
  readonly #path: string;
  readonly #folder: string;
  readonly #holder: Holder;
  readonly #heart: Worker;
  readonly #releaseAtExit = () => this.#remove();

  private constructor(folder: string, path: string, holder: Holder, text: string, heartbeat: number) {
    this.#folder = folder;
    this.#path = path;
    this.#holder = holder;
    this.#heart = new Worker(HEART, { eval: true, workerData: { path, text, every: heartbeat } });
    this.#heart.on('error', () => {}); // without heartbeat the lock still holds on this machine
    this.#heart.unref();
    process.on('exit', this.#releaseAtExit);
  }

  /**
   * Takes the lock of a folder that is there.
   *
   * @throws ConfigError - held by a process that lives, or that may: with `takeOver` it is taken all the same
   * @throws WriteError - a folder that cannot be written to
   */
  static take(
    folder: string,
    { takeOver = false, processes = THIS_MACHINE, heartbeat = HEARTBEAT_MS }: LockChoices = {},
  ): FolderLock {
    const path = join(folder, LOCK_FILE);
    const holder: Holder = {
      ...thisProcess(processes),
      since: new Date().toISOString(),
      id: randomUUID(),
    };
    const text = `${JSON.stringify(holder)}\n`;
    const draft = join(folder, `${LOCK_FILE}.${process.pid}.tmp`);
    try {
      write(draft, text);
      // the file system's own clock: that of another machine may differ
      const now = statSync(draft).mtimeMs;
      while (!linked(draft, path)) {
        const found = readHolder(path);
        if (found === undefined) continue; // released in the meantime
        if (!takeOver && !isStale(found, now, processes)) throw inUse(folder, found.holder);
        removeStale(path, found.text);
      }
    } finally {
      rmSync(draft, { force: true });
    }
    return new FolderLock(folder, path, holder, text, heartbeat);
  }

  /**
   * To be called before anything is written.
   *
   * @throws ConfigError - another process has taken the folder over
   */
  check(): void {
    const found = readHolder(this.#path);
    if (found?.holder?.id === this.#holder.id) return;
    const got = found ? `one that ${described(found.holder)} has taken over` : 'one whose lock was removed';
    throw configError(`out (${this.#folder})`, 'a folder that only this run writes to', got);
  }

  /** Gives the folder back. */
  release(): void {
    process.off('exit', this.#releaseAtExit);
    void this.#heart.terminate();
    this.#remove();
  }

  #remove(): void {
    if (readHolder(this.#path)?.holder?.id === this.#holder.id) rmSync(this.#path, { force: true });
  }
}

/**
 * The thread that touches the lock: it writes the same bytes again, so that the file system's clock is used. A
 * touch that fails, such as on a full disk, is tried again at the next beat.
 */
const HEART = `
const { openSync, readFileSync, writeSync } = require('node:fs');
const { workerData: { path, text, every } } = require('node:worker_threads');
const descriptor = openSync(path, 'r+');
if (readFileSync(descriptor, 'utf8') === text)
  setInterval(() => { try { writeSync(descriptor, text, 0); } catch {} }, every);
`;

interface Found {
  readonly text: string;
  /** Nothing in a file that is no lock. */
  readonly holder: Holder | undefined;
  readonly touched: number;
}

function readHolder(path: string): Found | undefined {
  try {
    const touched = statSync(path).mtimeMs;
    const text = readFileSync(path, 'utf8');
    return { text, holder: parsed(text), touched };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parsed(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Holder;
    return Number.isSafeInteger(holder.pid) && typeof holder.host === 'string' ? holder : undefined;
  } catch {
    return undefined;
  }
}

function isStale({ holder, touched }: Found, now: number, processes: ProcessTable): boolean {
  const runs = holder && stillRuns(holder, processes);
  return runs === undefined ? now - touched > STALE_MS : !runs;
}

/** Removes a stale lock, and no other: between looking and removing another process may have taken it. */
function removeStale(path: string, text: string): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (readFileSync(aside, 'utf8') !== text) linked(aside, path);
  rmSync(aside, { force: true });
}

/** Whether `path` is this file now: false if something stands there. */
function linked(file: string, path: string): boolean {
  try {
    linkSync(file, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // a file system without hard links: copied, if nothing stands there
    if (!existsSync(path)) return copied(file, path);
    return false;
  }
}

function copied(file: string, path: string): boolean {
  try {
    copyFileSync(file, path, constants.COPYFILE_EXCL);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new WriteError(path, statSync(file).size, { cause });
  }
}

function write(path: string, text: string): void {
  try {
    const descriptor = openSync(path, 'w');
    try {
      writeSync(descriptor, text);
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw new WriteError(path, text.length, { cause });
  }
}

function inUse(folder: string, holder: Holder | undefined): FolderInUseError {
  const path = 'out';
  const expected = 'a folder that no other run is using';
  const got = `${folder}, in use by ${described(holder)}; wait for it, choose another folder, or, if it is not a run any more, add --take-over`;
  return new FolderInUseError([{ path, expected, got }]);
}

function described(holder: Holder | undefined): string {
  if (holder === undefined) return `a process that ${LOCK_FILE} does not name`;
  const { pid, host, since } = holder;
  return `process ${pid} on ${host} (since ${since})`;
}
