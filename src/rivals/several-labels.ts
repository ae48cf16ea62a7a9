/**
 * The rivals where a sample may have several labels: each label is a separate problem of two classes,
 * present against absent, and the losses of all labels add up, as in L_ce (Eq. 2).
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { outOfRange, readClassCounts, SMALLEST_PROBABILITY } from '../../spec/rules.js';

/** What rivals with training counts also take. */
export interface SeveralLabelsOption {
  /**
   * Size of the training set, larger than every count, if a sample may have several labels. Labels are then
   * n×K of 0 and 1 (−1: unlabelled, adds 0), p is a sigmoid, and every label is a separate binary problem,
   * with `counts` samples that have it and `samples − counts` that do not. Default: one label per sample.
   */
  readonly samples?: number;
}

/** One number per label for each of its two sides. */
export interface Sides {
  readonly absent: readonly number[];
  readonly present: readonly number[];
}

/**
 * What both sides of every label get from their counts.
 *
 * @param of - from the counts [absent, present] of one label, the numbers of both sides
 * @throws InputTypeError, InputRangeError - for bad counts, or `samples` no larger than one of them
 */
export function sidesOf(
  counts: readonly number[],
  samples: number,
  of: (pair: readonly [number, number]) => readonly number[],
): Sides {
  readClassCounts(counts, 'counts', 1).forEach((n, k) => {
    if (!(Number.isSafeInteger(samples) && samples > n))
      outOfRange('option-out-of-range', 'options.samples', `an integer > counts[${k}], ${n}`, samples);
  });
  const pairs = counts.map((n) => of([samples - n, n]));
  const side = (at: 0 | 1) => pairs.map((pair) => pair[at] as number);
  return { absent: side(0), present: side(1) };
}

/** For each entry, the number of the side that it is on: n×K. */
export function pickSide(labels: tf.Tensor, { absent, present }: Sides): tf.Tensor {
  const [a, p] = [tf.tensor1d([...absent]), tf.tensor1d([...present])];
  return tf.add(a, tf.mul(isPresent(labels), tf.sub(p, a)));
}

/**
 * Σ_k w (1 − p)^γ (−log p) of each sample over its labelled entries. The rivals are special cases. p is the
 * sigmoid's probability of the side that the entry is on; γ as in softmaxLoss.
 *
 * @param weights - w of both sides. Default: 1 for all
 */
export function sigmoidLoss(labels: tf.Tensor, logits: tf.Tensor, weights?: Sides, gamma = 0): tf.Tensor1D {
  return tf.tidy(() => {
    const own = tf.mul(logits, tf.sub(tf.mul(isPresent(labels), 2), 1));
    let terms = tf.mul(logSigmoid(own), tf.cast(tf.greaterEqual(labels, 0), 'float32'));
    if (weights) terms = tf.mul(terms, pickSide(labels, weights));
    if (gamma > 0) {
      const missed = tf.sigmoid(tf.neg(own));
      terms = tf.mul(terms, tf.pow(tf.maximum(missed, SMALLEST_PROBABILITY), gamma));
    }
    return tf.neg(tf.sum(terms, -1)) as tf.Tensor1D;
  });
}

/** 1 where a label is present, else 0. */
function isPresent(labels: tf.Tensor): tf.Tensor {
  return tf.cast(tf.greater(labels, 0), 'float32');
}

/** tfjs's own logSigmoid does not save its input, so a tidy around it disposes of what its derivative needs. */
const logSigmoid = tf.customGrad((x, save) => {
  const z = x as tf.Tensor;
  (save as tf.GradSaveFunc)([z]);
  return {
    value: tf.neg(tf.softplus(tf.neg(z))),
    gradFunc: (dy, saved) => tf.mul(dy as tf.Tensor, tf.sigmoid(tf.neg(saved[0] as tf.Tensor))),
  };
});
