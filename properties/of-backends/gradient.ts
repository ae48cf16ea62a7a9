/**
 * Compares the gradient with central finite differences of the specification's loss, in float64, with
 * the mined samples held constant.
 *
 * @module
 */

import ndarray, { type NdArray } from 'ndarray';
import type { Batch, Compared, Options } from '../../spec/index.js';
import { compare } from '../../spec/rectification.js';
import { cases } from '../cases/arbitraries.js';
import { demandNear, demandSame, needsGradient, type Property } from '../property.js';
import {
  curvatureAllowance,
  differenceAllowance,
  lossAllowance,
  roundoff,
  STEP,
  smoothSlopeChange,
} from '../tolerance/index.js';
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
      const found = (moved: Batch) => compare(moved, hard, triplets, options);
      const here = found(batch).loss;
      got.forEach((slope, at) => {
        const above = found(nudge(batch, options.level, at, STEP));
        const below = found(nudge(batch, options.level, at, -STEP));
        const [up, down] = [(above.loss - here) / STEP, (here - below.loss) / STEP];
        const jump = Math.abs(up - down);
        // a kink within the step
        if (jump > curvatureAllowance(here) || slopesJump(above, below, options)) return;
        const central = (up + down) / 2; // the curvature's share in one side cancels that in the other
        const allowance = differenceAllowance(allowed[at] as number, central, here);
        demandNear(`gradient, entry ${at}`, slope, central, allowance);
      });
    },
  },
];

/**
 * Whether the slope of a pair changes within the step. Two kinks can cancel in the difference quotient, for
 * example where two pairs lie at the upper end of a histogram and their distances move in opposite directions.
 */
export function slopesJump(above: Compared, below: Compared, options: Options): boolean {
  const slopes = (compared: Compared) => {
    const all: number[] = [];
    compared.visitSlopes((_pair, _side, slope) => all.push(slope));
    return all;
  };
  const smooth = smoothSlopeChange(options);
  const [after, before] = [slopes(above), slopes(below)];
  if (after.length !== before.length) return true;
  return after.some((slope, i) => Math.abs(slope - (before[i] as number)) > smooth);
}

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
