/**
 * The gradient against central finite differences of the specification's loss, in float64, with the
 * selection held constant.
 *
 * @module
 */
import ndarray from 'ndarray';
import type { Batch } from '../spec/index.js';
import { relativeComparison } from '../spec/index.js';
import { cases } from './arbitraries.js';
import { demandNear, type Property, type Subject } from './property.js';
import { lossAllowance, roundoff } from './tolerance.js';
import { specWalk, stageOf } from './walk.js';

const STEP = 2 ** -22;
/** A difference of two losses of about 1, each right to a few 2^-53, over twice the step. */
const DIFFERENCE_ERROR = 2 ** -26;

/** The properties of the gradient. */
export const gradient: readonly Property[] = [
  {
    id: 'gradient-finite-differences',
    stage: 'rectificationLoss',
    source: 'ruling: gradient',
    claim: 'Away from kinks, the derivative of L_crl is its central difference, the selection constant.',
    required: true,
    inapplicable: withoutGradient,
    cases: (supports) => cases(supports, { samples: 10, blockEdges: false }),
    async check({ backend }, given) {
      const { batch, options } = given;
      const { hard, triplets } = specWalk(given);
      const got = await stageOf(backend, 'rectificationLoss')(batch, hard, triplets, options);
      const allowed = lossAllowance(batch, triplets, options, roundoff(backend.supports)).gradient;
      const loss = (moved: Batch) => relativeComparison(moved, triplets, options);
      const here = loss(batch);
      for (let i = 0; i < batch.size; i++) {
        for (let s = 0; s < batch.scoreWidth; s++) {
          const up = (loss(nudge(batch, i, s, STEP)) - here) / STEP;
          const down = (here - loss(nudge(batch, i, s, -STEP))) / STEP;
          // L_crl is piecewise linear: where its two one-sided slopes differ there is a kink
          if (Math.abs(up - down) > 2 * DIFFERENCE_ERROR) continue;
          const slack = (allowed[i * batch.scoreWidth + s] as number) + DIFFERENCE_ERROR;
          demandNear(`gradient[${i}][${s}]`, got.gradient.get(i, s), (up + down) / 2, slack);
        }
      }
    },
  },
];

function withoutGradient({ backend }: Subject): string | undefined {
  return backend.supports.gradient ? undefined : 'the backend declares that it computes no gradient';
}

/** The batch with one score moved. */
function nudge(batch: Batch, i: number, s: number, step: number): Batch {
  const scores = ndarray(Float64Array.from(batch.scores.data), batch.scores.shape);
  scores.set(i, s, scores.get(i, s) + step);
  return { ...batch, scores };
}
