/**
 * Cross entropy (Eq. 2), and the way from logits to probabilities.
 *
 * @module
 */
import type { Schema } from '../../spec/contract.js';
import { SMALLEST_PROBABILITY } from '../../spec/scores.js';
import { exp, log } from './exponentials.js';
import {
  add,
  concatenate,
  div,
  equal,
  greater,
  type JaxArray,
  less,
  mask,
  max,
  mul,
  neg,
  part,
  sub,
  sum,
  where,
} from './operations.js';

/** Scores in the two forms that the loss reads. */
export interface ReadScores {
  /** n×S: probabilities. */
  readonly probabilities: JaxArray;
  /**
   * n×S: what a sample's cross entropy is made of. For categorical labels −log p; for the others, from logits
   * log(1 + e^z), from probabilities the scores themselves.
   */
  readonly terms: JaxArray;
}

/**
 * Reads scores. From logits both forms are made of the same exponentials: a softmax over each attribute's classes, or
 * a sigmoid.
 *
 * @param scores - n×S as given: logits or probabilities
 */
export function readScores(schema: Schema, scores: JaxArray): ReadScores {
  const isCategorical = schema.encoding === 'categorical';
  if (!schema.fromLogits) {
    return { probabilities: scores, terms: isCategorical ? neg(log(floored(scores))) : scores };
  }
  if (!isCategorical) return logistic(scores);
  const parts = schema.attributes.map(({ columns: [first = 0, ...rest] }) =>
    softmax(schema.attributes.length === 1 ? scores : part(scores, 1, first, first + rest.length + 1)),
  );
  const joined = (of: (own: ReadScores) => JaxArray) =>
    parts.length === 1 ? of(parts[0] as ReadScores) : concatenate(parts.map(of), 1);
  return { probabilities: joined((own) => own.probabilities), terms: joined((own) => own.terms) };
}

/**
 * n: the cross entropy of each sample, 0 for one that is not labelled. Their mean is L_ce.
 *
 * @param labels - n×S, as `Backend.tensorLoss` takes them, in the type of the scores
 * @param scores - n×S as given: logits or probabilities
 * @param terms - what {@link readScores} made of them
 */
export function crossEntropies(
  schema: Schema,
  labels: JaxArray,
  scores: JaxArray,
  terms: JaxArray,
): JaxArray {
  const wanted = mask(greater(labels, 0), scores); // −1, unlabelled, is no target
  if (schema.encoding === 'categorical') return sum(mul(wanted, terms), 1);
  const labelled = add(wanted, mask(equal(labels, 0), scores));
  const losses = schema.fromLogits
    ? sub(terms, mul(scores, wanted))
    : neg(log(floored(where(greater(wanted, 0), terms, sub(1, terms)))));
  return sum(mul(labelled, losses), 1);
}

/** max(p, 1e-7), with derivative 0 at and below it (rulings: cross entropy, kinks). */
function floored(p: JaxArray): JaxArray {
  return where(greater(p, SMALLEST_PROBABILITY), p, add(mul(p, 0), SMALLEST_PROBABILITY));
}

/** Measured from the largest logit, so that a small −log p does not lose its digits to a large logit. */
function softmax(logits: JaxArray): ReadScores {
  const below = sub(logits, max(logits, 1, true));
  const powers = exp(below);
  const total = sum(powers, 1, true);
  return { probabilities: div(powers, total), terms: sub(log(total), below) };
}

/** 1/(1 + e^−z), whose powers do not overflow, and log(1 + e^z) = max(z, 0) + log(1 + e^−|z|). */
function logistic(z: JaxArray): ReadScores {
  const isNegative = less(z, 0);
  const power = exp(where(isNegative, z, neg(z))); // e^−|z|, whose derivative at 0 is that of the right side
  const upper = div(1, add(1, power));
  return {
    probabilities: where(isNegative, mul(power, upper), upper),
    terms: add(where(isNegative, mul(z, 0), z), log(add(1, power))),
  };
}
