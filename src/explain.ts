/**
 * `explain`: one batch walked through the stages, as plain data.
 *
 * @module
 */
import type { NdArray } from 'ndarray';
import { type Anchor, crossEntropy, readDocument, toProbabilities, walkStages } from '../spec/index.js';

/** The walk of one batch: indices zero-based, orders as ruled. */
export interface Explanation {
  readonly profile: readonly (readonly number[])[];
  readonly minority: readonly (readonly number[])[];
  readonly anchors: readonly Anchor[];
  /** Rows (anchor, positive, negative, attribute, class). */
  readonly triplets: readonly (readonly number[])[];
  /** L_crl. */
  readonly loss: number;
  /** The derivative of L_crl in the shape of the scores, at instance level of the features (n×d or J×n×d). */
  readonly gradient: readonly (readonly number[])[] | readonly (readonly (readonly number[])[])[];
  /** L_ce, with `options.alpha`. */
  readonly crossEntropy?: number;
  /** L, with `options.alpha`. */
  readonly balanced?: number;
}

/**
 * Walks a batch through the specification.
 *
 * @param document - a batch and its options, in the JSON form of `crl explain`. Logits are turned
 * into probabilities first, and the gradient is with respect to those
 * @throws InputTypeError, InputRangeError
 * @example
 * ```ts
 * import { explain } from 'class-rectification/explain';
 * const scores = [[0.25, 0.75], [0.25, 0.75], [0.5, 0.5], [0.5, 0.5]];
 * explain({ attributes: [2], labels: [[0], [0], [1], [1]], scores, options: { kappa: 1 } }).triplets;
 * // → [[0, 1, 2, 0, 0], [1, 0, 2, 0, 0]]
 * ```
 */
export function explain(document: unknown): Explanation {
  const { batch: given, options, alpha } = readDocument(document);
  const { selection, hard, triplets, rectification } = walkStages(toProbabilities(given), options);
  const { loss, gradient } = rectification;
  const walk: Explanation = {
    ...selection,
    anchors: hard.anchors,
    triplets: rows(triplets),
    loss,
    gradient: matrices(gradient),
  };
  if (alpha === undefined) return walk;
  const ce = crossEntropy(given);
  return { ...walk, crossEntropy: ce, balanced: alpha * loss + (1 - alpha) * ce };
}

/** A two-dimensional array as rows. */
function rows(matrix: NdArray): number[][] {
  const [count, width] = matrix.shape as [number, number];
  return Array.from({ length: count }, (_, i) => Array.from({ length: width }, (_, j) => matrix.get(i, j)));
}

/** One matrix, or one per attribute. */
function matrices(array: NdArray): number[][] | number[][][] {
  if (array.shape.length === 2) return rows(array);
  return Array.from({ length: array.shape[0] as number }, (_, j) => rows(array.pick(j, null, null)));
}
