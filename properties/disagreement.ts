/**
 * What a property throws where a backend gives another result than it must.
 *
 * @module
 */

/** Thrown where a claim does not hold for a case. */
export class Disagreement extends Error {
  override readonly name = 'Disagreement';
  constructor(
    readonly what: string,
    readonly expected: unknown,
    readonly got: unknown,
  ) {
    super(`${what}: expected ${print(expected)}, got ${print(got)}`);
  }
}

/** A value on one line: arrays as lists, and NaN and infinities by name. */
export function print(value: unknown): string {
  return (
    JSON.stringify(value, (_, x) => {
      if (ArrayBuffer.isView(x)) return Array.from(x as unknown as ArrayLike<number>);
      return typeof x === 'number' && !Number.isFinite(x) ? String(x) : x;
    }) ?? 'undefined'
  );
}
