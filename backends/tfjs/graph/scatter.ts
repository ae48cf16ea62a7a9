/**
 * Adds numbers at given indices, in an order that is the same in every call.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { webgpuPrograms } from '../loaded-programs.js';
import { flatIndex } from './gather.js';

/**
 * Adds each row of `values` at its index to a tensor of zeros; rows with equal indices add up.
 *
 * @param index - B×E, int32, each in [0, n)
 * @param values - B×E×d, float32
 * @returns B×n×d
 */
export function scatterAdd(index: tf.Tensor2D, values: tf.Tensor3D, n: number): tf.Tensor3D {
  // webgpu's own scatterND adds by atomics, in any order, and the order changes the rounding
  if (tf.getBackend() === 'webgpu') return webgpuPrograms().scatter(index, values, n);
  const [B, E, d] = values.shape;
  const at = tf.reshape(flatIndex(index, n), [B * E, 1]);
  return tf.reshape(tf.scatterND(at, tf.reshape(values, [B * E, d]), [B * n, d]), [B, n, d]);
}

/** {@link scatterAdd} of B×E numbers, to B×n. */
export function scatterRows(index: tf.Tensor2D, values: tf.Tensor2D, n: number): tf.Tensor2D {
  const [B, E] = index.shape;
  return tf.reshape(scatterAdd(index, tf.reshape(values, [B, E, 1]), n), [B, n]);
}

/** {@link scatterAdd} of E numbers into n places, n being small. */
export function scatterSum(index: tf.Tensor1D, values: tf.Tensor1D, n: number): tf.Tensor1D {
  const E = index.size;
  if (tf.getBackend() !== 'webgpu') {
    return tf.reshape(scatterRows(tf.reshape(index, [1, E]), tf.reshape(values, [1, E]), n), [n]);
  }
  // n threads that each read all E numbers would leave a GPU idle: so √E rows first, then their sum
  const width = Math.ceil(Math.sqrt(E));
  const rows = Math.ceil(E / width);
  const padding: [number, number][] = [[0, rows * width - E]];
  const part = (t: tf.Tensor1D): tf.Tensor2D => tf.reshape(tf.pad(t, padding), [rows, width]);
  return tf.sum(scatterRows(part(index), part(values), n), 0);
}
