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
import { type BlockWork, computeBlock, type Helpers, helpers } from './threads/block-work.js';

/** The number of columns whose 1 + e are multiplied together; see assembly/probabilities.ts. */
const PART = 512;

/**
 * A sum of e below this equals the sum of log(1 + e) in all digits of a float32. The logarithm of the product of the
 * 1 + e would have lost digits.
 */
const SMALL = 1e-8;

/** A batch of float32 logits, and where its probabilities go. */
interface Logits {
  readonly labels: Int32Array;
  readonly logits: ScoreView;
  readonly size: number;
  readonly into: Float32Array;
  /** How many rows are computed by one call. */
  readonly rows: number;
}

/** Turns the logits of one schema into probabilities. */
export class Probabilities {
  private readonly views = new MemoryViews();
  /** With SIMD: the cross entropy of each sample and attribute, or of each sample and part of its row. */
  private parts = new Float64Array(0);

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
      const threads = helpers();
      const shared = threads && size * schema.width >= threads.least ? threads : undefined;
      const rows = rowsAtOnce(size, schema.width, shared?.block);
      const given = { labels, logits, size, into, rows };
      const work = softmax ? this.softmaxWork(given) : this.sigmoidWork(given);
      const valid = this.compute(simd, work, shared);
      if (valid !== undefined) return valid ? this.sumOfParts(size, terms) / size : Number.NaN;
    }
    return (softmax ? softmaxRows : sigmoidRows)(schema, labels, logits, size, into, terms) / size;
  }

  /** @returns false if a logit is not finite; undefined if WebAssembly cannot get enough memory */
  private compute(simd: SimdFunctions, work: BlockWork, shared: Helpers | undefined): boolean | undefined {
    if (!reserve(simd, work.bytes)) return undefined;
    this.views.attach(simd.memory.buffer);
    const here = (block: number) => computeBlock(work, block, simd, this.views);
    if (shared) return shared.share(work, here);
    for (let block = 0; block < work.blocks; block++) if (!here(block)) return false;
    return true;
  }

  /** Adds the cross entropies in the order of the samples, whichever order they were computed in. */
  private sumOfParts(size: number, terms: Float64Array | undefined): number {
    const { parts } = this;
    const each = parts.length / size;
    let sum = 0;
    for (let i = 0, at = 0; i < size; i++) {
      for (const end = at + each; at < end; at++) {
        sum += parts[at];
        if (terms) terms[i] += parts[at];
      }
    }
    return sum;
  }

  private softmaxWork({ labels, logits, size, into, rows }: Logits): BlockWork {
    const { attributes, first, width } = this.schema;
    const largest = vectors(attributes + 1);
    const totals = largest + vectors(rows * attributes);
    const scores = totals + vectors(2 * rows * attributes);
    const parts = this.clearedParts(size * attributes);
    const count = (block: number) => Math.min(rows, size - block * rows);
    return {
      run: 'softmax',
      blocks: Math.ceil(size / rows),
      bytes: scores + vectors(rows * width),
      results: largest,
      argumentsOf: (block) => [scores, count(block), attributes, 0, largest, totals],
      fill(block, { integers, floats }) {
        integers.set(first);
        copyRows(logits, block * rows, count(block), width, floats, scores >>> 2);
      },
      read(block, { floats, doubles }) {
        const from = block * rows;
        into.set(floats.subarray(scores >>> 2, (scores >>> 2) + count(block) * width), from * width);
        for (let r = 0, at = 0; r < count(block); r++) {
          for (let j = 0; j < attributes; j++, at++) {
            const group = from * attributes + at;
            const label = labels[group];
            if (label < 0) continue;
            const own = logitOf(logits, from + r, first[j] + label);
            parts[group] = floats[(largest >>> 2) + at] - own + Math.log(doubles[(totals >>> 3) + at]);
          }
        }
      },
    };
  }

  private sigmoidWork({ labels, logits, size, into, rows }: Logits): BlockWork {
    const { width } = this.schema;
    const each = Math.ceil(width / PART);
    const labelsAt = vectors(PART);
    const sums = labelsAt + vectors(rows * width);
    const scores = sums + vectors(6 * rows * each);
    const parts = this.clearedParts(size * each);
    const count = (block: number) => Math.min(rows, size - block * rows);
    return {
      run: 'sigmoid',
      blocks: Math.ceil(size / rows),
      bytes: scores + vectors(rows * width),
      results: sums,
      argumentsOf: (block) => [scores, count(block), width, labelsAt, 0, sums],
      fill(block, { integers, floats }) {
        const from = block * rows;
        copyRows(logits, from, count(block), width, floats, scores >>> 2);
        integers.set(labels.subarray(from * width, (from + count(block)) * width), labelsAt >>> 2);
      },
      read(block, { floats, doubles }) {
        const from = block * rows;
        into.set(floats.subarray(scores >>> 2, (scores >>> 2) + count(block) * width), from * width);
        for (let k = 0, at = sums >>> 3; k < count(block) * each; k++, at += 3) {
          const small = doubles[at + 1];
          parts[from * each + k] = doubles[at] + (small < SMALL ? small : Math.log(doubles[at + 2]));
        }
      },
    };
  }

  private clearedParts(length: number): Float64Array {
    if (this.parts.length === length) this.parts.fill(0);
    else this.parts = new Float64Array(length);
    return this.parts;
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
