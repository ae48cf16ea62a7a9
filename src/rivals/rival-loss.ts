/**
 * What the rivals share: a loss of logits, averaged as Eq. 2 averages.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { outOfRange } from '../../spec/errors.js';
import { SMALLEST_PROBABILITY } from '../../spec/scores.js';

/**
 * A loss for `model.compile({ loss })`: labels n×K one-hot (all zeros: unlabelled, adds 0), logits n×K.
 * It divides by n, and returns a scalar in nats.
 */
export type RivalLoss = (labels: tf.Tensor, logits: tf.Tensor) => tf.Scalar;

/**
 * (1/n) Σ_i w_y (1 − p_y)^γ (−log p_y), of which the rivals are cases.
 *
 * From γ > 0 on, 1 − p_y is taken as at least 1e-7, so that no power of it has an infinite slope.
 *
 * @param weights - w_k. Default: 1 for all
 * @param gamma - γ. Default 0
 */
export function softmaxLoss(
  labels: tf.Tensor,
  logits: tf.Tensor,
  weights?: readonly number[],
  gamma = 0,
): tf.Scalar {
  return tf.tidy(() => {
    const logP = tf.logSoftmax(logits);
    // y w: also where the sample's weight comes from
    const target = weights ? tf.mul(labels, tf.tensor1d([...weights])) : labels;
    let terms = tf.mul(target, logP);
    if (gamma > 0) {
      // the others' probabilities, added up: 1 − p loses all digits as p nears 1
      const missed = tf.sum(tf.mul(tf.exp(logP), tf.sub(1, labels)), -1, true);
      terms = tf.mul(terms, tf.pow(tf.maximum(missed, SMALLEST_PROBABILITY), gamma));
    }
    return tf.div(tf.sum(terms), -(logits.shape[0] as number)) as tf.Scalar;
  });
}

/** Refuses an option that a rival does not have: none must be silently ignored. */
export function refuseUnknown(options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (!known.includes(key))
      outOfRange('option-unknown', `options.${key}`, `one of ${known.join(', ')}`, key);
  }
}

/** A number that is an option; its default goes before. */
export function readOption(name: string, value: number, expected: string, allowed: (x: number) => boolean) {
  if (typeof value !== 'number' || !allowed(value)) {
    outOfRange('option-out-of-range', `options.${name}`, expected, value);
  }
  return value;
}
