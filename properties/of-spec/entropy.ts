/**
 * Definitions of the cross entropy and its gradient, which no backend computes alone: compared with Eq. 2
 * as it is printed, and with finite differences.
 *
 * @module
 */
import fc from 'fast-check';
import ndarray from 'ndarray';
import { type Batch, crossEntropy, crossEntropyGradient } from '../../spec/index.js';
import { cases } from '../cases/arbitraries.js';
import { entropyDefinitionError, entropyDifferenceAllowance, STEP } from '../tolerance/index.js';
import { entries } from '../walk.js';
import { type Definition, define, EVERYTHING } from './definition.js';

/** All definitions of the cross entropy. */
export const entropy: readonly Definition[] = [
  define(
    'cross-entropy-defined',
    'ruling: cross entropy',
    fc
      .boolean()
      .chain((fromLogits) =>
        cases(EVERYTHING, { fromLogits, classLevel: true, samples: 8, blockEdges: false }),
      ),
    ({ batch }) => {
      const { scores, fromLogits, size } = batch;
      const near = (a: number, b: number) => Math.abs(a - b) <= entropyDefinitionError(b);
      const moved = (step: (i: number, s: number) => number): Batch => {
        const data = entries(scores).map(
          (x, at) => x + step(Math.floor(at / batch.scoreWidth), at % batch.scoreWidth),
        );
        return { ...batch, scores: ndarray(Float64Array.from(data), scores.shape) };
      };
      const found = crossEntropy(batch);
      if (!near(found, plainCrossEntropy(batch))) return false;
      // adding the same number to all logits of an attribute changes nothing, however large it is
      if (fromLogits && batch.encoding === 'categorical') {
        return [1000, -1000].every((all) => {
          const far = moved(() => all);
          const slopes = entries(crossEntropyGradient(far));
          return (
            near(crossEntropy(far), found) &&
            entries(crossEntropyGradient(batch)).every((slope, at) => near(slopes[at] as number, slope))
          );
        });
      }
      if (!fromLogits) return true;
      // a sigmoid of ±1000 is certain: its cross entropy is 0 or 1000
      return [1000, -1000].every((all) => {
        const certain = crossEntropy({
          ...batch,
          scores: ndarray(new Float64Array(scores.data.length).fill(all), scores.shape),
        });
        const against = binaryTargets(batch).filter((y) => (y === 1) !== all > 0).length;
        return near(certain, (1000 * against) / size);
      });
    },
  ),
  define(
    'cross-entropy-differences',
    'ruling: gradient',
    fc
      .boolean()
      .chain((fromLogits) =>
        cases(EVERYTHING, { fromLogits, classLevel: true, samples: 6, blockEdges: false }),
      ),
    ({ batch }) => {
      const { scores, fromLogits, scoreWidth: width } = batch;
      const moved = (at: number, by: number) => {
        const data = Float64Array.from(entries(scores));
        data[at] = (data[at] as number) + by;
        return crossEntropy({ ...batch, scores: ndarray(data, scores.shape) });
      };
      const slopes = crossEntropyGradient(batch);
      const size = crossEntropy(batch);
      return entries(scores).every((x, at) => {
        if (!fromLogits && Math.min(x, 1 - x) < 2 ** -5) return true; // too steep, or a kink, which the vectors test
        const slope = slopes.get(Math.floor(at / width), at % width);
        const central = (moved(at, STEP) - moved(at, -STEP)) / (2 * STEP);
        return Math.abs(central - slope) <= entropyDifferenceAllowance(slope, size);
      });
    },
  ),
];

/** y of every labelled score, by sample, where each score is of one label. */
function binaryTargets(batch: Batch): number[] {
  return binaryScores(batch).map(([y]) => y);
}

function binaryScores({ columns, membership, labelled, scores, size }: Batch): [y: number, score: number][] {
  const own = columns.flatMap(({ attribute, score, sign }, c) =>
    sign === 1 ? [{ attribute, score, c }] : [],
  );
  return Array.from({ length: size }, (_, i) =>
    own
      .filter(({ attribute }) => labelled.get(i, attribute) === 1)
      .map(({ score, c }): [number, number] => [membership.get(i, c), scores.get(i, score)]),
  ).flat();
}

/** L_ce as Eq. 2 prints it. */
function plainCrossEntropy(batch: Batch): number {
  const { attributes, membership, scores, fromLogits, size } = batch;
  const log = (p: number) => Math.log(fromLogits ? p : Math.max(p, 1e-7));
  if (batch.encoding !== 'categorical') {
    const terms = binaryScores(batch).map(([y, score]) => {
      if (!fromLogits) return -log(y === 1 ? score : 1 - score);
      return logOfSum([0, y === 1 ? -score : score]); // −log σ(z), and −log σ(−z)
    });
    return terms.reduce((a, b) => a + b, 0) / size;
  }
  let sum = 0;
  for (let i = 0; i < size; i++) {
    for (const { columns } of attributes) {
      const own = columns.find((c) => membership.get(i, c) === 1);
      if (own === undefined) continue;
      const score = (c: number) => scores.get(i, c);
      if (!fromLogits) sum -= log(score(own));
      else sum += logOfSum(columns.map((c) => score(c) - score(own)));
    }
  }
  return sum / size;
}

/** log Σ eˣ, computed so that no exponential overflows. */
function logOfSum(exponents: readonly number[]): number {
  const most = Math.max(...exponents);
  return most + Math.log(exponents.reduce((sum, x) => sum + Math.exp(x - most), 0));
}
