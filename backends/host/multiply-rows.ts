/**
 * Multiplies each sample's numbers by factors of its own: the largest part of the derivative of a softmax.
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
