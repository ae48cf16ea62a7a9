/**
 * Backends that make wrong probabilities of logits (ruling: probabilities).
 *
 * @module
 */
import ndarray from 'ndarray';
import { balanceWalk } from '../../spec/balance.js';
import {
  type BalancedLoss,
  type BalancedOptions,
  type Batch,
  formTriplets,
  mineHardSamples,
  rectificationLoss,
  selectMinority,
  toProbabilities,
} from '../../spec/index.js';
import { type WrongBackend, wrapped } from './wrong-backend.js';

/** Wrong backends of probabilities. */
export const rawLogits: readonly WrongBackend[] = [
  fromLogits(
    'sigmoid-of-one-class',
    'an attribute of one class has the sigmoid of its logit as probability, where the softmax is 1',
    'balanced-logits-agree',
    (batch, options, { scores, ...probable }) => {
      const own = ndarray(
        Float64Array.from(scores.data),
        [...scores.shape],
        [...scores.stride],
        scores.offset,
      );
      for (const { columns } of batch.attributes)
        for (let i = 0; columns.length === 1 && i < batch.size; i++) {
          const column = columns[0] as number;
          own.set(i, column, 1 / (1 + Math.exp(-batch.scores.get(i, column))));
        }
      return walkedFrom(batch, options, { ...probable, scores: own });
    },
  ),
];

/** A backend that is right for probabilities, and computes the loss of logits in its own way. */
function fromLogits(
  id: string,
  error: string,
  caughtBy: string,
  lossOf: (batch: Batch, options: BalancedOptions, probable: Batch) => BalancedLoss,
): WrongBackend {
  return wrapped(id, error, caughtBy, (right) => ({
    balancedLoss: (batch, options) =>
      batch.fromLogits ? lossOf(batch, options, toProbabilities(batch)) : right.balancedLoss(batch, options),
  }));
}

/**
 * All stages of probabilities that a backend made itself.
 *
 * @param ranked - what it mines by instead. Default: the probabilities
 */
export function walkedFrom(
  batch: Batch,
  options: BalancedOptions,
  probable: Batch,
  ranked = probable,
): BalancedLoss {
  const selection = selectMinority(batch, options);
  const hard = mineHardSamples(ranked, selection, options);
  const triplets = formTriplets(hard);
  const rectification = rectificationLoss(probable, hard, triplets, options);
  return balanceWalk(batch, probable, { selection, hard, triplets, rectification }, options);
}
