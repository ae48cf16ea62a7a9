/**
 * Files that are whole or not there, also after a kill, a full disk or a loss of power.
 *
 * @module
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { outputTarget } from './output-target.js';
import { isRunning } from './process-identity.js';

/** The content of a file: text, bytes, or bytes in parts, which need not fit into one buffer. */
export type FileContent = string | Uint8Array | readonly Uint8Array[];

/** A file that could not be written: its path, its size and the reason. The old file is kept. */
export class WriteError extends Error {
  override readonly name = 'WriteError';
  constructor(
    /** The file that was to be written. */
    readonly path: string,
    /** Bytes that were to be written. */
    readonly bytes: number,
    options: { readonly cause: unknown },
  ) {
    const { code, message } = options.cause as NodeJS.ErrnoException;
    const reason = REASONS[code ?? ''] ?? message;
    super(`${path}: could not write ${bytes.toLocaleString('en')} bytes: ${reason}`, options);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the disk; free some and start the same command again',
  EDQUOT: 'the disk quota is used up; free some space and start the same command again',
  EFBIG: 'the file is larger than the system allows',
  EACCES: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOENT: 'its folder does not exist',
};

/** How bytes are written to a file; tests replace it by a disk that is full. */
export interface FileWriter {
  readonly write: (descriptor: number, bytes: Uint8Array, from: number) => number;
}

const DISK: FileWriter = { write: (descriptor, bytes, from) => writeSync(descriptor, bytes, from) };

/**
 * Writes a file beside its place and moves it there, so that a kill or a full disk leaves the old file or the
 * new one. A link stays, and the file that it points to is replaced; the place of a device or a pipe is not taken.
 *
 * @throws WriteError - the old file, if there was one, is as it was, and nothing is left beside it
 */
export function writeWhole(path: string, content: FileContent, disk: FileWriter = DISK): void {
  replace(path, partsOf(content), disk, false);
}

/**
 * As {@link writeWhole}, and returns once the new file is on the disk: until then the old file is kept, also if
 * the power fails.
 *
 * @throws WriteError
 */
export function writeDurably(path: string, content: FileContent, disk: FileWriter = DISK): void {
  replace(path, partsOf(content), disk, true);
}

function replace(path: string, parts: readonly Uint8Array[], disk: FileWriter, durable: boolean): void {
  let beside: string | undefined;
  try {
    const target = outputTarget(path);
    beside = besideOf(target);
    const descriptor = openSync(beside, 'w');
    try {
      for (const part of parts) writeAll(descriptor, part, disk);
      if (durable) fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(beside, target);
    if (durable) syncFolder(dirname(target));
  } catch (cause) {
    if (beside !== undefined) rmSync(beside, { force: true });
    throw new WriteError(path, sizeOf(parts), { cause });
  }
}

/** Where a file is written before it is moved to its place. */
function besideOf(target: string): string {
  return `${target}.${process.pid}.tmp`;
}

/** A file that is written in pieces, and stands in its place once it is whole. */
export class FileInPieces {
  readonly #target: string;
  readonly #beside: string;
  readonly #descriptor: number;
  #bytes = 0;

  /** @throws WriteError */
  constructor(
    readonly path: string,
    readonly disk: FileWriter = DISK,
  ) {
    try {
      this.#target = outputTarget(path);
      this.#beside = besideOf(this.#target);
      this.#descriptor = openSync(this.#beside, 'w');
    } catch (cause) {
      throw new WriteError(path, 0, { cause });
    }
  }

  /** @throws WriteError - and nothing is left of the file */
  add(text: string): void {
    const bytes = Buffer.from(text);
    this.#bytes += bytes.length;
    try {
      writeAll(this.#descriptor, bytes, this.disk);
    } catch (cause) {
      this.discard();
      throw new WriteError(this.path, this.#bytes, { cause });
    }
  }

  /** Puts the file in its place. */
  finish(): void {
    closeSync(this.#descriptor);
    renameSync(this.#beside, this.#target);
  }

  /** Leaves what stood in its place. */
  discard(): void {
    closeSync(this.#descriptor);
    rmSync(this.#beside, { force: true });
  }
}

/**
 * Adds a line to a file, or leaves the file as it was.
 *
 * @param end - bytes of the file that are kept; what follows them is replaced
 * @returns bytes of the file with the line
 * @throws WriteError
 */
export function appendLine(path: string, line: string, end: number, disk: FileWriter = DISK): number {
  const bytes = Buffer.from(`${line}\n`);
  try {
    const descriptor = openSync(path, 'a');
    try {
      ftruncateSync(descriptor, end);
      try {
        writeAll(descriptor, bytes, disk);
        fsyncSync(descriptor);
      } catch (error) {
        ftruncateSync(descriptor, end);
        throw error;
      }
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw new WriteError(path, bytes.length, { cause });
  }
  return end + bytes.length;
}

/**
 * Removes what {@link writeWhole} left in a folder when its process was killed.
 *
 * @param own - names of files that no other process writes by now
 */
export function removeLeftovers(folder: string, own: readonly string[]): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const [, file, id] = /^(.+)\.(\d+)\.(?:tmp|stale)$/.exec(name) ?? [];
    if (file === undefined || Number(id) === process.pid) continue;
    if (own.includes(file) || !isRunning(Number(id))) rmSync(join(folder, basename(name)), { force: true });
  }
}

function partsOf(content: FileContent): readonly Uint8Array[] {
  if (typeof content === 'string') return [Buffer.from(content)];
  return content instanceof Uint8Array ? [content] : content;
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

function writeAll(descriptor: number, bytes: Uint8Array, disk: FileWriter): void {
  for (let done = 0; done < bytes.byteLength; ) done += disk.write(descriptor, bytes, done);
}

/** A file that was moved is only safe from a power failure once its folder is on the disk too. */
function syncFolder(folder: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(folder, 'r');
    fsyncSync(descriptor);
  } catch (error) {
    // some systems do not let folders be opened or synced; the file itself is on the disk
    const { code } = error as NodeJS.ErrnoException;
    if (!['EISDIR', 'EPERM', 'EINVAL', 'EACCES', 'ENOTSUP', 'EBADF'].includes(code ?? '')) throw error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
