/**
 * Cross entropy (Eq. 2), and the way from logits to probabilities and back, on the device.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Schema } from '../../../spec/contract.js';
import { SMALLEST_PROBABILITY } from '../../../spec/scores.js';
import { evenSigmoid, evenSoftmax } from './even-probabilities.js';
import { select } from './select.js';

/** The cross entropy of each sample. Their mean is L_ce. */
export interface DeviceCrossEntropy {
  /** n: ce_i; 0 where sample i is not labelled. */
  readonly losses: tf.Tensor1D;
  /** n×S: row i is ∂ce_i/∂scores, with respect to the scores as given. */
  readonly slope: tf.Tensor2D;
}

/**
 * The terms of L_ce (Eq. 2), fused with the softmax or sigmoid if the scores are logits.
 *
 * @param labels - n×S, as `Backend.tensorLoss` takes them
 * @param scores - n×S as given: logits or probabilities
 * @param probabilities - n×S
 */
export function deviceCrossEntropy(
  schema: Schema,
  labels: tf.Tensor2D,
  scores: tf.Tensor2D,
  probabilities: tf.Tensor2D,
): DeviceCrossEntropy {
  const categorical = schema.encoding === 'categorical';
  const wanted = categorical ? labels : tf.relu(labels); // −1, unlabelled, is no target
  const unwanted = tf.cast(tf.equal(labels, 0), 'float32');
  const labelled = categorical ? labelledColumns(schema, labels) : tf.add(wanted, unwanted);

  let terms: tf.Tensor;
  let slope: tf.Tensor;
  if (!schema.fromLogits) {
    const own = categorical ? wanted : labelled;
    // p of the true side; below the smallest probability its derivative is 0 (rulings: cross entropy, kinks)
    const p = categorical ? scores : select(wanted, scores, tf.sub(1, scores));
    const floored = tf.maximum(p, SMALLEST_PROBABILITY);
    const towards = categorical ? -1 : tf.sub(unwanted, wanted);
    const free = tf.mul(own, tf.cast(tf.greater(p, SMALLEST_PROBABILITY), 'float32'));
    terms = tf.neg(tf.mul(own, tf.log(floored)));
    slope = tf.mul(free, tf.div(towards, floored));
  } else {
    terms = categorical
      ? tf.mul(wanted, tf.sub(logSumExp(schema, scores), scores))
      : tf.mul(labelled, stableBinaryTerm(scores, wanted));
    slope = tf.sub(tf.mul(labelled, probabilities), wanted);
  }
  return { losses: tf.sum(terms, 1), slope: slope as tf.Tensor2D };
}

/** Probabilities of logits: a softmax over each attribute's classes, or a sigmoid. */
export function deviceProbabilities(schema: Schema, scores: tf.Tensor2D): tf.Tensor2D {
  if (!schema.fromLogits) return scores;
  if (schema.encoding !== 'categorical') return evenSigmoid(scores);
  return byAttribute(schema, scores, evenSoftmax);
}

/** Turns a derivative G with respect to probabilities into one with respect to logits: p(G − Σ G p), or p(1−p)G. */
export function throughProbabilities(schema: Schema, p: tf.Tensor2D, slope: tf.Tensor2D): tf.Tensor2D {
  if (!schema.fromLogits) return slope;
  if (schema.encoding !== 'categorical') return tf.mul(tf.mul(p, tf.sub(1, p)), slope);
  const mean = byAttribute(schema, tf.mul(p, slope), totals);
  return tf.mul(p, tf.sub(slope, mean));
}

/** n×C of 0/1: the sample is labelled for the column's attribute. */
function labelledColumns(schema: Schema, labels: tf.Tensor2D): tf.Tensor2D {
  return byAttribute(schema, labels, totals);
}

function logSumExp(schema: Schema, logits: tf.Tensor2D): tf.Tensor2D {
  return byAttribute(schema, logits, (own) =>
    tf.tile(tf.logSumExp(own, 1, true) as tf.Tensor2D, [1, own.shape[1]]),
  );
}

/** softplus(z) − z·y in a form that does not overflow: max(z, 0) − z·y + log(1 + e^−|z|). */
function stableBinaryTerm(z: tf.Tensor, y: tf.Tensor): tf.Tensor {
  return tf.add(tf.sub(tf.relu(z), tf.mul(z, y)), tf.log1p(tf.exp(tf.neg(tf.abs(z)))));
}

/** Each row's sum, repeated in every column. */
function totals(own: tf.Tensor2D): tf.Tensor2D {
  return tf.tile(tf.sum(own, 1, true) as tf.Tensor2D, [1, own.shape[1]]);
}

/** Applies an operation to each attribute's columns of an n×C tensor. */
function byAttribute(
  schema: Schema,
  x: tf.Tensor2D,
  operation: (own: tf.Tensor2D) => tf.Tensor2D,
): tf.Tensor2D {
  if (schema.attributes.length === 1) return operation(x);
  const parts = schema.attributes.map(({ columns }) =>
    operation(tf.slice(x, [0, columns[0] as number], [x.shape[0], columns.length])),
  );
  return tf.concat(parts, 1);
}
