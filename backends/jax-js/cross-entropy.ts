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

/**
 * n: the cross entropy of each sample, 0 for one that is not labelled. Their mean is L_ce. From logits it is fused
 * with the softmax or the sigmoid.
 *
 * @param labels - n×S, as `Backend.tensorLoss` takes them, in the type of the scores
 * @param scores - n×S as given: logits or probabilities
 */
export function crossEntropies(schema: Schema, labels: JaxArray, scores: JaxArray): JaxArray {
  const wanted = mask(greater(labels, 0), scores); // −1, unlabelled, is no target
  if (schema.encoding === 'categorical') {
    const terms = schema.fromLogits
      ? byAttribute(schema, scores, minusLogSoftmax)
      : neg(log(floored(scores)));
    return sum(mul(wanted, terms), 1);
  }
  const labelled = add(wanted, mask(equal(labels, 0), scores));
  const terms = schema.fromLogits
    ? sub(softplus(scores), mul(scores, wanted))
    : neg(log(floored(where(greater(wanted, 0), scores, sub(1, scores)))));
  return sum(mul(labelled, terms), 1);
}

/** Probabilities of logits: a softmax over each attribute's classes, or a sigmoid. Probabilities stay as they are. */
export function probabilitiesOf(schema: Schema, scores: JaxArray): JaxArray {
  if (!schema.fromLogits) return scores;
  if (schema.encoding !== 'categorical') return sigmoid(scores);
  return byAttribute(schema, scores, (own) => {
    const powers = exp(sub(own, max(own, 1, true)));
    return div(powers, sum(powers, 1, true));
  });
}

/** max(p, 1e-7), with derivative 0 at and below it (rulings: cross entropy, kinks). */
function floored(p: JaxArray): JaxArray {
  return where(greater(p, SMALLEST_PROBABILITY), p, add(mul(p, 0), SMALLEST_PROBABILITY));
}

/** log Σ e^z − z. Measured from the largest logit, so that a small result does not lose its digits to a large logit. */
function minusLogSoftmax(logits: JaxArray): JaxArray {
  const below = sub(logits, max(logits, 1, true));
  return sub(log(sum(exp(below), 1, true)), below);
}

/** 1/(1 + e^−z). Neither power overflows. */
function sigmoid(z: JaxArray): JaxArray {
  const power = exp(minusSize(z));
  const upper = div(1, add(1, power));
  return where(less(z, 0), mul(power, upper), upper);
}

/** log(1 + e^z) = max(z, 0) + log(1 + e^−|z|). */
function softplus(z: JaxArray): JaxArray {
  return add(where(less(z, 0), mul(z, 0), z), log(add(1, exp(minusSize(z)))));
}

/** −|z|, whose derivative at 0 is −1, as the two branches above need it. */
function minusSize(z: JaxArray): JaxArray {
  return where(less(z, 0), z, neg(z));
}

/** Applies an operation to each attribute's columns of n×C numbers. */
function byAttribute(schema: Schema, x: JaxArray, operation: (own: JaxArray) => JaxArray): JaxArray {
  if (schema.attributes.length === 1) return operation(x);
  const parts = schema.attributes.map(({ columns }) =>
    operation(part(x, 1, columns[0] as number, (columns[0] as number) + columns.length)),
  );
  return concatenate(parts, 1);
}
