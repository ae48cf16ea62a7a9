/**
 * Right backends that train wrongly.
 *
 * @module
 */
import ndarray from 'ndarray';
import {
  type BalancedOptions,
  type Batch,
  balancedLoss,
  type Capabilities,
  sampleCrossEntropies,
  toProbabilities,
} from '../../spec/index.js';
import type { TrainingLoss, TrainingResult, TrainingStep } from '../property.js';
import { entries } from '../walk.js';
import { composeBackend } from './compose.js';
import { unlabelledAsFirstClass } from './minority.js';
import type { WrongBackend } from './wrong-backend.js';

/** Wrong ways of training. */
export const training: readonly WrongBackend[] = [
  wrongTraining(
    'trains-on-cross-entropy',
    'only the cross entropy trains',
    'training-agrees',
    (batch, options) => rightly(batch, { ...options, alpha: 0 }),
  ),
  wrongTraining(
    'trains-unlabelled',
    'unlabelled samples train as class 0',
    'training-agrees',
    (batch, options) => rightly(unlabelledAsFirstClass(batch), options),
  ),
  wrongTraining('trains-transposed', 'the gradient transposed', 'training-agrees', (batch, options) => {
    const { gradient, ...rest } = rightly(batch, options);
    const { size: n, scoreWidth: width } = batch;
    return {
      ...rest,
      gradient: gradient.map((_, at) => gradient[(at % n) * width + Math.floor(at / n)] as number),
    };
  }),
  wrongTraining(
    'trains-on-probabilities',
    'from logits: the gradient with respect to probabilities',
    'training-logits-agree',
    (batch, options) => ({
      ...rightly(batch, options),
      gradient: rightly(toProbabilities(batch), options).gradient,
    }),
  ),
  wrongTraining(
    'trains-scores-only',
    'at instance level the features are not trained',
    'training-agrees',
    (batch, options) => {
      const { featureGradient, ...rest } = rightly(batch, options);
      if (featureGradient === undefined) return rest;
      return { ...rest, featureGradient: Array.from(featureGradient, () => 0) };
    },
  ),
  wrongTraining(
    'trains-at-first-alpha',
    'a schedule is ignored: α stays what the loss was made with',
    'training-schedule-agrees',
    (batch, options, madeAt) => rightly(batch, { ...options, alpha: madeAt }),
  ),
  wrongTraining(
    'trains-at-default-alpha',
    'α is 1 unless a step is given one',
    'training-agrees',
    (batch, options, _, { withoutAlpha }) =>
      rightly(batch, withoutAlpha ? { ...options, alpha: 1 } : options),
  ),
  wrongTraining(
    'trains-unweighted',
    'a factor of the loss is missing in its gradient',
    'training-agrees',
    (batch, options, _, { weight = 1 }) => {
      const { gradient, ...rest } = rightly(batch, options);
      return { ...rest, gradient: gradient.map((slope) => slope / weight) };
    },
  ),
  wrongTraining(
    'trains-on-first-labels',
    'the labels of the first step are kept',
    'training-steps-independent',
    (batch, options, _, { before: [first] = [] }) =>
      rightly(
        first?.size === batch.size
          ? { ...batch, membership: first.membership, labelled: first.labelled }
          : batch,
        options,
      ),
  ),
  wrongTraining(
    'trains-on-at-first-alpha',
    'the α of the first step holds for later ones',
    'training-steps-independent',
    (batch, options, _, { before = [], withoutAlpha }) =>
      rightly(batch, before.length > 0 && !withoutAlpha ? { ...options, alpha: 1 - options.alpha } : options),
  ),
  wrongTraining(
    'trains-on-at-last-alpha',
    'a step that gives no α takes that of the step before',
    'training-steps-independent',
    (batch, options, _, { before = [], withoutAlpha }) =>
      rightly(batch, before.length > 0 && withoutAlpha ? { ...options, alpha: 1 - options.alpha } : options),
  ),
  wrongTraining(
    'trains-by-first-size',
    'later batches are averaged over the size of the first',
    'training-steps-independent',
    (batch, options, _, { before: [first = batch] = [] }) => {
      const { gradient, ...rest } = rightly(batch, options);
      return { ...rest, gradient: gradient.map((slope) => (slope * batch.size) / first.size) };
    },
  ),
  {
    ...wrongTraining(
      'trains-sixteen-columns',
      'score columns after the first 16 are not trained',
      'training-at-scale',
      (batch, options) => {
        const { gradient, ...rest } = rightly(batch, options);
        return { ...rest, gradient: gradient.map((slope, at) => (at % batch.scoreWidth < 16 ? slope : 0)) };
      },
    ),
    least: 1025,
  },
  {
    ...wrongTraining(
      'trains-512-samples',
      'samples after the first 512 are not trained',
      'training-at-scale',
      (batch, options) => {
        const { gradient, ...rest } = rightly(batch, options);
        return { ...rest, gradient: gradient.map((slope, at) => (at < 512 * batch.scoreWidth ? slope : 0)) };
      },
    ),
    least: 1025,
  },
  wrongTraining(
    'observed-once',
    'the observer is called in the first step only',
    'training-steps-independent',
    (batch, options, _, { observed }) => ({
      ...rightly(batch, options),
      ...(observed ? { observed: 1 } : {}),
    }),
  ),
  wrongTraining(
    'training-reads-contiguous',
    'scores are uploaded for training as they lie in memory, without their strides',
    'training-agrees',
    (batch, options) => {
      const { data, shape } = batch.scores;
      return rightly({ ...batch, scores: ndarray(data, [...shape]) }, options);
    },
  ),
  {
    id: 'training-upload-kept',
    error: 'the scores of a batch are uploaded once for the same array, which a caller may fill again',
    caughtBy: 'training-refilled-heeded',
    ...trainingByKeptScores(),
  },
];

function trainingByKeptScores(): Pick<WrongBackend, 'backend' | 'train'> {
  const known = new WeakMap<object, Batch['scores']>();
  const { backend, train } = wrongTraining('training-upload-kept', '', '', (batch, options) => {
    const scores = known.get(batch.scores.data) ?? copied(batch.scores);
    known.set(batch.scores.data, scores);
    return rightly({ ...batch, scores }, options);
  });
  return { backend, ...(train ? { train } : {}) };
}

function copied({ data, shape, stride, offset }: Batch['scores']): Batch['scores'] {
  return ndarray(Float64Array.from(data), [...shape], [...stride], offset);
}

/** A training step of the specification. */
export function rightly(
  batch: Batch,
  options: BalancedOptions,
  weights?: ArrayLike<number>,
): TrainingResult & { readonly gradient: Float64Array } {
  const { loss, rectification, gradient, featureGradient } = balancedLoss(batch, options, weights);
  const ofFeatures = featureGradient && { featureGradient: entries(featureGradient) };
  const { alpha } = options;
  const sampleLosses = sampleCrossEntropies(batch).map((ce) => alpha * rectification + (1 - alpha) * ce);
  return { loss, gradient: entries(gradient), ...ofFeatures, ...(weights ? { sampleLosses } : {}) };
}

/** A right backend that trains wrongly. */
export function wrongTraining(
  id: string,
  error: string,
  caughtBy: string,
  train: (batch: Batch, options: BalancedOptions, madeAt: number, how: TrainingStep) => TrainingResult,
  supports: Partial<Capabilities> = {},
): WrongBackend {
  const asynchronous: TrainingLoss = async (batch, options, how = {}) =>
    train(batch, options, how.madeAt ?? options.alpha, how);
  return { id, error, caughtBy, backend: composeBackend(id, {}, supports), train: asynchronous };
}
