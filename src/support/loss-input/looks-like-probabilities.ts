/**
 * Whether scores that should be logits are probabilities.
 *
 * @module
 */
import type { Schema } from '../../../spec/rules.js';

/** How far the sum of a softmax in float32 may lie from 1. */
const SUM_TOLERANCE = 1e-4;

/** Fewer numbers than these may lie between 0 and 1 by chance. */
const LEAST_SIGMOIDS = 8;

/**
 * True for what a softmax over each attribute's classes gives: rows of numbers ≥ 0 that sum to 1; of the
 * encodings that have a sigmoid per column, for numbers that all lie strictly between 0 and 1.
 *
 * @param scores - n×S, row by row
 */
export function looksLikeProbabilities(schema: Schema, scores: ArrayLike<number>): boolean {
  return schema.encoding === 'categorical' ? areSoftmaxes(schema, scores) : areSigmoids(scores);
}

function areSoftmaxes({ attributes, scoreWidth }: Schema, scores: ArrayLike<number>): boolean {
  // the softmax of a single class is always 1: logits of 1 tell nothing
  if (attributes.every(({ classes }) => classes.length === 1)) return false;
  for (let row = 0; row < scores.length; row += scoreWidth) {
    for (const { columns } of attributes) {
      let sum = 0;
      for (const c of columns) {
        const score = scores[row + c] as number;
        if (!(score >= 0)) return false;
        sum += score;
      }
      if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) return false;
    }
  }
  return true;
}

function areSigmoids(scores: ArrayLike<number>): boolean {
  if (scores.length < LEAST_SIGMOIDS) return false;
  for (let at = 0; at < scores.length; at++) {
    const score = scores[at] as number;
    if (!(score > 0 && score < 1)) return false;
  }
  return true;
}
