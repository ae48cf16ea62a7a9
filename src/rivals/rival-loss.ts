/**
 * What the rivals share: a loss of logits, one number per sample.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import {
  createSchema,
  type ExpectedColumns,
  type Schema,
  SMALLEST_PROBABILITY,
  unknownName,
  wrongType,
} from '../../spec/rules.js';
import { type CheckLabels, lossInputs } from '../support/loss-input/loss-inputs.js';
import { warnOnce } from '../support/warn-once.js';

/**
 * A loss for `model.compile({ loss })`: labels and logits, n×K, to n numbers in nats.
 *
 * Labels are one-hot rows (all zeros: unlabelled, adds 0) or class indices, n×1 or n (−1: unlabelled);
 * where samples may have several labels, rows of 0 and 1 (−1: unlabelled). The mean of the n numbers is the
 * loss of the batch: `model.fit` takes it, a training loop of your own calls `tf.mean(loss(yTrue, yPred))`.
 */
export type RivalLoss = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor1D;

/** What every rival takes. */
export interface CheckOption {
  /**
   * How often label values are checked on an engine whose tensors cannot be read at once. Default `first`:
   * in the first 10 batches.
   */
  readonly check?: CheckLabels;
}

/** What a rival knows of its labels. */
export interface RivalColumns {
  /** K, from training counts; undefined where there are none. */
  readonly classes?: number;
  /** Whether a sample may have several labels. Default false. */
  readonly severalLabels?: boolean | undefined;
  readonly check?: CheckLabels | undefined;
}

/** A rival from its formula, which is given checked n×K labels and logits and returns n numbers. */
export function rivalLoss(
  { classes, severalLabels = false, check }: RivalColumns,
  formula: (labels: tf.Tensor2D, logits: tf.Tensor2D) => tf.Tensor1D,
): RivalLoss {
  if (typeof severalLabels !== 'boolean') {
    wrongType('wrong-type', 'options.severalLabels', 'true or false', severalLabels);
  }
  const inputs = lossInputs({
    columns: columnsOf(classes, severalLabels),
    schemaOf: schemas(severalLabels),
    fromLogits: true,
    check,
    severalLabels: SEVERAL_LABELS,
    warn: warnOnce(),
  });
  return (yTrue, yPred) =>
    tf.tidy(() => {
      const labels = inputs.labels(yTrue, yPred, { labels: 'yTrue', scores: 'yPred' });
      return formula(labels, yPred as tf.Tensor2D);
    });
}

const SEVERAL_LABELS =
  'several labels per sample need severalLabels: true, or samples for a loss with training counts';

function columnsOf(classes: number | undefined, severalLabels: boolean): ExpectedColumns {
  const width = classes === undefined ? {} : { width: classes };
  const counted = classes === undefined ? 'logits' : `for ${classes} training counts`;
  return severalLabels
    ? { ...width, reason: `${counted} (one column per label)` }
    : { ...width, reason: `${counted} (one column per class)`, indexColumns: 1 };
}

/** The schema of K columns, made once for each K. */
function schemas(severalLabels: boolean): (width: number) => Schema {
  const made = new Map<number, Schema>();
  return (width) => {
    const known = made.get(width);
    if (known) return known;
    const schema = severalLabels
      ? createSchema({ attributes: new Array(width).fill(2), encoding: 'multi-label', fromLogits: true })
      : createSchema({ attributes: [width], fromLogits: true });
    made.set(width, schema);
    return schema;
  };
}

/**
 * w_y (1 − p_y)^γ (−log p_y) of each sample. The rivals are special cases.
 *
 * From γ > 0 on, 1 − p_y is taken as at least 1e-7, so that no power of it has an infinite slope.
 *
 * @param weights - w_k. Default: 1 for all
 * @param gamma - γ. Default 0
 */
export function softmaxLoss(
  labels: tf.Tensor,
  logits: tf.Tensor,
  weights?: readonly number[],
  gamma = 0,
): tf.Tensor1D {
  return tf.tidy(() => {
    const logP = tf.logSoftmax(logits);
    // y w: the sample's weight is that of its class
    const target = weights ? tf.mul(labels, tf.tensor1d([...weights])) : labels;
    let terms = tf.mul(target, logP);
    if (gamma > 0) {
      // the other classes' probabilities, added up: 1 − p loses all digits as p nears 1
      const missed = tf.sum(tf.mul(tf.exp(logP), tf.sub(1, labels)), -1, true);
      terms = tf.mul(terms, tf.pow(tf.maximum(missed, SMALLEST_PROBABILITY), gamma));
    }
    return tf.neg(tf.sum(terms, -1)) as tf.Tensor1D;
  });
}

/** Refuses options that a rival does not have: none must be silently ignored. */
export function refuseUnknown(options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    wrongType('wrong-type', 'options', `an object with ${known.join(', ')}`, options);
  }
  if (options instanceof tf.Tensor) {
    const expected = `an object with ${known.join(', ')}: call the function, and give compile what it returns`;
    wrongType('wrong-type', 'options', expected, options);
  }
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) unknownName(`options.${key}`, 'an option', known, key);
  }
}
