/**
 * Right backends whose steps of training are wrong in some of the ways in which people train: labels of another
 * type, a value without a derivative, two losses at once, a derivative that is handed down.
 *
 * @module
 */
import ndarray from 'ndarray';
import type { BalancedOptions, Batch } from '../../spec/index.js';
import type { TrainingLoss, TrainingResult, TrainingStep } from '../property.js';
import { entries } from '../walk.js';
import { composeBackend } from './compose.js';
import { rightly, wrongTraining } from './training.js';
import type { WrongBackend } from './wrong-backend.js';

const COMBINED = 'training-agrees-on-combinations';

/** Wrong ways of taking a step. */
export const wrongSteps: readonly WrongBackend[] = [
  wrongTraining(
    'int32-labels-unread',
    'labels of int32 are read as zeros',
    'training-agrees',
    (batch, options, _, { labels }) => rightly(labels === 'int32' ? withZeroLabels(batch) : batch, options),
  ),
  wrongTraining(
    'bool-labels-unread',
    'labels of bool are read as zeros',
    'training-logits-agree',
    (batch, options, _, { labels }) => rightly(labels === 'bool' ? withZeroLabels(batch) : batch, options),
  ),
  wrongTraining(
    'evaluates-cross-entropy',
    'without a derivative, L is the cross entropy alone',
    'training-evaluates',
    (batch, options) => ({
      ...rightly(batch, options),
      evaluated: rightly(batch, { ...options, alpha: 0 }).loss,
    }),
  ),
  wrongTraining(
    'evaluates-rounded-alpha',
    'without a derivative, α is rounded to whole per cents',
    'training-evaluates',
    (batch, options) => {
      const alpha = Math.round(100 * options.alpha * 0.5) / 50;
      return { ...rightly(batch, options), evaluated: rightly(batch, { ...options, alpha }).loss };
    },
  ),
  wrongTraining(
    'evaluates-all-anchors',
    'without a derivative, easy anchors are all members of their classes',
    COMBINED,
    (batch, options) => ({
      ...rightly(batch, options),
      evaluated: rightly(batch, { ...options, anchors: 'all' }).loss,
    }),
  ),
  wrongTraining(
    'first-alpha-of-logits',
    'from logits, a step takes the α that the loss was made with, not the one that it is given',
    COMBINED,
    (batch, options, _, { madeAt }) =>
      rightly(batch, batch.fromLogits && madeAt !== undefined ? { ...options, alpha: madeAt } : options),
  ),
  wrongTraining(
    'no-gradient-after-evaluation',
    'after L without a derivative, the next step has no gradient of L_crl',
    'training-evaluates',
    (batch, options, _, { evaluated }) => {
      const right = rightly(batch, options);
      if (!evaluated) return right;
      return { ...right, gradient: rightly(batch, { ...options, alpha: 0 }).gradient, evaluated: right.loss };
    },
  ),
  wrongTraining(
    'disposes-of-labels',
    'the caller’s labels are disposed of after the step',
    'training-agrees',
    (batch, options) => ({ ...rightly(batch, options), disposed: ['labels'] }),
  ),
  wrongTraining(
    'writes-to-logits',
    'the caller’s logits are shifted in place by the largest of their row',
    'training-logits-agree',
    (batch, options) => ({
      ...rightly(batch, options),
      written: batch.fromLogits && batch.encoding === 'categorical' ? ['scores'] : [],
    }),
  ),
  wrongTraining(
    'accumulated-gradient-overwritten',
    'a gradient that was not read yet is overwritten by the next step of a batch of the same size',
    'training-steps-independent',
    (batch, options, _, { before = [] }) => {
      const later = before.find(({ size }) => size === batch.size);
      const right = rightly(batch, options);
      if (!later) return right;
      return { ...right, gradient: rightly(later, { ...options, alpha: 1 - options.alpha }).gradient };
    },
  ),
  wrongTraining(
    'scores-of-an-earlier-epoch',
    'a batch of the labels of an earlier one is taken with the scores of that one',
    'training-steps-independent',
    (batch, options, _, { before = [] }) => {
      const labels = String(entries(batch.membership));
      const earlier = before.find(({ membership }) => String(entries(membership)) === labels);
      return rightly(earlier ? { ...batch, scores: earlier.scores } : batch, options);
    },
  ),
  wrongTraining(
    'rows-of-a-larger-batch',
    'after a larger batch, a smaller one is computed as that one was',
    'training-steps-independent',
    (batch, options, _, { before = [] }) => {
      const larger = before.find(({ size }) => size > batch.size);
      return { ...rightly(batch, options), ...(larger ? { loss: rightly(larger, options).loss } : {}) };
    },
  ),
  wrongTraining(
    'one-loss-keeps-one-derivative',
    'of two batches in one tape, the first gets the derivative of the second',
    'training-losses-independent',
    (batch, options, _, { beside }) => {
      const right = rightly(batch, options);
      if (!beside) return right;
      const second = rightly(beside.batch, beside.options);
      return { ...right, ...(beside.isSameLoss ? { gradient: second.gradient } : {}), beside: second };
    },
  ),
  wrongTraining(
    'forms-share-a-derivative',
    'of L and the losses of the samples in one tape, L gets the derivative of the other',
    'training-weighs-samples',
    (batch, options, _, { beside, weights }) => {
      const right = rightly(batch, options, weights);
      if (!beside) return right;
      const second = rightly(beside.batch, beside.options);
      return { ...right, beside: { ...second, ...(weights ? { gradient: right.gradient } : {}) } };
    },
    { perSample: true },
  ),
  wrongTraining(
    'upstream-twice',
    'a factor of the loss counts twice in its gradient',
    'training-agrees',
    (batch, options, _, { weight = 1 }) => times(rightly(batch, options), weight),
  ),
  wrongTraining(
    'upstream-without-sign',
    'a negative factor of the loss counts as a positive one in its gradient',
    'training-agrees',
    (batch, options, _, { weight = 1 }) => times(rightly(batch, options), Math.sign(weight)),
  ),
  wrongTraining(
    'losses-share-options',
    'a loss is computed with the options of the one that was made last',
    'training-losses-independent',
    (batch, options, _, { beside }) => ({
      ...rightly(batch, beside ? { ...beside.options, alpha: options.alpha } : options),
      ...(beside ? { beside: rightly(beside.batch, beside.options) } : {}),
    }),
  ),
  sharing('margins', ({ margin }) => ({ margin })),
  sharing('histograms', ({ bins, range }) => ({ bins, range })),
  sharing('rho', ({ rho }) => ({ rho })),
  sharing('comparison', ({ comparison }) => ({ comparison })),
  wrongTraining(
    'one-loss-in-a-tape',
    'of two losses in one tape, the second has the gradient of L_ce alone',
    'training-losses-independent',
    (batch, options, _, { beside }) => {
      const right = rightly(batch, options);
      if (beside === undefined) return right;
      const { gradient } = rightly(beside.batch, { ...beside.options, alpha: 0 });
      return { ...right, beside: { ...rightly(beside.batch, beside.options), gradient } };
    },
  ),
  wrongTraining(
    'trains-on-half-margin',
    'with several attributes, training takes 0.5 for every margin',
    COMBINED,
    (batch, options) => {
      const several = batch.attributes.length > 1;
      return rightly(batch, several ? { ...options, margin: options.margin.map(() => 0.5) } : options);
    },
  ),
  wrongTraining('trains-on-half-floats', 'training rounds α to a half-float', COMBINED, (batch, options) =>
    rightly(batch, { ...options, alpha: toHalf(options.alpha) }),
  ),
  wrongTraining(
    'trains-nine-attributes',
    'attributes after the eighth are not trained',
    COMBINED,
    (batch, options) => {
      const { gradient, ...rest } = rightly(batch, options);
      const isTrained = (s: number) => (batch.columns[batch.presence[s] as number]?.attribute ?? 0) < 8;
      return { ...rest, gradient: gradient.map((x, at) => (isTrained(at % batch.scoreWidth) ? x : 0)) };
    },
  ),
  leaking(
    'leaks-at-instance-level',
    'a tensor is leaked in every step at instance level',
    (_, { level }) => level === 'instance',
  ),
  leaking(
    'leaks-when-observed',
    'a tensor is leaked in every step that is observed',
    (how) => how.observed === true,
  ),
  leaking(
    'leaks-without-alpha',
    'a tensor is leaked in every step that is given no α',
    (how) => how.withoutAlpha === true,
  ),
  leaking('leaks-bool-labels', 'a tensor is leaked where labels are bools', (how) => how.labels === 'bool'),
  leaking(
    'leaks-in-evaluation',
    'a tensor is leaked where L is computed without a derivative',
    (how) => how.evaluated === true,
  ),
];

/** The batch with labels of zeros: categorical ones are missing, binary ones absent. */
function withZeroLabels(batch: Batch): Batch {
  const { size, columns, attributes, encoding } = batch;
  const membership = ndarray(new Uint8Array(size * columns.length), [size, columns.length]);
  const labelled = ndarray(new Uint8Array(size * attributes.length), [size, attributes.length]);
  const isAbsent = (c: number) => encoding === 'multi-label' && columns[c]?.class === 0;
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < columns.length; c++) membership.set(i, c, +isAbsent(c));
    for (let j = 0; j < attributes.length; j++) labelled.set(i, j, +(encoding !== 'categorical'));
  }
  return { ...batch, membership, labelled };
}

/** A result whose gradients are multiplied by a factor. */
export function times(result: TrainingResult, factor: number): TrainingResult {
  const { featureGradient } = result;
  return {
    ...result,
    gradient: Array.from(result.gradient, (x) => factor * x),
    ...(featureGradient ? { featureGradient: Array.from(featureGradient, (x) => factor * x) } : {}),
  };
}

/** A number in [0, 1] with the eleven significant bits of a half-float. */
function toHalf(x: number): number {
  if (x === 0) return 0;
  const unit = 2 ** (Math.max(-14, Math.floor(Math.log2(x))) - 10);
  return Math.round(x / unit) * unit;
}

/** A backend that keeps a resource in some steps of training. */
function leaking(
  id: string,
  error: string,
  leaks: (how: TrainingStep, options: BalancedOptions) => boolean,
): WrongBackend {
  let held = 0;
  const train: TrainingLoss = async (batch, options, how = {}) => {
    held += +leaks(how, options);
    return rightly(batch, options);
  };
  const backend = { ...composeBackend(id, {}), resources: () => held };
  return { id, error, caughtBy: 'nothing-leaks', backend, train };
}

/** A backend whose losses share some of their options: those of the one that was made last. */
function sharing(what: string, shared: (options: BalancedOptions) => Partial<BalancedOptions>): WrongBackend {
  return wrongTraining(
    `losses-share-${what}`,
    `a loss is computed with the ${what} of the one that was made last`,
    'training-losses-independent',
    (batch, options, _, { beside }) => ({
      ...rightly(batch, beside ? { ...options, ...shared(beside.options) } : options),
      ...(beside ? { beside: rightly(beside.batch, beside.options) } : {}),
    }),
  );
}
