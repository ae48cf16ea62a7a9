/**
 * Probabilities of logits, and their cross entropy (Eq. 2): a softmax over each attribute's classes, or a sigmoid
 * of each logit where labels are 0 or 1.
 *
 * The probabilities of float32 logits are float32, and hard samples are chosen by them. WebAssembly computes them
 * with SIMD; where it is not available, JavaScript does, and last digits differ. Those of float64 logits are float64.
 *
 * @module
 */
import type { FloatArray } from './arrays/float-array.js';
import type { FlatSchema } from './batch/flat-schema.js';
import type { ScoreView } from './batch/scores.js';
import { MemoryViews, rowsAtOnce, vectors } from './class-level/simd-layout.js';
import { reserve, type SimdFunctions, simdFunctions } from './simd/functions.js';

/** The number of columns whose 1 + e are multiplied together; see assembly/probabilities.ts. */
const PART = 512;

/**
 * A sum of e below this equals the sum of log(1 + e) in all digits of a float32. The logarithm of the product of the
 * 1 + e would have lost digits.
 */
const SMALL = 1e-8;

/** Turns the logits of one schema into probabilities. */
export class Probabilities {
  private readonly views = new MemoryViews();

  constructor(
    private readonly schema: FlatSchema,
    private readonly simd: SimdFunctions | undefined = simdFunctions(),
  ) {}

  /**
   * Writes the probabilities of a batch of logits, n×S row by row.
   *
   * @param into - another array than that of the logits, of the same precision
   * @param terms - n numbers: ce_i is added to entry i
   * @returns L_ce, or NaN if a logit is not finite; the specification then says which
   */
  write(labels: Int32Array, logits: ScoreView, size: number, into: FloatArray, terms?: Float64Array): number {
    const { schema, simd } = this;
    const softmax = schema.encoding === 'categorical';
    if (simd && into instanceof Float32Array) {
      const sum = softmax
        ? this.simdSoftmax(simd, labels, logits, size, into, terms)
        : this.simdSigmoid(simd, labels, logits, size, into, terms);
      if (sum !== undefined) return sum / size;
    }
    return (softmax ? softmaxRows : sigmoidRows)(schema, labels, logits, size, into, terms) / size;
  }

  /** @returns the sum of the ce_i; undefined if WebAssembly cannot get enough memory */
  private simdSoftmax(
    simd: SimdFunctions,
    labels: Int32Array,
    logits: ScoreView,
    size: number,
    into: Float32Array,
    terms: Float64Array | undefined,
  ): number | undefined {
    const { attributes, first, width } = this.schema;
    const rows = rowsAtOnce(size, width);
    const largest = vectors(attributes + 1);
    const totals = largest + vectors(rows * attributes);
    const scores = totals + vectors(2 * rows * attributes);
    if (!this.open(simd, scores + vectors(rows * width))) return undefined;
    const { integers, floats, doubles } = this.views;
    integers.set(first);
    let sum = 0;
    for (let from = 0; from < size; from += rows) {
      const count = Math.min(rows, size - from);
      copyRows(logits, from, count, width, floats, scores >>> 2);
      if (!simd.softmax(scores, count, attributes, 0, largest, totals)) return Number.NaN;
      into.set(floats.subarray(scores >>> 2, (scores >>> 2) + count * width), from * width);
      for (let r = 0, at = 0; r < count; r++) {
        const i = from + r;
        for (let j = 0; j < attributes; j++, at++) {
          const label = labels[i * attributes + j];
          if (label < 0) continue;
          const own = logitOf(logits, i, first[j] + label);
          const term = floats[(largest >>> 2) + at] - own + Math.log(doubles[(totals >>> 3) + at]);
          sum += term;
          if (terms) terms[i] += term;
        }
      }
    }
    return sum;
  }

  /** @returns the sum of the ce_i; undefined if WebAssembly cannot get enough memory */
  private simdSigmoid(
    simd: SimdFunctions,
    labels: Int32Array,
    logits: ScoreView,
    size: number,
    into: Float32Array,
    terms: Float64Array | undefined,
  ): number | undefined {
    const { width } = this.schema;
    const rows = rowsAtOnce(size, width);
    const parts = Math.ceil(width / PART);
    const sums = vectors(PART);
    const labelsAt = sums + vectors(6 * rows * parts);
    const scores = labelsAt + vectors(rows * width);
    if (!this.open(simd, scores + vectors(rows * width))) return undefined;
    const { integers, floats, doubles } = this.views;
    let sum = 0;
    for (let from = 0; from < size; from += rows) {
      const count = Math.min(rows, size - from);
      copyRows(logits, from, count, width, floats, scores >>> 2);
      integers.set(labels.subarray(from * width, (from + count) * width), labelsAt >>> 2);
      if (!simd.sigmoid(scores, count, width, labelsAt, 0, sums)) return Number.NaN;
      into.set(floats.subarray(scores >>> 2, (scores >>> 2) + count * width), from * width);
      for (let r = 0, at = sums >>> 3; r < count; r++) {
        for (let part = 0; part < parts; part++, at += 3) {
          const small = doubles[at + 1];
          const term = doubles[at] + (small < SMALL ? small : Math.log(doubles[at + 2]));
          sum += term;
          if (terms) terms[from + r] += term;
        }
      }
    }
    return sum;
  }

  private open(simd: SimdFunctions, bytes: number): boolean {
    if (!reserve(simd, bytes)) return false;
    this.views.attach(simd.memory.buffer);
    return true;
  }
}

function logitOf({ data, offset, rowStride, columnStride }: ScoreView, i: number, s: number): number {
  return data[offset + i * rowStride + s * columnStride];
}

function copyRows(
  { data, offset, rowStride, columnStride }: ScoreView,
  from: number,
  rows: number,
  width: number,
  to: Float32Array,
  at: number,
): void {
  const begin = offset + from * rowStride;
  if (columnStride === 1 && rowStride === width) {
    to.set(data.subarray(begin, begin + rows * width), at);
    return;
  }
  for (let r = 0; r < rows; r++)
    for (let s = 0; s < width; s++) to[at + r * width + s] = data[begin + r * rowStride + s * columnStride];
}

function softmaxRows(
  { attributes, first, width }: FlatSchema,
  labels: Int32Array,
  logits: ScoreView,
  size: number,
  into: FloatArray,
  terms: Float64Array | undefined,
): number {
  let sum = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < attributes; j++) {
      const from = first[j];
      const to = first[j + 1];
      const label = labels[i * attributes + j];
      let largest = Number.NEGATIVE_INFINITY;
      for (let c = from; c < to; c++) {
        const z = logitOf(logits, i, c);
        if (!Number.isFinite(z)) return Number.NaN;
        if (z > largest) largest = z;
      }
      let total = 0;
      for (let c = from; c < to; c++) {
        const power = Math.exp(logitOf(logits, i, c) - largest);
        into[i * width + c] = power;
        total += power;
      }
      for (let c = from; c < to; c++) into[i * width + c] /= total;
      if (label < 0) continue;
      const term = largest - logitOf(logits, i, from + label) + Math.log(total);
      sum += term;
      if (terms) terms[i] += term;
    }
  }
  return sum;
}

function sigmoidRows(
  { width }: FlatSchema,
  labels: Int32Array,
  logits: ScoreView,
  size: number,
  into: FloatArray,
  terms: Float64Array | undefined,
): number {
  let sum = 0;
  for (let i = 0, at = 0; i < size; i++) {
    for (let s = 0; s < width; s++, at++) {
      const z = logitOf(logits, i, s);
      if (!Number.isFinite(z)) return Number.NaN;
      const e = Math.exp(-Math.abs(z));
      into[at] = z >= 0 ? 1 / (1 + e) : e / (1 + e);
      const label = labels[at];
      if (label < 0) continue;
      const term = Math.max(z, 0) - z * label + Math.log1p(e);
      sum += term;
      if (terms) terms[i] += term;
    }
  }
  return sum;
}
