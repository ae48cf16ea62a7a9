/**
 * Whatever somebody gave or threw, in a few words.
 *
 * @module
 */

/** A value in at most 60 characters. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  const text = typeof value === 'function' ? 'a function' : (jsonOf(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** What was thrown, whatever it is. */
export function whatFailed(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
}

/** JSON of a number would call NaN null, and a cycle or a bigint has none. */
function jsonOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
