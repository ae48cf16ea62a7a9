/**
 * The whole walk as one graph: `balancedLoss` without a read-back in between, which jax-js differentiates.
 *
 * @module
 */
import type { Options, Schema } from '../../spec/contract.js';
import { classColumns } from './columns.js';
import { crossEntropies, readScores } from './cross-entropy.js';
import { nanUnlessFinite } from './finite.js';
import { minorityOf } from './minority.js';
import { add, div, type JaxArray, mul, part, reshape, sum } from './operations.js';
import { rectification } from './rectification.js';

/** A batch as arrays. */
export interface WalkInputs {
  /** n×S, as `Backend.tensorLoss` takes them, of any type. */
  readonly labels: JaxArray;
  /** n×S. */
  readonly scores: JaxArray;
  /** At instance level: n×d, shared by all attributes, or J×n×d. */
  readonly features?: JaxArray | undefined;
  /** α of this step and 1 − α, in the type of the scores. */
  readonly weights: JaxArray;
}

/** What a walk finds. */
export interface Walk {
  /** L (Eq. 8). */
  readonly loss: JaxArray;
  /** n: α·L_crl + (1−α)·ce_i, whose mean is L. */
  readonly losses: JaxArray;
  /** L_crl. */
  readonly rectification: JaxArray;
  /** L_ce. */
  readonly crossEntropy: JaxArray;
  /** C: h^j_k of each class column. */
  readonly sizes: JaxArray;
  /** C of 0/1: surviving minority classes. */
  readonly surviving: JaxArray;
  /** |X_min|. */
  readonly anchors: JaxArray;
  /** |T|. */
  readonly triplets: JaxArray;
}

/**
 * One walk over a batch. All shapes are static: the largest array has about C·(κ+3)·(κ+1)·κ numbers in the relative
 * comparison at class level, C·n·κ in the absolute one, C·n·κ·τ in the distribution one; at instance level
 * G·n·(n + κ·d + κ²), where G is the number of attributes (of classes for `one-attribute`).
 */
export function walk(schema: Schema, options: Options, inputs: WalkInputs): Walk {
  const { scores } = inputs;
  const [alpha, rest] = [0, 1].map((at) => reshape(part(inputs.weights, 0, at, at + 1), [])) as [
    JaxArray,
    JaxArray,
  ];
  const labels = inputs.labels.ref.astype(scores.dtype);
  const n = scores.shape[0] as number;
  const { probabilities, terms } = readScores(schema, scores);
  const columns = classColumns(schema, labels, probabilities);
  const minority = minorityOf(schema, columns, options.rho);
  const features =
    inputs.features && options.level === 'instance'
      ? stacked(inputs.features.ref.astype(scores.dtype))
      : undefined;
  const crl = rectification(schema, columns, minority, features, options);
  const entropies = crossEntropies(schema, labels, scores, terms);
  const crossEntropy = div(sum(entropies), n);
  const given = features ? [scores, features] : [scores];
  return {
    loss: nanUnlessFinite(given, add(mul(alpha, crl.loss), mul(rest, crossEntropy))),
    losses: nanUnlessFinite(given, add(mul(alpha, crl.loss), mul(rest, entropies))),
    rectification: crl.loss,
    crossEntropy,
    sizes: minority.sizes,
    surviving: minority.surviving,
    anchors: crl.anchors,
    triplets: crl.triplets,
  };
}

/** M×n×d, where M is 1 if the features are shared. */
export function stacked(features: JaxArray): JaxArray {
  return features.ndim === 3 ? features : reshape(features, [1, ...features.shape]);
}
