/**
 * The operations of jax-js that the graph is made of, under one convention: they borrow their operands.
 *
 * jax-js counts references, and each of its operations takes ownership of what it is given. The graph is traced
 * by `jit`, where an array is only a place in the program and holds no memory, so that a reference that nobody
 * gives back costs nothing. These functions therefore take a reference of their own to each operand, and the
 * graph reads like the formulas. Constants do hold memory: {@link tracing} gives theirs back.
 *
 * The derivatives of `abs` and `relu` at 0 are those of the ruling *kinks*. jax-js itself has 1 there.
 *
 * @module
 */
import { type DType, lax, numpy as np } from '@jax-js/jax';
import { counted } from './live-arrays.js';

/** An array of jax-js, or its place in a program that is being traced. */
export type JaxArray = np.Array;

type Operand = JaxArray | number;

const borrowed = (x: Operand): Operand => (typeof x === 'number' ? x : x.ref);

const binary =
  (operation: (a: np.ArrayLike, b: np.ArrayLike) => JaxArray) =>
  (a: Operand, b: Operand): JaxArray =>
    operation(borrowed(a), borrowed(b));

export const add = binary(np.add);
export const sub = binary(np.subtract);
export const mul = binary(np.multiply);
export const div = binary(np.divide);
export const greater = binary(np.greater);
export const less = binary(np.less);
export const lessEqual = binary(np.lessEqual);
export const equal = binary(np.equal);
export const both = binary(np.logicalAnd);
/** For numbers that need no derivative. */
export const maximum = binary(np.maximum);
/** For numbers that need no derivative. */
export const minimum = binary(np.minimum);

export const neg = (x: JaxArray): JaxArray => np.negative(x.ref);
export const floor = (x: JaxArray): JaxArray => np.floor(x.ref);
export const sqrt = (x: JaxArray): JaxArray => np.sqrt(x.ref);
export const square = (x: JaxArray): JaxArray => np.multiply(x.ref, x.ref);
export const transpose = (x: JaxArray): JaxArray => np.transpose(x.ref);
export const reshape = (x: JaxArray, shape: number[]): JaxArray => np.reshape(x.ref, shape);
export const broadcast = (x: JaxArray, shape: number[]): JaxArray => np.broadcastTo(x.ref, shape);
export const cumsum = (x: JaxArray): JaxArray => np.cumsum(x.ref);
export const dot = binary(np.dot);
export const concatenate = (parts: readonly JaxArray[], axis: number): JaxArray =>
  np.concatenate(
    parts.map((part) => part.ref),
    axis,
  );
export const stack = (parts: readonly JaxArray[]): JaxArray => np.stack(parts.map((part) => part.ref));
export const where = (condition: JaxArray, x: Operand, y: Operand): JaxArray =>
  np.where(condition.ref, borrowed(x), borrowed(y));

/** The sum over axes, which are kept with length 1 if `keep` says so. Default: over all of them. */
export const sum = (x: JaxArray, axis: number | number[] | null = null, keep = false): JaxArray =>
  np.sum(x.ref, axis, { keepdims: keep });

/** The largest number along an axis. For numbers that need no derivative. */
export const max = (x: JaxArray, axis: number, keep = false): JaxArray =>
  np.max(lax.stopGradient(x.ref), axis, { keepdims: keep });

/** The numbers, without a derivative. */
export const constantOf = (x: JaxArray): JaxArray => lax.stopGradient(x.ref);

/** The part from `start` to `end` along an axis. */
export function part(x: JaxArray, axis: number, start: number, end: number): JaxArray {
  const all = Array.from({ length: axis }, (): [] => []);
  return x.ref.slice(...all, [start, end]);
}

/** 1 where the condition holds, else 0, as numbers of `like`. */
export const mask = (condition: JaxArray, like: JaxArray): JaxArray =>
  np.where(condition.ref, 1, 0).astype(like.dtype);

/** |x|, with derivative 0 at 0 (ruling: kinks). */
export const abs = (x: JaxArray): JaxArray => where(greater(x, 0), x, where(less(x, 0), neg(x), mul(x, 0)));

/** max(0, x), with derivative 0 at 0 (ruling: kinks). */
export const relu = (x: JaxArray): JaxArray => where(greater(x, 0), x, mul(x, 0));

/** The order that sorts the last axis ascending: lower index first among equals. */
export const ascendingOrder = (x: JaxArray): JaxArray => np.argsort(lax.stopGradient(x.ref), -1);

/**
 * Entries of the first axis, multiplied by a mask.
 *
 * The mask is part of it, since jax-js 0.1.25 cannot compile the derivative of a selection by index whose result
 * is first reshaped: its scatter wants numbers that another operation has just computed.
 *
 * @param index - int32, of any shape; it must be computed by an operation other than a reshape
 * @param valid - numbers in the shape of the result
 */
export const pick = (x: JaxArray, index: JaxArray, valid: JaxArray): JaxArray =>
  np.multiply(x.ref.slice(lax.stopGradient(index.ref)), valid.ref);

let constants: JaxArray[] = [];

/** Numbers that are part of the program. */
export function constant(
  values: Float32Array | Int32Array | readonly number[],
  shape: number[],
  dtype: DType,
): JaxArray {
  // jax-js takes a Float32Array for float32 only
  const given = values instanceof Float32Array && dtype !== 'float32' ? Array.from(values) : values;
  const made = counted(np.array(given as number[], { shape, dtype }));
  constants.push(made);
  return made;
}

/** 0, 1, 2 … as int32, in a shape that has one axis longer than 1. */
export const counting = (length: number, shape: number[]): JaxArray =>
  constant(
    Int32Array.from({ length }, (_, i) => i),
    shape,
    'int32' as DType,
  );

/**
 * Runs a function that `jit` traces, and gives back the references to its constants.
 *
 * @param kept - is given the constants, to which the compiled program keeps a reference
 */
export function tracing<Result>(graph: () => Result, kept: JaxArray[] = []): Result {
  const outer = constants;
  constants = [];
  try {
    return graph();
  } finally {
    for (const made of constants) made.dispose();
    kept.push(...constants);
    constants = outer;
  }
}
