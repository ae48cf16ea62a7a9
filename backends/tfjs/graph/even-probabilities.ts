/**
 * Probabilities of logits that are equal where the logits are.
 *
 * TensorFlow computes exponentials eight or sixteen at a time, and the numbers left over at the end of a tensor by
 * another routine that rounds differently. Equal logits then get unequal probabilities, and ties between samples,
 * which go by index (ruling: mined order), break by rounding. If rows are padded to whole vectors, nothing is left
 * over. Other engines have one routine for all numbers; there tfjs's own operation is used.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/** How many numbers are in the widest vector that TensorFlow computes with. */
const VECTOR = 16;

/** The padding: e to this power is 0 in float32. */
const VANISHING = -200;

/** The softmax of each row. */
export function evenSoftmax(logits: tf.Tensor2D): tf.Tensor2D {
  if (isEven()) return tf.softmax(logits);
  return inWholeVectors(tf.sub(logits, tf.max(logits, 1, true)), (shifted) => {
    const powers = tf.exp(shifted);
    return tf.div(powers, tf.sum(powers, 1, true));
  });
}

/** 1/(1 + e^−z) of each number. */
export function evenSigmoid(logits: tf.Tensor2D): tf.Tensor2D {
  return isEven() ? tf.sigmoid(logits) : inWholeVectors(logits, tf.sigmoid);
}

function isEven(): boolean {
  return tf.getBackend() !== 'tensorflow';
}

/** Applies an operation to rows that are padded to whole vectors, and takes the padding away. */
function inWholeVectors(x: tf.Tensor2D, operation: (padded: tf.Tensor2D) => tf.Tensor2D): tf.Tensor2D {
  const [rows, columns] = x.shape;
  const padding = Math.ceil(columns / VECTOR) * VECTOR - columns;
  const padded = tf.pad2d(
    x,
    [
      [0, 0],
      [0, padding],
    ],
    VANISHING,
  );
  return tf.slice(operation(padded), [0, 0], [rows, columns]);
}
