/**
 * Where a file that is to be written lies, and whether its place may be taken.
 *
 * @module
 */
import { lstatSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Something stands where a file is to be written that is no regular file: its place is not taken. */
export class NotAFileError extends Error {
  override readonly name = 'NotAFileError';
  /** @param found - what stands there, in words */
  constructor(readonly found: string) {
    super(`expected a regular file or nothing in its place, got ${found}; name another file`);
  }
}

/**
 * The path that a file is written to. A link is followed, so that it stays and what it points to is replaced.
 *
 * A file is written beside its place and moved there, which would put a regular file in the place of a device or a
 * pipe: these are refused.
 *
 * @throws NotAFileError - if a folder, a device, a pipe or a socket stands there
 */
export function outputTarget(path: string): string {
  const there = entryAt(path);
  const target = there?.isSymbolicLink() ? realPathOf(path) : path;
  const found = there?.isSymbolicLink() ? statSync(target, { throwIfNoEntry: false }) : there;
  if (found !== undefined && !found.isFile()) throw new NotAFileError(kindOf(found));
  return target;
}

/** What stands at a path; nothing also where a file stands in the place of its folder, which writing tells. */
function entryAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** The path of a file without links and detours, also of one that does not exist yet. */
export function realPathOf(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync.native(whole);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(whole) === whole) return whole;
  }
  const place = join(realPathOf(dirname(whole)), basename(whole));
  const isLink = lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  return isLink ? realPathOf(resolve(dirname(place), readlinkSync(place))) : place;
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a pipe';
  if (found.isSocket()) return 'a socket';
  return 'a device';
}
