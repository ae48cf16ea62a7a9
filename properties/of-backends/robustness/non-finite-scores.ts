/**
 * Scores that are NaN or infinite must not go unnoticed in training.
 *
 * A batch is checked before a backend sees it (property `batch-refused`). The tensors of a training step are
 * not, since that would read them back from the device.
 *
 * @module
 */
import type { Batch } from '../../../spec/index.js';
import { cases } from '../../cases/arbitraries.js';
import type { CaseCapabilities } from '../../cases/case-capabilities.js';
import { withScores } from '../../cases/changed-numbers.js';
import { needsTraining, type Property, type Subject } from '../../property.js';
import { demandSurfaces } from './surfaces-in-training.js';

/** The properties of scores that are not finite. */
export const nonFiniteScores: readonly Property[] = [
  surfaces(false, [Number.NaN]), // −∞ is below the floor of the logarithm, which may hide it
  surfaces(true, [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]),
];

function surfaces(fromLogits: boolean, values: readonly number[]): Property {
  const what = fromLogits ? 'logit' : 'probability';
  const badValue = (shuffle: number) => values[shuffle % values.length] as number;
  return {
    id: `non-finite-${what}-surfaces`,
    stage: 'balancedLoss',
    source: 'ruling: probabilities',
    claim: `In training, a ${what} that is NaN or infinite is refused by its place, or makes L NaN or infinite.`,
    required: true,
    classLevel: true,
    inapplicable: needsTraining,
    cases: (supports: CaseCapabilities) =>
      cases(supports, { fromLogits, classLevel: true, samples: 8, blockEdges: false }),
    ways(_, { batch, shuffle }) {
      if (aLabelledScore(batch, shuffle) === undefined) return [];
      return [Number.isNaN(badValue(shuffle)) ? 'step-nan-score' : 'step-infinite-logit'];
    },
    async check(subject: Subject, { batch, options, shuffle }) {
      const place = aLabelledScore(batch, shuffle);
      if (place === undefined) return;
      const bad = badValue(shuffle);
      const broken = {
        batch: withScores(batch, (x, row, column) =>
          row === place.row && column === place.column ? bad : x,
        ),
        options,
      };
      await demandSurfaces(subject, broken, [`scores[${place.row}][${place.column}]`], bad);
    },
  };
}

interface Place {
  readonly row: number;
  readonly column: number;
}

/** The score of a class that a sample is labelled with: the cross entropy must read it. */
function aLabelledScore(batch: Batch, lot: number): Place | undefined {
  const places: Place[] = [];
  for (let row = 0; row < batch.size; row++) {
    batch.columns.forEach(({ score: column }, c) => {
      if (batch.membership.get(row, c) === 1) places.push({ row, column });
    });
  }
  return places[lot % (places.length || 1)];
}
