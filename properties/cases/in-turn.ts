/**
 * Cases that are taken from a list in a fixed turn among the usual ones, so that a run has each of them for certain.
 *
 * @module
 */
import fc from 'fast-check';
import { numbered, planned } from './planned.js';

/**
 * Draws from one arbitrary, but in every so many cases from the next of a list, until each had its turn. A case that is
 * not {@link numbered} is, but for one in hundreds of thousands, a usual one.
 *
 * @param every - an integer ≥ 1
 */
export function inTurn<T>(
  usual: fc.Arbitrary<T>,
  others: readonly fc.Arbitrary<T>[],
  every: number,
): fc.Arbitrary<T> {
  // a place between two others is none
  return planned(({ index }) => others[(index + 1) / every - 1] ?? usual);
}

/** What a run of a property draws, without running it. */
export function sampleNumbered<T>(
  arbitrary: fc.Arbitrary<T>,
  how: { readonly seed: number; readonly numRuns: number; readonly path?: string },
): T[] {
  return fc.sample(numbered(arbitrary, how.seed, Number.parseInt(how.path ?? '0', 10)), how);
}
