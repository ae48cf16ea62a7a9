/**
 * Operations on two tensors of different shapes, made fast where the engine is not.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/** An operation on two tensors, number by number, such as `tf.sub`. */
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** `tf.sub`, in a time that does not depend on whether the shapes are equal. */
export const sub = overOneShape(tf.sub);

/** `tf.mul`, in a time that does not depend on whether the shapes are equal. */
export const mul = overOneShape(tf.mul);

/**
 * Where shapes differ, tfjs's engine `cpu` looks up the place of each number by lists that it makes for it, which
 * takes thirty times as long as the operation. So there both are repeated to the shape of the result first. The
 * other engines do that well themselves.
 */
function overOneShape(operation: Binary): <T extends tf.Tensor>(a: tf.Tensor, b: tf.Tensor) => T {
  return <T extends tf.Tensor>(a: tf.Tensor, b: tf.Tensor) => {
    if (tf.getBackend() !== 'cpu') return operation(a, b) as T;
    const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const isRepeated = [a, b].some((one) => tf.backend_util.getBroadcastDims(one.shape, shape).length > 0);
    return (isRepeated ? operation(repeated(a, shape), repeated(b, shape)) : operation(a, b)) as T;
  };
}

/** A tensor of the engine `cpu`, repeated along each axis of length 1 until it has a shape. */
function repeated(tensor: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const added = shape.length - tensor.rank;
  let values = tensor.dataSync() as Float32Array | Int32Array;
  let inner = 1; // how many numbers lie within one entry of the axis
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis] as number;
    const own = axis < added ? 1 : (tensor.shape[axis - added] as number);
    if (own !== length) values = repeatedBlocks(values, inner, length);
    inner *= length;
  }
  return tf.tensor(values, shape as number[], tensor.dtype);
}

/** Each block of so many numbers, so many times. */
function repeatedBlocks<A extends Float32Array | Int32Array>(values: A, block: number, times: number): A {
  const found = new (values.constructor as new (length: number) => A)(values.length * times);
  let to = 0;
  for (let from = 0; from < values.length; from += block)
    for (let time = 0; time < times; time++)
      for (let at = from; at < from + block; at++) found[to++] = values[at] as number;
  return found;
}
