/**
 * Distances of an anchor to another sample: class level (Eq. 10) on the minority class's column,
 * instance level (Eq. 11) between feature vectors.
 *
 * @module
 */
import type { NdArray } from 'ndarray';
import type { Batch, Options } from './contract.js';
import { featuresOf } from './features.js';
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
  const { data, offset } = features;
  const width = features.shape[1] as number;
  const [perRow, perComponent] = features.stride as [number, number];
  let [ofI, ofK] = [offset + i * perRow, offset + k * perRow];
  let sum = 0;
  for (let t = 0; t < width; t++) {
    // most of the time of mining goes into this loop, and `get` takes twice as long
    const difference = (data[ofI] as number) - (data[ofK] as number);
    sum += difference * difference;
    ofI += perComponent;
    ofK += perComponent;
  }
  return Math.sqrt(sum);
}

/** p_a − p_*, signed, on the class's column. */
export function scoreDifference(batch: Batch, pair: Pair): number {
  const column = columnOf(batch, pair);
  return classScore(batch, pair.anchor, column) - classScore(batch, pair.other, column);
}

/** The class column of a pair. */
export function columnOf(batch: Batch, { attribute, class: k }: Pair): number {
  return batch.attributes[attribute]?.columns[k] as number;
}
