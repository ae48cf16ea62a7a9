/**
 * Sparse labels: class indices, as tfjs's `sparseCategoricalCrossentropy` takes them.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Schema } from '../../../spec/rules.js';

/**
 * One-hot rows of class indices; an index of −1 (unlabelled) gives zeros.
 *
 * @param indices - n×J whole numbers, or n of them for one attribute
 * @returns n×S, float32
 */
export function oneHotRows({ attributes }: Schema, indices: tf.Tensor): tf.Tensor2D {
  return tf.tidy(() => {
    const n = indices.shape[0] as number;
    const columns = tf.split(
      tf.reshape(tf.cast(indices, 'int32'), [n, attributes.length]),
      attributes.length,
      1,
    );
    const rows = attributes.map(({ classes }, j) => {
      const own = columns[j] as tf.Tensor;
      // tfjs makes one-hot rows of two classes or more
      return classes.length === 1 ? tf.equal(own, 0) : tf.oneHot(tf.reshape(own, [n]), classes.length);
    });
    // whole numbers first: on `wasm`, tf.oneHot(…, 'float32') leaves their bits in a float tensor
    return tf.cast(
      tf.concat(
        rows.map((r) => tf.cast(r, 'int32')),
        1,
      ),
      'float32',
    ) as tf.Tensor2D;
  });
}
