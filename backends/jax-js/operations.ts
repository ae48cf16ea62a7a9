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

/** The largest finite float32. */
export const LARGEST = (2 - 2 ** -23) * 2 ** 127;

const borrowed = (x: Operand): Operand => (typeof x === 'number' ? x : x.ref);

const binary =
  (operation: (a: np.ArrayLike, b: np.ArrayLike) => JaxArray) =>
  (a: Operand, b: Operand): JaxArray =>
    operation(borrowed(a), borrowed(b));

export const add = binary(np.add);
export const sub = binary(np.subtract);
export const mul = binary(np.multiply);
export const div = binary(np.divide);
export const less = binary(np.less);
export const greater = (a: Operand, b: Operand): JaxArray => less(b, a);
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
export const dot = binary(np.dot);
export const concatenate = (parts: readonly JaxArray[], axis: number): JaxArray =>
  np.concatenate(
    parts.map((part) => part.ref),
    axis,
  );
export const stack = (parts: readonly JaxArray[]): JaxArray => np.stack(parts.map((part) => part.ref));
export const where = (condition: JaxArray, x: Operand, y: Operand): JaxArray =>
  np.where(condition.ref, borrowed(x), borrowed(y));

/**
 * a ≤ b, of numbers that are not NaN.
 *
 * As {@link equal} and {@link both}, it chooses by `where`. What jax-js 0.1.25 makes of `lessEqual`, `equal` and
 * `logicalAnd` branches, and a program of WebGPU that sums 28 of them takes minutes to compile in software.
 */
export const lessEqual = (a: Operand, b: Operand): JaxArray => choice(less(b, a), false, true);

/** a = b, of numbers that are not NaN. */
export const equal = (a: Operand, b: Operand): JaxArray =>
  choice(less(a, b), false, choice(less(b, a), false, true));

/** Both conditions hold. */
export const both = (a: JaxArray, b: JaxArray): JaxArray => choice(a, b, false);

const choice = (condition: JaxArray, x: JaxArray | boolean, y: JaxArray | boolean): JaxArray =>
  np.where(condition.ref, typeof x === 'boolean' ? x : x.ref, typeof y === 'boolean' ? y : y.ref);

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
export function ascendingOrder(x: JaxArray): JaxArray {
  // jax-js 0.1.25 on WebGPU makes a program that does not compile for an axis of length 1
  if (x.shape.at(-1) === 1) return less(constantOf(x), constantOf(x)).astype(np.int32);
  return np.argsort(lax.stopGradient(x.ref), -1);
}

/** Entries of the first axis. For numbers that need no derivative. @param index - int32, of any shape */
export const taken = (x: JaxArray, index: JaxArray): JaxArray => lax.stopGradient(x.ref).slice(index.ref);

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

/** A row of more numbers than this is summed in parts. */
const CUMSUM_PART = 256;

/**
 * The cumulative sum of a row of numbers.
 *
 * `cumsum` of jax-js 0.1.25 masks with `lessEqual`, so that it has the fault that {@link lessEqual} tells.
 */
export function cumsum(x: JaxArray): JaxArray {
  const [n] = x.shape as [number];
  const width = Math.min(n, CUMSUM_PART);
  const parts = Math.ceil(n / width);
  const rest = parts * width - n;
  const whole = rest === 0 ? x : concatenate([x, constant(new Array(rest).fill(0), [rest], x.dtype)], 0);
  const isLater = less(counting(width, [1, width, 1]), counting(width, [1, 1, width]));
  const sums = sum(where(isLater, 0, reshape(whole, [parts, 1, width])), 2);
  if (parts === 1) return reshape(sums, [n]);
  const totals = reshape(part(sums, 1, width - 1, width), [parts]);
  const before = reshape(sub(cumsum(totals), totals), [parts, 1]);
  return part(reshape(add(sums, before), [parts * width]), 0, 0, n);
}
