/**
 * The derivative of L with respect to the scores, once a batch has been walked. It is written when the upstream
 * derivative is known, which may weigh samples differently (ruling: sample weights).
 *
 * From logits it is, for each attribute's classes, p_c·(G_c − Σ_k G_k·p_k) + δ_i·(1−α)·(p_c − y_c), where G is the
 * derivative of L_crl with respect to the probabilities. G is 0 but for the few scores that were compared, so that a
 * row of probabilities is multiplied by one number, and few cells are corrected.
 *
 * @module
 */
import type { FloatArray } from './arrays/float-array.js';
import type { SlopeList } from './arrays/slopes.js';
import type { FlatSchema } from './batch/flat-schema.js';
import type { ScoreView } from './batch/scores.js';
import { addCrossEntropySlopes } from './cross-entropy.js';
import { multiplyErrors, multiplyRows } from './multiply-rows.js';

/** What the derivative of a batch is computed from. */
export interface ScoreDerivative {
  readonly schema: FlatSchema;
  /** n rows of `schema.labelWidth`. */
  readonly labels: Int32Array;
  /** n. */
  readonly size: number;
  /** The probabilities that were compared: those given, or those of the logits given, row by row. */
  readonly probabilities: ScoreView;
  /** ∂L_crl with respect to probabilities; none at instance level. */
  readonly slopes: SlopeList;
  readonly alpha: number;
}

/** δ: ∂/∂(loss of sample i), n numbers, or one for all samples. */
export type Upstream = number | Float32Array;

/** Σδ over the n samples. */
export function totalOf(upstream: Upstream, size: number): number {
  return typeof upstream === 'number' ? upstream * size : upstream.reduce((sum, delta) => sum + delta, 0);
}

/**
 * Writes Σ_i δ_i·∂(α·L_crl + (1−α)·ce_i)/∂scores.
 *
 * @param into - n×S row by row. From logits it may be the array of the probabilities
 */
export function writeScoreGradient(derivative: ScoreDerivative, upstream: Upstream, into: FloatArray): void {
  const { schema, labels, size, probabilities, slopes, alpha } = derivative;
  const shared = alpha * totalOf(upstream, size);
  const weightOf = (i: number) => (1 - alpha) * (typeof upstream === 'number' ? upstream : upstream[i]);
  if (!schema.source.fromLogits) {
    into.fill(0);
    addCrossEntropySlopes(schema, labels, probabilities, size, weightOf, into);
    addSlopes(slopes, schema.width, into, () => shared);
    return;
  }
  const { data } = probabilities;
  if (schema.encoding === 'categorical') {
    throughSoftmax(schema, labels, data, meansOf(derivative, shared), weightOf, into);
    addSlopes(slopes, schema.width, into, (p) => shared * p);
  } else {
    multiplyErrors(
      labels,
      data,
      Float64Array.from({ length: size }, (_, i) => weightOf(i)),
      into,
    );
    addSlopes(slopes, schema.width, into, (p) => shared * p * (1 - p));
  }
}

/** Adds the listed derivatives, each times a factor that may depend on the probability. */
function addSlopes(
  { count, sample, column, slope, score }: SlopeList,
  width: number,
  into: FloatArray,
  factorOf: (p: number) => number,
): void {
  for (let k = 0; k < count; k++) into[sample[k] * width + column[k]] += factorOf(score[k]) * slope[k];
}

/** `factor`·Σ_k G_k·p_k of each sample and attribute. */
function meansOf({ schema, size, slopes }: ScoreDerivative, factor: number): Float64Array {
  const { attributes, attributeOf } = schema;
  const { count, sample, column, slope, score } = slopes;
  const means = new Float64Array(size * attributes);
  for (let k = 0; k < count; k++)
    means[sample[k] * attributes + attributeOf[column[k]]] += factor * slope[k] * score[k];
  return means;
}

/** @param means - n×J, of each sample and attribute; overwritten */
function throughSoftmax(
  { attributes, first, width }: FlatSchema,
  labels: Int32Array,
  probabilities: FloatArray,
  means: Float64Array,
  weightOf: (i: number) => number,
  into: FloatArray,
): void {
  const ownOf = (group: number) => (labels[group] < 0 ? 0 : weightOf(Math.floor(group / attributes)));
  for (let group = 0; group < means.length; group++) means[group] = ownOf(group) - means[group];
  multiplyRows(first, probabilities, means, into);
  for (let group = 0, row = 0; group < means.length; row += width) {
    for (let j = 0; j < attributes; j++, group++) {
      if (labels[group] >= 0) into[row + first[j] + labels[group]] -= ownOf(group);
    }
  }
}
