/**
 * Agreement on batches as a trained net scores them: samples score high on their own class, so that some
 * hinges of an anchor are active and others are not. Where the scores of all samples are drawn alike, the
 * hardest positives score so low and the hardest negatives so high that nearly all hinges are active.
 *
 * @module
 */
import ndarray from 'ndarray';
import type { Batch } from '../../spec/index.js';
import { type Case, cases } from '../cases/arbitraries.js';
import type { Property } from '../property.js';
import { checkBalanced } from './agreement-checks.js';

/** Properties of batches that are mostly classified right. */
export const mostlyRight: readonly Property[] = [
  {
    id: 'balanced-agrees-when-mostly-right',
    stage: 'balancedLoss',
    source: 'Eq. 9, 13, 16; rulings: hinge, kinks',
    claim:
      'On batches that are mostly classified right, L, its parts, its counts and its gradient agree with the specification.',
    required: true,
    search: true,
    classLevel: true,
    cases: (supports) => cases(supports, { classLevel: true }).map(classifiedRight),
    check: checkBalanced,
  },
];

/** The same batch, with each sample's score on its own classes moved into the upper half. */
function classifiedRight(given: Case): Case {
  const { batch } = given;
  const scores = ndarray(Float64Array.from(batch.scores.data), [batch.size, batch.scoreWidth]);
  for (let i = 0; i < batch.size; i++) {
    for (let s = 0; s < batch.scoreWidth; s++) {
      // rounded to float32, which every backend can hold
      scores.set(i, s, Math.fround((batch.scores.get(i, s) + presence(batch, i, s)) / 2));
    }
  }
  return { ...given, batch: { ...batch, scores } };
}

/** 1 if the sample is of the class that a score stands for, else 0. */
function presence(batch: Batch, sample: number, score: number): number {
  return batch.membership.get(sample, batch.presence[score] as number);
}
