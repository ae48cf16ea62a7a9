/**
 * What of a backend its cases depend on.
 *
 * @module
 */
import type { Capabilities, Comparison, Encoding, Level } from '../../spec/index.js';

/** Two backends that agree in these are given the same cases by the same seed. */
export type CaseCapabilities = Pick<
  Capabilities,
  'encodings' | 'levels' | 'comparisons' | 'anchors' | 'precision'
>;

/** What cases are limited to: one encoding, one level, some comparisons. */
export interface Within {
  readonly encoding?: Encoding;
  readonly level?: Level;
  readonly comparisons?: readonly Comparison[];
}

/** The capabilities limited to an encoding, a level or some comparisons, as far as the backend supports them. */
export function narrowed(
  supports: CaseCapabilities,
  { encoding, level, comparisons }: Within,
): CaseCapabilities {
  const among = <T>(all: readonly T[], some: readonly T[] = all) => {
    const both = all.filter((one) => some.includes(one));
    return both.length > 0 ? both : all;
  };
  return {
    ...supports,
    encodings: among(supports.encodings, encoding && [encoding]),
    levels: among(supports.levels, level && [level]),
    comparisons: among(supports.comparisons, comparisons),
  };
}
