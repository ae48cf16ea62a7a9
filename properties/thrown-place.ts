/**
 * Where an error was thrown: the first line of its stack that is the backend's own.
 *
 * @module
 */

/** A line of a stack that is neither of this package, nor of another one, nor of Node. */
const FOREIGN = /^(?!.*(?:node_modules|node:|native)).*?\(?((?:file:\/\/|\/|[A-Z]:\\)[^()]*:\d+):\d+\)?$/;
/** Where this package lies: its own files throw for others. */
const OWN = import.meta.url.replace(/\/properties\/[^/]*$/, '/');

/**
 * Where an error was thrown, as ` (at my-kernel.ts:12)`; nothing if its stack does not say so.
 *
 * @example
 * ```ts
 * import { thrownPlace } from 'class-rectification/verify';
 * thrownPlace('a text'); // → ''
 * ```
 */
export function thrownPlace(thrown: unknown): string {
  const { name, stack } = readable(thrown);
  if (typeof stack !== 'string') return '';
  if (name === 'Disagreement' || name === 'UnansweredError') return '';
  const places = stack.split('\n').map((line) => FOREIGN.exec(line.trim())?.[1]);
  const place = places.find((at) => at !== undefined && !fileUrl(at).startsWith(OWN));
  return place === undefined ? '' : ` (at ${shortened(place.replace(/^file:\/\//, ''))})`;
}

/** What is known of an error; nothing of one whose getters throw, or of what is no error. */
function readable(thrown: unknown): { readonly name?: unknown; readonly stack?: unknown } {
  try {
    if (!(thrown instanceof Error)) return {};
    const { name, stack } = thrown;
    return { name, stack };
  } catch {
    return {};
  }
}

/** Relative to the working directory, where there is one. */
function shortened(place: string): string {
  const { process } = globalThis as { process?: { cwd?: () => string } };
  const folder = process?.cwd?.();
  return folder !== undefined && place.startsWith(`${folder}/`) ? place.slice(folder.length + 1) : place;
}

function fileUrl(place: string): string {
  return place.startsWith('file://') ? place : `file://${place}`;
}
