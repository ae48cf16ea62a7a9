/**
 * Cross entropy and its derivative on flat arrays (Eq. 2).
 *
 * @module
 */
import { SMALLEST_PROBABILITY } from '../../spec/rules.js';
import type { FloatArray } from './arrays/float-array.js';
import type { FlatSchema } from './batch/flat-schema.js';
import type { ScoreView } from './batch/scores.js';

/**
 * Returns L_ce of probabilities, and adds `weight` times its derivative to the gradient.
 *
 * @param labels - n rows of `schema.labelWidth`
 * @param terms - n numbers: ce_i, whose mean is L_ce, is added to entry i
 */
export function crossEntropyOfProbabilities(
  schema: FlatSchema,
  labels: Int32Array,
  { data, offset, rowStride, columnStride }: ScoreView,
  size: number,
  weight: number,
  gradient: FloatArray,
  terms?: Float64Array,
): number {
  const { encoding, labelWidth, first, width } = schema;
  const scale = weight / size;
  let sum = 0;
  for (let i = 0, at = 0; i < size; i++) {
    for (let l = 0; l < labelWidth; l++, at++) {
      const label = labels[at];
      if (label < 0) continue;
      const s = encoding === 'categorical' ? first[l] + label : l;
      const v = data[offset + i * rowStride + s * columnStride];
      const absent = encoding !== 'categorical' && label === 0;
      const p = absent ? 1 - v : v;
      const term = -Math.log(Math.max(p, SMALLEST_PROBABILITY));
      sum += term;
      if (terms) terms[i] += term;
      if (!(p > SMALLEST_PROBABILITY)) continue;
      const cell = i * width + s;
      gradient[cell] += (absent ? scale : -scale) / p;
    }
  }
  return sum / size;
}

/**
 * Returns L_ce of logits, in its numerically stable form, and writes their probabilities, n×S row by row: a
 * softmax over each attribute's classes, or a sigmoid of each score where labels are 0 or 1.
 *
 * @param terms - n numbers: ce_i is added to entry i
 * @returns L_ce, or NaN if a logit is not finite; the specification then says which
 */
export function crossEntropyOfLogits(
  schema: FlatSchema,
  labels: Int32Array,
  logits: ScoreView,
  size: number,
  probabilities: Float64Array,
  terms?: Float64Array,
): number {
  return schema.encoding === 'categorical'
    ? softmaxRows(schema, labels, logits, size, probabilities, terms)
    : sigmoidRows(schema, labels, logits, size, probabilities, terms);
}

function softmaxRows(
  { attributes, first, width }: FlatSchema,
  labels: Int32Array,
  { data, offset, rowStride, columnStride }: ScoreView,
  size: number,
  probabilities: Float64Array,
  terms: Float64Array | undefined,
): number {
  let sum = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < attributes; j++) {
      const from = first[j];
      const to = first[j + 1];
      const base = offset + i * rowStride;
      let largest = Number.NEGATIVE_INFINITY;
      for (let c = from; c < to; c++) {
        const z = data[base + c * columnStride];
        if (!Number.isFinite(z)) return Number.NaN;
        if (z > largest) largest = z;
      }
      let total = 0;
      for (let c = from; c < to; c++) {
        const power = Math.exp(data[base + c * columnStride] - largest);
        probabilities[i * width + c] = power;
        total += power;
      }
      for (let c = from; c < to; c++) {
        probabilities[i * width + c] /= total;
      }
      const label = labels[i * attributes + j];
      if (label < 0) continue;
      const term = largest - data[base + (from + label) * columnStride] + Math.log(total);
      sum += term;
      if (terms) terms[i] += term;
    }
  }
  return sum / size;
}

function sigmoidRows(
  { width }: FlatSchema,
  labels: Int32Array,
  { data, offset, rowStride, columnStride }: ScoreView,
  size: number,
  probabilities: Float64Array,
  terms: Float64Array | undefined,
): number {
  let sum = 0;
  for (let i = 0, at = 0; i < size; i++) {
    for (let s = 0; s < width; s++, at++) {
      const z = data[offset + i * rowStride + s * columnStride];
      if (!Number.isFinite(z)) return Number.NaN;
      const e = Math.exp(-Math.abs(z));
      probabilities[at] = z >= 0 ? 1 / (1 + e) : e / (1 + e);
      const label = labels[at];
      if (label < 0) continue;
      const term = Math.max(z, 0) - z * label + Math.log1p(e);
      sum += term;
      if (terms) terms[i] += term;
    }
  }
  return sum / size;
}

/**
 * Turns a derivative with respect to probabilities into one with respect to their logits, in place, and
 * adds `weight` times that of L_ce, which is (p − y)/n.
 *
 * @param entropyGradient - if it is another array, takes the derivative of L_ce alone
 */
export function throughLogits(
  schema: FlatSchema,
  labels: Int32Array,
  probabilities: Float64Array,
  size: number,
  weight: number,
  gradient: FloatArray,
  entropyGradient: FloatArray = gradient,
): void {
  const { attributes, first, width, encoding } = schema;
  const scale = weight / size;
  const apart = entropyGradient !== gradient;
  if (encoding !== 'categorical') {
    for (let at = 0; at < size * width; at++) {
      const p = probabilities[at];
      const label = labels[at];
      const slope = p * (1 - p) * gradient[at];
      const own = label < 0 ? 0 : scale * (p - label);
      gradient[at] = apart ? slope : slope + own;
      if (apart) entropyGradient[at] = own;
    }
    return;
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < attributes; j++) {
      const from = i * width + first[j];
      const to = i * width + first[j + 1];
      const label = labels[i * attributes + j];
      let mean = 0;
      for (let at = from; at < to; at++) mean += gradient[at] * probabilities[at];
      const own = label < 0 ? 0 : scale;
      for (let at = from; at < to; at++) {
        const p = probabilities[at];
        const slope = p * (gradient[at] - mean);
        gradient[at] = apart ? slope : slope + own * p;
        if (apart) entropyGradient[at] = own * p;
      }
      if (label >= 0) entropyGradient[from + label] -= own;
    }
  }
}
