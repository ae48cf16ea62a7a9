/**
 * Compares the gradient with central finite differences of the specification's loss, in float64, with
 * the mined samples held constant.
 *
 * @module
 */

import ndarray, { type NdArray } from 'ndarray';
import type { Batch } from '../../spec/index.js';
import { compare } from '../../spec/rectification.js';
import { cases } from '../cases/arbitraries.js';
import { kinkBetween } from '../kinks.js';
import { demandNear, demandSame, needsGradient, type Property } from '../property.js';
import { differenceAllowance, lossAllowance, roundoff, STEP } from '../tolerance/index.js';
import { entries, specWalk, stageOf } from '../walk.js';

/** The properties of the gradient. */
export const gradient: readonly Property[] = [
  {
    id: 'gradient-finite-differences',
    stage: 'rectificationLoss',
    source: 'rulings: gradient, kinks',
    claim:
      'Away from kinks, the gradient of L_crl agrees with its central finite differences, the mined samples being held constant.',
    required: true,
    inapplicable: needsGradient,
    cases: (supports) => cases(supports, { samples: 10, blockEdges: false, coarse: true }),
    async check({ backend }, given) {
      const walk = specWalk(given);
      const { batch, options, hard, triplets } = walk;
      const got = entries(
        (await stageOf(backend, 'rectificationLoss')(batch, hard, triplets, options)).gradient,
      );
      const allowed = lossAllowance(walk, roundoff(backend.supports)).gradient;
      demandSame('number of entries of the gradient', got.length, allowed.length);
      const lossOf = (moved: Batch) => compare(moved, hard, triplets, options).loss;
      got.forEach((slope, at) => {
        const above = nudge(batch, options.level, at, STEP);
        const below = nudge(batch, options.level, at, -STEP);
        if (kinkBetween(walk, [below, batch, above])) return;
        const central = (lossOf(above) - lossOf(below)) / (2 * STEP);
        const allowance = differenceAllowance(walk, allowed[at] as number);
        demandNear(`gradient, entry ${at}`, slope, central, allowance);
      });
    },
  },
];

/** The batch with one number moved: a score, or at instance level a feature. */
export function nudge(batch: Batch, level: 'class' | 'instance', at: number, step: number): Batch {
  if (level === 'class' || batch.features === undefined)
    return { ...batch, scores: moved(batch.scores, at, step) };
  const length = batch.features.width * batch.size;
  const matrices = batch.features.matrices.map((matrix, j) => {
    return Math.floor(at / length) === j ? moved(matrix, at % length, step) : matrix;
  });
  return { ...batch, features: { ...batch.features, matrices } };
}

function moved(matrix: NdArray<Float64Array>, at: number, step: number): NdArray<Float64Array> {
  const data = Float64Array.from(entries(matrix));
  data[at] = (data[at] as number) + step;
  return ndarray(data, matrix.shape);
}
