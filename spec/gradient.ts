/**
 * The chain rule: L_crl depends on pair distances, and those on scores or features.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import type { Batch, ClassColumn, Options } from './contract.js';
import { columnOf, featureDistance, type Pair, type Side, scoreDifference } from './distance.js';
import { featuresOf, requireFeatures } from './features.js';

/** What a comparison finds: L_crl, and its derivative with respect to the distance of every pair. */
export interface Compared {
  readonly loss: number;
  /** What all slopes are divided by in the end; 0 if there is nothing to compare. */
  readonly divisor: number;
  /** Visits ∂L/∂d, times the divisor, of the pairs; a pair may be visited many times. */
  visitSlopes(visit: (pair: Pair, side: Side, slope: number) => void): void;
}

/**
 * The derivative of L_crl in closed form, every number an independent variable, the selection
 * constant, flowing through anchor, positive and negative alike (rulings: gradient, kinks).
 *
 * @returns n×S at class level; n×d or J×n×d at instance level
 */
export function rectificationGradient(
  batch: Batch,
  options: Options,
  compared: Compared,
): NdArray<Float64Array> {
  const gradient = zeroGradient(batch, options);
  compared.visitSlopes((pair, side, slope) => {
    addDistanceSlope(gradient, batch, options, pair, side, slope);
  });
  if (compared.divisor === 0) return gradient; // nothing to compare: no slope was visited
  for (let at = 0; at < gradient.data.length; at++) {
    gradient.data[at] = (gradient.data[at] as number) / compared.divisor;
  }
  return gradient;
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

function zeros(shape: number[]): NdArray<Float64Array> {
  return ndarray(new Float64Array(shape.reduce((a, b) => a * b, 1)), shape);
}
