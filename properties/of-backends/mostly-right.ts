/**
 * Agreement on batches as a trained net scores them: members high on their own class, so that some
 * hinges of an anchor are active and others are not. Among scores drawn alike for all, the hardest
 * positives lie so low and the hardest negatives so high that nearly all are.
 *
 * @module
 */
import ndarray from 'ndarray';
import type { Batch } from '../../spec/index.js';
import { type Case, cases } from '../cases/arbitraries.js';
import type { Property } from '../property.js';
import { roundoff } from '../tolerance/index.js';
import { checkGradient, checkParts, expectedOf } from './agreement.js';

/** Properties of batches that are mostly classified right. */
export const mostlyRight: readonly Property[] = [
  {
    id: 'balanced-agrees-when-mostly-right',
    stage: 'balancedLoss',
    source: 'Eq. 9, 13, 16; rulings: hinge, kinks',
    claim: 'On batches that are mostly classified right, L and its derivative are the specification’s.',
    required: true,
    classLevel: true,
    cases: (supports) => cases(supports, { classLevel: true }).map(classifiedRight),
    async check({ backend }, given) {
      const u = roundoff(backend.supports);
      const known = expectedOf(given, u);
      const got = await backend.balancedLoss(given.batch, given.options);
      checkParts(given, got, u, known);
      if (backend.supports.gradient) checkGradient(given, got.gradient, got.featureGradient, u, known);
    },
  },
];

/** The same batch, each sample's score on its own classes moved into the upper half. */
function classifiedRight(given: Case): Case {
  const { batch } = given;
  const scores = ndarray(Float64Array.from(batch.scores.data), [batch.size, batch.scoreWidth]);
  for (let i = 0; i < batch.size; i++) {
    for (let s = 0; s < batch.scoreWidth; s++) {
      // float32, as every backend can hold it
      scores.set(i, s, Math.fround((batch.scores.get(i, s) + presence(batch, i, s)) / 2));
    }
  }
  return { ...given, batch: { ...batch, scores } };
}

/** 1 if the sample is of the class that a score stands for, else 0. */
function presence(batch: Batch, sample: number, score: number): number {
  return batch.membership.get(sample, batch.presence[score] as number);
}
