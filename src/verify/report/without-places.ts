/**
 * Texts without places of this machine: a report or a certificate is shown to others.
 *
 * @module
 */
import { posix, sep, win32 } from 'node:path';

/** A path of at least two steps from the root, with or without `file://`; a word before it makes it another thing. */
const ABSOLUTE =
  /(?<![\w.:/\\~-])(?:file:\/\/)?(?:(?:\/[^\s'"`()<>:,;/]+){2,}|[A-Za-z]:[\\/][^\s'"`()<>:,;]+)/g;

/**
 * A path as others may see it: relative to the working directory if it lies inside, else only its name.
 *
 * @param cwd - default: the working directory
 */
export function shownPath(path: string, cwd: string = process.cwd()): string {
  // a report may have been written on another system
  const { basename, isAbsolute, relative } = /^[A-Za-z]:[\\/]/.test(path) ? win32 : posix;
  if (!isAbsolute(path)) return path;
  const inside = relative(cwd, path);
  const isInside = inside !== '' && !inside.startsWith('..') && !isAbsolute(inside);
  return isInside ? inside.replaceAll('\\', '/') : basename(path);
}

/**
 * The same data, in which no text has an absolute path.
 *
 * @param cwd - default: the working directory
 */
export function withoutPlaces<T>(value: T, cwd: string = process.cwd()): T {
  if (typeof value === 'string') return textWithoutPlaces(value, cwd) as T;
  if (Array.isArray(value)) return value.map((entry) => withoutPlaces(entry, cwd)) as T;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const entries = Object.entries(value).map(([key, entry]) => [key, withoutPlaces(entry, cwd)]);
  return Object.fromEntries(entries) as T;
}

function textWithoutPlaces(text: string, cwd: string): string {
  // the working directory first: its name may have spaces, at which the pattern would end
  return text
    .replaceAll(`file://${cwd}${sep}`, '')
    .replaceAll(`${cwd}${sep}`, '')
    .replaceAll(ABSOLUTE, (path) => shownPath(path.replace(/^file:\/\//, ''), cwd));
}
