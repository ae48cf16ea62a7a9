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
    // what was expected is told in words where it is a string, such as `1.25 ± 5.3e-15`
    super(
      `${what}: expected ${typeof expected === 'string' ? expected : print(expected)}, got ${print(got)}`,
    );
  }
}

/** A value on one line: arrays as lists, NaN and infinities by name, and bigints as they are written. */
export function print(value: unknown): string {
  return (
    JSON.stringify(value, (_, x) => {
      if (ArrayBuffer.isView(x)) return Array.from(x as unknown as ArrayLike<number>);
      if (typeof x === 'bigint') return `${x}n`; // which JSON refuses
      return typeof x === 'number' && !Number.isFinite(x) ? String(x) : x;
    }) ?? 'undefined'
  );
}
