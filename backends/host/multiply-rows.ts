/**
 * Multiplies each sample's numbers by factors of its own: the largest part of the derivatives of a softmax, and of the
 * cross entropy of sigmoids.
 *
 * @module
 */
import type { FloatArray } from './arrays/float-array.js';
import { MemoryViews, rowsAtOnce, vectors } from './class-level/simd-layout.js';
import { reserve, type SimdFunctions, simdFunctions } from './simd/functions.js';

const views = new MemoryViews();

/**
 * Writes numbers times factors. Those of float32 are rounded to it before they are multiplied, with SIMD or without.
 *
 * @param first - J + 1 numbers: the classes of attribute j are the columns first[j] to first[j + 1] − 1
 * @param numbers - n×S, row by row
 * @param factors - n×J
 * @param into - n×S, of the same precision; may be the array of the numbers
 */
export function multiplyRows(
  first: Int32Array,
  numbers: FloatArray,
  factors: Float64Array,
  into: FloatArray,
  simd: SimdFunctions | undefined = simdFunctions(),
): void {
  const narrow = numbers instanceof Float32Array;
  if (narrow && simd && into instanceof Float32Array && bySimd(simd, first, numbers, factors, into)) return;
  const attributes = first.length - 1;
  for (let group = 0, at = 0; group < factors.length; group++) {
    const j = group % attributes;
    const end = at + first[j + 1] - first[j];
    const factor = narrow ? Math.fround(factors[group]) : factors[group];
    for (; at < end; at++) into[at] = numbers[at] * factor;
  }
}

/**
 * Writes factors times p − label, or 0 where there is no label. Those of float32 are rounded to it at each step, with
 * SIMD or without.
 *
 * @param labels - n×S: 1, 0, or −1 for unlabelled
 * @param numbers - the probabilities, n×S, row by row
 * @param factors - n
 * @param into - n×S, of the same precision; may be the array of the probabilities
 */
export function multiplyErrors(
  labels: Int32Array,
  numbers: FloatArray,
  factors: Float64Array,
  into: FloatArray,
  simd: SimdFunctions | undefined = simdFunctions(),
): void {
  const narrow = numbers instanceof Float32Array;
  if (narrow && simd && into instanceof Float32Array && errorsBySimd(simd, labels, numbers, factors, into))
    return;
  const width = numbers.length / factors.length;
  for (let i = 0, at = 0; i < factors.length; i++) {
    const factor = narrow ? Math.fround(factors[i]) : factors[i];
    for (const end = at + width; at < end; at++) {
      const apart = numbers[at] - labels[at];
      into[at] = labels[at] < 0 ? 0 : factor * (narrow ? Math.fround(apart) : apart);
    }
  }
}

/** @returns false if WebAssembly cannot get enough memory */
function errorsBySimd(
  simd: SimdFunctions,
  labels: Int32Array,
  numbers: Float32Array,
  factors: Float64Array,
  into: Float32Array,
): boolean {
  const size = factors.length;
  const width = numbers.length / size;
  const rows = rowsAtOnce(size, width);
  const labelsAt = vectors(rows);
  const numbersAt = labelsAt + vectors(rows * width);
  if (!reserve(simd, numbersAt + vectors(rows * width))) return false;
  views.attach(simd.memory.buffer);
  const { integers, floats } = views;
  for (let from = 0; from < size; from += rows) {
    const count = Math.min(rows, size - from);
    const [begin, end] = [from * width, (from + count) * width];
    floats.set(factors.subarray(from, from + count));
    integers.set(labels.subarray(begin, end), labelsAt >>> 2);
    floats.set(numbers.subarray(begin, end), numbersAt >>> 2);
    simd.sigmoidSlopes(numbersAt, count, width, labelsAt, 0);
    into.set(floats.subarray(numbersAt >>> 2, (numbersAt >>> 2) + count * width), begin);
  }
  return true;
}

/** @returns false if WebAssembly cannot get enough memory */
function bySimd(
  simd: SimdFunctions,
  first: Int32Array,
  numbers: Float32Array,
  factors: Float64Array,
  into: Float32Array,
): boolean {
  const attributes = first.length - 1;
  const width = first[attributes];
  const size = factors.length / attributes;
  const rows = rowsAtOnce(size, width);
  const factorsAt = vectors(attributes + 1);
  const numbersAt = factorsAt + vectors(rows * attributes);
  if (!reserve(simd, numbersAt + vectors(rows * width))) return false;
  views.attach(simd.memory.buffer);
  const { integers, floats } = views;
  integers.set(first);
  for (let from = 0; from < size; from += rows) {
    const count = Math.min(rows, size - from);
    floats.set(factors.subarray(from * attributes, (from + count) * attributes), factorsAt >>> 2);
    floats.set(numbers.subarray(from * width, (from + count) * width), numbersAt >>> 2);
    simd.multiply(numbersAt, count, attributes, 0, factorsAt);
    into.set(floats.subarray(numbersAt >>> 2, (numbersAt >>> 2) + count * width), from * width);
  }
  return true;
}
