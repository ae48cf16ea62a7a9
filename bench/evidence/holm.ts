/**
 * Several tests at once: Holm's correction.
 *
 * @module
 */

/** A test of a family, after the correction. */
export interface CorrectedTest {
  /** The corrected p: the family's chance of one false finding or more, if this one is called a finding. */
  readonly p: number;
  /** The confidence that the interval of this test needs, so that it excludes 0 as the corrected p is below 5 %. */
  readonly confidence: number;
}

/** The chance of one false finding or more that a page allows itself. */
export const ALLOWED = 0.05;

/**
 * Holm's step-down correction (*A simple sequentially rejective multiple test procedure*, Scandinavian Journal of
 * Statistics 1979): the smallest of m p values is multiplied by m, the next by m − 1, and none is below the one
 * before it. It holds for tests that depend on each other, as those of one page do.
 *
 * @param given - p values, in any order
 * @returns in the same order
 * @example
 * ```ts
 * holm([0.04, 0.01, 0.02]).map(({ p }) => p.toFixed(2)); // → ['0.04', '0.03', '0.04']
 * ```
 */
export function holm(given: readonly number[]): CorrectedTest[] {
  const order = given.map((_, at) => at).sort((a, b) => (given[a] as number) - (given[b] as number));
  const corrected: CorrectedTest[] = [];
  let least = 0;
  let open = false; // whether a test before this one was no finding, which ends the procedure
  let confidence = 0;
  for (const [rank, at] of order.entries()) {
    const left = given.length - rank;
    least = Math.min(1, Math.max(least, left * (given[at] as number)));
    if (!open) confidence = 1 - ALLOWED / left;
    open ||= least >= ALLOWED;
    corrected[at] = { p: least, confidence };
  }
  return corrected;
}
