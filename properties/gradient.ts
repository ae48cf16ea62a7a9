/**
 * The gradient against central finite differences of the specification's loss, in float64, with the
 * selection held constant.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import type { Batch } from '../spec/index.js';
import { compare } from '../spec/index.js';
import { cases } from './arbitraries.js';
import { demandNear, needsGradient, type Property } from './property.js';
import { lossAllowance, roundoff } from './tolerance.js';
import { entries, specWalk, stageOf } from './walk.js';

const STEP = 2 ** -20;
/** A difference of two losses, each right to a few 2^-53 of its size, over the step. */
const DIFFERENCE_ERROR = 2 ** -28;
/** What curvature (at most about 4: distances on the lattice are 1 or more) adds over two steps. */
const CURVATURE = 8 * STEP;

/** The properties of the gradient. */
export const gradient: readonly Property[] = [
  {
    id: 'gradient-finite-differences',
    stage: 'rectificationLoss',
    source: 'rulings: gradient, kinks',
    claim: 'Away from kinks, the derivative of L_crl is its central difference, the selection constant.',
    required: true,
    inapplicable: needsGradient,
    cases: (supports) => cases(supports, { samples: 10, blockEdges: false }),
    async check({ backend }, given) {
      const walk = specWalk(given);
      const { batch, options, hard, triplets } = walk;
      const got = entries(
        (await stageOf(backend, 'rectificationLoss')(batch, hard, triplets, options)).gradient,
      );
      const allowed = lossAllowance(walk, roundoff(backend.supports)).gradient;
      const loss = (moved: Batch) => compare(moved, hard, triplets, options).loss;
      const here = loss(batch);
      const size = DIFFERENCE_ERROR * (1 + here);
      got.forEach((slope, at) => {
        const up = (loss(nudge(batch, options.level, at, STEP)) - here) / STEP;
        const down = (here - loss(nudge(batch, options.level, at, -STEP))) / STEP;
        const jump = Math.abs(up - down);
        if (jump > CURVATURE + 2 * size) return; // a kink within the step
        demandNear(`gradient, entry ${at}`, slope, (up + down) / 2, (allowed[at] as number) + size + jump);
      });
    },
  },
];

/** The batch with one number moved: a score, or at instance level a feature. */
function nudge(batch: Batch, level: 'class' | 'instance', at: number, step: number): Batch {
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
