/**
 * Distances of an anchor to another sample, and their derivatives: class level (Eq. 10) on the
 * minority class's column, instance level (Eq. 11) between feature vectors.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import type { Batch, ClassColumn, Options } from './contract.js';
import { featuresOf, requireFeatures } from './features.js';
import { classScore } from './scores.js';

/** Which of an anchor's samples: d(a,+) or d(a,−). */
export type Side = 'positive' | 'negative';

/** An anchor with one of its mined samples, under one class of one attribute. */
export interface Pair {
  readonly anchor: number;
  readonly other: number;
  readonly attribute: number;
  readonly class: number;
}

/**
 * d(a,+) or d(a,−) of a pair.
 *
 * Class level (Eq. 10): d(a,+) = |p_a − p_+|, and d(a,−) = p_a − p_−, signed (ruling: signed distance).
 * Instance level (Eq. 11): ‖f_a − f_*‖ on both sides.
 */
export function pairDistance(batch: Batch, options: Options, pair: Pair, side: Side): number {
  if (options.level === 'instance') {
    return featureDistance(featuresOf(batch, pair.attribute), pair.anchor, pair.other);
  }
  const difference = scoreDifference(batch, pair);
  return side === 'positive' ? Math.abs(difference) : difference;
}

/**
 * ‖f_i − f_k‖₂ in float64, components in order (ruling: features).
 *
 * @example
 * ```ts
 * import { featureDistance } from 'class-rectification/spec';
 * import ndarray from 'ndarray';
 * featureDistance(ndarray(Float64Array.of(0, 0, 3, 4), [2, 2]), 0, 1); // → 5
 * ```
 */
export function featureDistance(features: NdArray<Float64Array>, i: number, k: number): number {
  let sum = 0;
  for (let t = 0; t < (features.shape[1] as number); t++) {
    const difference = features.get(i, t) - features.get(k, t);
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}

/** A gradient of zeros: n×S at class level, n×d or J×n×d at instance level. */
export function zeroGradient(batch: Batch, options: Options): NdArray<Float64Array> {
  if (options.level === 'class') return zeros([batch.size, batch.scoreWidth]);
  const { perAttribute, width } = requireFeatures(batch);
  return zeros(perAttribute ? [batch.attributes.length, batch.size, width] : [batch.size, width]);
}

/**
 * Adds slope·∂d/∂inputs of a pair's distance to a gradient (rulings: gradient, kinks).
 *
 * The derivative of |x| at 0 and of ‖·‖ at 0 is 0; the absent side of a label contributes with −1.
 */
export function addDistanceSlope(
  gradient: NdArray<Float64Array>,
  batch: Batch,
  options: Options,
  pair: Pair,
  side: Side,
  slope: number,
): void {
  if (options.level === 'instance') {
    addFeatureSlope(gradient, batch, pair, slope);
    return;
  }
  const { score, sign } = batch.columns[columnOf(batch, pair)] as ClassColumn;
  const turned = side === 'positive' ? Math.sign(scoreDifference(batch, pair)) : 1;
  const amount = slope * sign * turned;
  gradient.set(pair.anchor, score, gradient.get(pair.anchor, score) + amount);
  gradient.set(pair.other, score, gradient.get(pair.other, score) - amount);
}

function addFeatureSlope(gradient: NdArray<Float64Array>, batch: Batch, pair: Pair, slope: number): void {
  const features = featuresOf(batch, pair.attribute);
  const distance = featureDistance(features, pair.anchor, pair.other);
  if (distance === 0) return;
  const own = requireFeatures(batch).perAttribute ? gradient.pick(pair.attribute, null, null) : gradient;
  for (let t = 0; t < (features.shape[1] as number); t++) {
    const amount = (slope * (features.get(pair.anchor, t) - features.get(pair.other, t))) / distance;
    own.set(pair.anchor, t, own.get(pair.anchor, t) + amount);
    own.set(pair.other, t, own.get(pair.other, t) - amount);
  }
}

/** p_a − p_*, signed, on the class's column. */
function scoreDifference(batch: Batch, pair: Pair): number {
  const column = columnOf(batch, pair);
  return classScore(batch, pair.anchor, column) - classScore(batch, pair.other, column);
}

function columnOf(batch: Batch, { attribute, class: k }: Pair): number {
  return batch.attributes[attribute]?.columns[k] as number;
}

function zeros(shape: number[]): NdArray<Float64Array> {
  return ndarray(new Float64Array(shape.reduce((a, b) => a * b, 1)), shape);
}
