/**
 * Reads the rows of several matrices, each at indices of its own.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/**
 * What each matrix holds at its indices. `tf.gather` with `batchDims` would say the same, but on wasm it reads the
 * wrong rows of every matrix but the first.
 *
 * @param matrices - B×n×d
 * @param index - B×E, int32, each in [0, n)
 * @returns B×E×d
 */
export function gatherRows(matrices: tf.Tensor3D, index: tf.Tensor2D): tf.Tensor3D {
  const [B, n, d] = matrices.shape;
  const rows = tf.gather(tf.reshape(matrices, [B * n, d]), tf.reshape(flatIndex(index, n), [index.size]));
  return tf.reshape(rows, [B, index.shape[1], d]);
}

/** Indices into the rows of a B×n tensor, B×E, as indices into its flat values. */
export function flatIndex(index: tf.Tensor2D, n: number): tf.Tensor2D {
  const [B, E] = index.shape;
  if (B === 1) return index;
  // as large as the index: engines broadcast whole numbers one by one, many times slower
  const start = new Int32Array(B * E);
  for (let b = 1; b < B; b++) start.fill(b * n, b * E, (b + 1) * E);
  return tf.add(tf.tensor2d(start, [B, E], 'int32'), index);
}
