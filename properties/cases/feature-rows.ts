/**
 * The features of a case, made of what is drawn for each sample.
 *
 * @module
 */
import type { CaseOptions } from './case.js';
import { featureNearKinks, oddFeatures } from './oddities.js';

/** Features so far from the origin that float32 cannot hold their squares, but can hold their differences. */
export const FAR = 4096;
/** Above a vector of 4 and one of 8 numbers, the longest that engines work in. */
export const WIDEST = 9;
/** Labels that are drawn from a number this large or larger are mostly of the rarer classes. */
const MOSTLY_RARE = 70;

interface FeatureKind {
  readonly width: number;
  readonly perAttribute: boolean;
  /** Added to every number of the lattice. */
  readonly origin: number;
  /** Factor of every third number of the lattice: small enough, it makes squared distances differ whose roots are equal. */
  readonly step: number;
  /** The width of features that are unusually wide. */
  readonly wide: number;
}

/** n×width, shared by all attributes; or one such matrix per attribute. */
export function featureRows(
  rows: readonly { readonly label: readonly (readonly number[])[]; readonly feature: readonly number[] }[],
  attributes: number,
  { width, perAttribute, origin, step, wide }: FeatureKind,
  { oddities = [], coarse = false }: CaseOptions,
): number[][] | number[][][] {
  const ofDraws = (draws: readonly number[], isRare: boolean): number[] => {
    if (oddities.includes('wide-features')) return oddFeatures(draws, wide, false);
    if (oddities.includes('fine-features')) return oddFeatures(draws, 1, true);
    if (oddities.includes('near-kinks')) return featureNearKinks(draws, isRare, coarse);
    return draws.slice(0, width).map((x, t) => origin + (t % 3 === 1 ? x * step : x));
  };
  const matrix = (j: number) =>
    rows.map(({ label: [first], feature }) =>
      ofDraws(feature.slice(WIDEST * j, WIDEST * (j + 1)), (first?.[0] ?? 0) >= MOSTLY_RARE),
    );
  return perAttribute ? Array.from({ length: attributes }, (_, j) => matrix(j)) : matrix(0);
}
