/**
 * Backends that are right, and train wrongly.
 *
 * @module
 */
import { type BalancedOptions, type Batch, balancedLoss, toProbabilities } from '../../spec/index.js';
import type { TrainingLoss } from '../property.js';
import { entries } from '../walk.js';
import { wrongBackend } from './compose.js';
import { unlabelledAsFirstClass } from './minority.js';
import type { Mutant } from './mutant.js';

/** Wrong ways of training. */
export const training: readonly Mutant[] = [
  trained(
    'trains-on-cross-entropy',
    'what trains is the cross entropy alone',
    'training-agrees',
    (batch, options) => rightly(batch, { ...options, alpha: 0 }),
  ),
  trained('trains-unlabelled', 'unlabelled samples train as class 0', 'training-agrees', (batch, options) =>
    rightly(unlabelledAsFirstClass(batch), options),
  ),
  trained('trains-transposed', 'the gradient transposed', 'training-agrees', (batch, options) => {
    const { loss, gradient } = rightly(batch, options);
    const { size: n, scoreWidth: width } = batch;
    return {
      loss,
      gradient: gradient.map((_, at) => gradient[(at % n) * width + Math.floor(at / n)] as number),
    };
  }),
  trained(
    'trains-on-probabilities',
    'from logits: the gradient with respect to probabilities',
    'training-logits-agree',
    (batch, options) => ({
      loss: rightly(batch, options).loss,
      gradient: rightly(toProbabilities(batch), options).gradient,
    }),
  ),
];

interface Trained {
  readonly loss: number;
  readonly gradient: number[];
}

function rightly(batch: Batch, options: BalancedOptions): Trained {
  const { loss, gradient } = balancedLoss(batch, options);
  return { loss, gradient: entries(gradient) };
}

/** A backend that is right but for how it trains. */
export function trained(
  id: string,
  error: string,
  caughtBy: string,
  train: (batch: Batch, options: BalancedOptions) => Trained,
): Mutant {
  const asynchronous: TrainingLoss = async (batch, options) => train(batch, options);
  return { id, error, caughtBy, backend: wrongBackend(id, {}), train: asynchronous };
}
