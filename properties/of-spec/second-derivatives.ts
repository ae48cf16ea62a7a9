/**
 * Definitions of the second derivatives of L_crl, which no stage computes: they are differences of the closed-form
 * gradient, the mined samples being held constant.
 *
 * @module
 */
import fc from 'fast-check';
import ndarray, { type NdArray } from 'ndarray';
import { type Batch, rectificationLoss } from '../../spec/index.js';
import { cases } from '../cases/arbitraries.js';
import { kinkBetween } from '../kinks.js';
import { nudge } from '../of-backends/gradient.js';
import { STEP, secondDerivativeAllowance } from '../tolerance/index.js';
import { entries, specWalk } from '../walk.js';
import { type Definition, define, EVERYTHING } from './definition.js';

/** How far numbers are moved off the lattice, where ties would put many cases on a kink. */
const OFF_LATTICE = 2 ** -3;

/** All definitions of second derivatives. */
export const secondDerivatives: readonly Definition[] = [
  define(
    'second-derivatives-agree',
    'rulings: gradient, kinks',
    fc.tuple(
      cases(EVERYTHING, { samples: 8, blockEdges: false, coarse: true }),
      fc.array(fc.nat(), { minLength: 2, maxLength: 5 }),
    ),
    ([given, chosen]) => {
      const { level, comparison } = given.options;
      const batch = offLattice(given.batch);
      const walk = specWalk({ ...given, batch });
      const { hard, triplets, options } = walk;
      const gradient = (moved: Batch) => entries(rectificationLoss(moved, hard, triplets, options).gradient);
      const here = gradient(batch);
      const sloping = [...here.keys()].filter((at) => here[at] !== 0);
      const places = [...new Set(chosen.map((n) => sloping[n % sloping.length] ?? 0))];
      /** The differences of all entries of the gradient, unless there is a kink within the step. */
      const rows = places.flatMap((at) => {
        const [above, below] = [STEP, -STEP].map((step) => nudge(batch, level, at, step)) as [Batch, Batch];
        if (kinkBetween(walk, [below, batch, above])) return [];
        const [up, down] = [gradient(above), gradient(below)];
        return [{ at, row: up.map((slope, i) => (slope - (down[i] as number)) / (2 * STEP)) }];
      });
      const isLinear = level === 'class' && comparison === 'relative';
      return rows.every(({ at, row }) => {
        if (isLinear) return row.every((second) => second === 0);
        return rows.every(({ at: other, row: mirrored }) => {
          const [one, two] = [row[other] as number, mirrored[at] as number];
          return Math.abs(one - two) <= secondDerivativeAllowance(one);
        });
      });
    },
  ),
];

/** The same batch in general position: every score and feature is moved by another amount. */
function offLattice(batch: Batch): Batch {
  const { scores, features } = batch;
  return {
    ...batch,
    scores: apart(scores),
    ...(features ? { features: { ...features, matrices: features.matrices.map(apart) } } : {}),
  };
}

function apart(matrix: NdArray<Float64Array>): NdArray<Float64Array> {
  const fraction = (at: number) => (at * 0.6180339887498949) % 1; // of the golden ratio: no two are close
  return ndarray(
    Float64Array.from(entries(matrix), (x, at) => x + OFF_LATTICE * fraction(at + 1)),
    matrix.shape,
  );
}
