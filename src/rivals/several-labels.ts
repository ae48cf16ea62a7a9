/**
 * The rivals where a sample may have several labels: each label is a problem of two classes by itself,
 * present against absent, and the losses of all labels add up, as in L_ce (Eq. 2).
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { outOfRange, readClassCounts, SMALLEST_PROBABILITY } from '../../spec/rules.js';

/** What rivals with counts take besides. */
export interface SeveralLabelsOption {
  /**
   * Size of the training set, > every count, if a sample may have several labels: labels are then n×K of
   * 0/1 (−1: unlabelled, adds 0), p is a sigmoid, and every label is a problem of its own, with `counts`
   * samples that have it and `samples − counts` that do not. Default: one label a sample.
   */
  readonly samples?: number;
}

/** A number by label, of both its sides. */
export interface Sides {
  readonly absent: readonly number[];
  readonly present: readonly number[];
}

/**
 * Something of both sides of every label.
 *
 * @param of - what, of the counts [absent, present] of one label
 * @throws InputTypeError, InputRangeError - bad counts, or samples that are not more than each of them
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

/** Of each entry its side's number: n×K. */
export function pickSide(labels: tf.Tensor, { absent, present }: Sides): tf.Tensor {
  const [a, p] = [tf.tensor1d([...absent]), tf.tensor1d([...present])];
  return tf.add(a, tf.mul(isPresent(labels), tf.sub(p, a)));
}

/**
 * (1/n) Σ_i Σ_k w (1 − p)^γ (−log p) over the labelled entries, p the sigmoid's probability of the side that
 * is so, of which the rivals are cases; w and γ as in softmaxLoss.
 *
 * @param weights - w of both sides. Default: 1
 */
export function sigmoidLoss(labels: tf.Tensor, logits: tf.Tensor, weights?: Sides, gamma = 0): tf.Scalar {
  return tf.tidy(() => {
    const own = tf.mul(logits, tf.sub(tf.mul(isPresent(labels), 2), 1));
    let terms = tf.mul(logSigmoid(own), tf.cast(tf.greaterEqual(labels, 0), 'float32'));
    if (weights) terms = tf.mul(terms, pickSide(labels, weights));
    if (gamma > 0) {
      const missed = tf.sigmoid(tf.neg(own));
      terms = tf.mul(terms, tf.pow(tf.maximum(missed, SMALLEST_PROBABILITY), gamma));
    }
    return tf.div(tf.sum(terms), -(logits.shape[0] as number)) as tf.Scalar;
  });
}

/** 1 where a label is present, else 0. */
function isPresent(labels: tf.Tensor): tf.Tensor {
  return tf.cast(tf.greater(labels, 0), 'float32');
}

/** tfjs's own does not save its input, which a tidy around it disposes of before it is differentiated. */
const logSigmoid = tf.customGrad((x, save) => {
  const z = x as tf.Tensor;
  (save as tf.GradSaveFunc)([z]);
  return {
    value: tf.neg(tf.softplus(tf.neg(z))),
    gradFunc: (dy, saved) => tf.mul(dy as tf.Tensor, tf.sigmoid(tf.neg(saved[0] as tf.Tensor))),
  };
});
