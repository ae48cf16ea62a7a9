/**
 * Backends with the errors of a kernel that computes several numbers at a time, in blocks or in shares, with an
 * exponential of its own.
 *
 * @module
 */
import { toProbabilities } from '../../spec/index.js';
import { withScores } from '../cases/changed-numbers.js';
import { RIGHT, scaled } from './compose.js';
import { wrongFromLogits } from './conditions.js';
import type { WrongBackend } from './wrong-backend.js';

/** The samples of the cases that have more than 32. */
const MANY = 64;

/** Wrong kernels. */
export const kernel: readonly WrongBackend[] = [
  wrongFromLogits(
    'remainder-of-four',
    'the probabilities of a row’s last classes, fewer than four, are not computed',
    'balanced-logits-agree',
    {
      toProbabilities(batch) {
        const whole = batch.scoreWidth & ~3;
        return withScores(toProbabilities(batch), (p, _, s) => (s < whole ? p : 0));
      },
    },
  ),
  wrongFromLogits(
    'exponential-not-monotone',
    'the exponential falls where its argument passes a multiple of ln 2',
    'balanced-logits-agree',
    {
      toProbabilities(batch) {
        const rising = (z: number) => z / Math.LN2 - Math.floor(z / Math.LN2);
        return withScores(
          toProbabilities(batch),
          (p, i, s) => p * (1 + 1e-7 * rising(batch.scores.get(i, s))),
        );
      },
    },
  ),
  {
    ...wrongFromLogits(
      'one-block-of-classes',
      'the softmax leaves out what comes after the first 256 classes',
      'logits-at-many-classes',
      { toProbabilities: (batch) => withScores(toProbabilities(batch), (p, _, s) => (s < 256 ? p : 0)) },
    ),
    least: MANY,
  },
  {
    ...wrongFromLogits(
      'share-lost',
      'above 32 samples the gradient of the second half of the rows is not written',
      'logits-at-many-classes',
      {
        balance(batch, options, found) {
          const right = RIGHT.balance(batch, options, found);
          if (batch.size <= 32) return right;
          const gradient = scaled(right.gradient, 1);
          for (let i = batch.size >> 1; i < batch.size; i++)
            for (let s = 0; s < batch.scoreWidth; s++) gradient.set(i, s, 0);
          return { ...right, gradient };
        },
      },
    ),
    least: MANY,
  },
  {
    ...wrongFromLogits(
      'share-counted-twice',
      'above 32 samples a row at the edge of two shares is counted twice in the cross entropy',
      'logits-at-many-classes',
      {
        balance(batch, options, found) {
          const right = RIGHT.balance(batch, options, found);
          if (batch.size <= 32) return right;
          const more = right.crossEntropy / batch.size;
          return {
            ...right,
            crossEntropy: right.crossEntropy + more,
            loss: right.loss + (1 - options.alpha) * more,
          };
        },
      },
    ),
    least: MANY,
  },
];
