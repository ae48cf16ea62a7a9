/**
 * Texts without places of this machine: a report or a certificate is shown to others.
 *
 * @module
 */
import { homedir } from 'node:os';
import { posix, sep, win32 } from 'node:path';

/** A path of at least two steps from the root, with or without `file://`; a word before it makes it another thing. */
const ABSOLUTE =
  /(?<![\w./\\~-])(?:file:\/\/)?(?:(?:\/[^\s'"`()<>:,;/]+){2,}|[A-Za-z]:[\\/][^\s'"`()<>:,;]+)/g;

/**
 * A path as others may see it: relative to the working directory if that names no user, else only its name.
 *
 * @param cwd - default: the working directory
 * @param home - the folder of the user, whose name is its own. Default: that of the system
 */
export function shownPath(path: string, cwd: string = process.cwd(), home: string = homedir()): string {
  // a report may have been written on another system
  const {
    basename,
    isAbsolute,
    parse,
    relative,
    resolve,
    sep: separator,
  } = /^[A-Za-z]:[\\/]/.test(path) ? win32 : posix;
  if (!isAbsolute(path)) return path;
  const way = relative(cwd, path);
  if (way === '' || isAbsolute(way)) return basename(path);
  const steps = way.split(separator);
  const common = resolve(cwd, ...steps.filter((step) => step === '..'));
  // from a folder above that of the user, the way would lead through its name
  const isAboveHome =
    home !== common && home.startsWith(common.endsWith(separator) ? common : common + separator);
  return common === parse(common).root || isAboveHome ? basename(path) : steps.join('/');
}

/**
 * The same data, in which no text has an absolute path.
 *
 * @param cwd - default: the working directory
 * @param home - the folder of the user. Default: that of the system
 */
export function withoutPlaces<T>(value: T, cwd: string = process.cwd(), home: string = homedir()): T {
  if (typeof value === 'string') return textWithoutPlaces(value, cwd, home) as T;
  if (Array.isArray(value)) return value.map((entry) => withoutPlaces(entry, cwd, home)) as T;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const entries = Object.entries(value).map(([key, entry]) => [key, withoutPlaces(entry, cwd, home)]);
  return Object.fromEntries(entries) as T;
}

function textWithoutPlaces(text: string, cwd: string, home: string): string {
  // the working directory first: its name may have spaces, at which the pattern would end
  return text
    .replaceAll(`file://${cwd}${sep}`, '')
    .replaceAll(`${cwd}${sep}`, '')
    .replaceAll(ABSOLUTE, (path) => shownPath(path.replace(/^file:\/\//, ''), cwd, home));
}
