/**
 * Errors that show only where features, attributes, labels or histograms are wide, or where an option is far from
 * its default.
 *
 * @module
 */
import ndarray from 'ndarray';
import { type BalancedOptions, type Batch, crossEntropy, mineHardSamples } from '../../spec/index.js';
import { withComponents } from '../cases/changed-numbers.js';
import type { TrainingStep } from '../property.js';
import { rightly, wrongTraining } from './training.js';
import { type WrongBackend, wrapped, wrongStages } from './wrong-backend.js';
import { times } from './wrong-steps.js';

const WIDE = 'balanced-agrees-on-wide-batches';

/** Wrong backends of wide batches and far options. */
export const wrongOnWideBatches: readonly WrongBackend[] = [
  readingFeatures(
    'tf32-in-tiles-of-8',
    'features are cut to ten bits where samples and features fill tiles of 8',
    ({ size }, width) => size % 8 === 0 && width % 8 === 0,
    toTf32,
  ),
  readingFeatures(
    'float32-in-vectors-of-32',
    'a float64 backend takes features in float32 where they fill vectors of 32',
    (_, width) => width % 32 === 0,
    Math.fround,
  ),
  readingFeatures(
    'fixed-point-at-64',
    'features are whole multiples of 2⁻¹⁶ where they fill vectors of 64',
    (_, width) => width % 64 === 0,
    (x) => Math.round(x * 2 ** 16) / 2 ** 16,
  ),
  readingFeatures(
    'features-past-1536',
    'from logits, features after the 1,536th are not read',
    ({ fromLogits }, width) => fromLogits && width > 1536,
    (x, place) => (place < 1536 ? x : 0),
  ),
  wrongStages(
    'ranked-by-1024-features',
    'for distributions, the hard samples are those of the first 1,024 features',
    WIDE,
    {
      mineHardSamples: (batch, selection, options) =>
        mineHardSamples(
          options.comparison === 'distribution' ? withComponents(batch, (x, t) => (t < 1024 ? x : 0)) : batch,
          selection,
          options,
        ),
    },
  ),
  wrapped(
    'feature-gradient-past-512',
    'features after the 512th have no gradient where there are several attributes',
    WIDE,
    (right) => ({
      balancedLoss(batch, options) {
        const result = right.balancedLoss(batch, options);
        const { featureGradient: slopes } = result;
        const width = batch.features?.width ?? 0;
        if (slopes === undefined || width <= 512 || batch.attributes.length === 1) return result;
        const data = Float64Array.from(slopes.data as Float64Array, (x, at) => (at % width < 512 ? x : 0));
        return { ...result, featureGradient: ndarray(data, [...slopes.shape]) };
      },
    }),
  ),
  misreading(
    'margin-at-most-one',
    'a margin between one and two is one in absolute comparison',
    (options) => ({
      margin: options.margin.map((m) => (options.comparison === 'absolute' && m > 1 && m < 2 ? 1 : m)),
    }),
  ),
  misreading('range-at-most-64', 'the range of a histogram ends at 64', ({ range: [low, high] }) => ({
    range: [low, Math.min(high, 64)],
  })),
  misreading('bins-at-most-2048', 'a histogram has at most 2,048 bins', ({ bins }) => ({
    bins: Math.min(bins, 2048),
  })),
  wrapped(
    'unlabelled-samples-uncounted',
    'with more than four labels, the cross entropy is the mean over samples with a label',
    WIDE,
    (right) => ({
      balancedLoss(batch, options) {
        const result = right.balancedLoss(batch, options);
        if (batch.encoding !== 'multi-label' || batch.attributes.length <= 4) return result;
        const labelled = Array.from({ length: batch.size }, (_, i) => i).filter((i) =>
          batch.attributes.some((_attribute, j) => batch.labelled.get(i, j) === 1),
        ).length;
        if (labelled === 0) return result;
        const entropy = (crossEntropy(batch) * batch.size) / labelled;
        const off = entropy - result.crossEntropy;
        return { ...result, crossEntropy: entropy, loss: result.loss + (1 - options.alpha) * off };
      },
    }),
  ),
  wrongTraining(
    'upstream-clipped',
    'a factor of the loss counts as at most 1,000 in its gradient',
    'training-agrees-on-wide-batches',
    (batch, options, _, { weight = 1 }) =>
      times(rightly(batch, options), Math.min(1, 1000 / Math.abs(weight))),
  ),
  wrongTraining(
    'upstream-in-half-floats',
    'a factor of the loss is at most 65,504 in its gradient, the largest half-float',
    'training-agrees-on-wide-batches',
    (batch, options, _, { weight = 1 }) =>
      times(rightly(batch, options), weight > 65_504 ? 65_504 / weight : 1),
  ),
  wrongTraining(
    'upstream-in-bfloat16',
    'a factor of the loss counts in bfloat16 in its gradient',
    'training-agrees-on-wide-batches',
    (batch, options, _, { weight = 1 }) =>
      times(rightly(batch, options), Math.round(weight * 2 ** 7) / 2 ** 7 / weight || 1),
  ),
  leavingFeaturesUnweighted(
    'weights-skip-wide-features',
    'the gradient of more than 16 features is not weighted',
    'training-weighs-samples-of-wide-batches',
    ({ features }) => (features?.width ?? 0) > 16,
  ),
  leavingFeaturesUnweighted(
    'weights-skip-with-int32-labels',
    'with labels of int32, the gradient of the features is not weighted',
    'training-weighs-samples',
    (_, { labels }) => labels === 'int32',
  ),
  wrongTraining(
    'weighted-steps-unobserved',
    'the observer is not called in a step with sample weights',
    'training-weighs-samples',
    (batch, options, _madeAt, { weights, observed, before = [] }) => ({
      ...rightly(batch, options, weights),
      ...(weights && observed ? { observed: before.length } : {}),
    }),
    { perSample: true },
  ),
  wrongTraining(
    'evaluates-at-made-alpha',
    'without a derivative, L has the α that the loss was made with, not the one that it is given',
    'training-evaluates',
    (batch, options, madeAt) => ({
      ...rightly(batch, options),
      evaluated: rightly(batch, { ...options, alpha: madeAt }).loss,
    }),
  ),
  {
    ...wrongTraining(
      'disposes-of-many-int32-labels',
      'labels of int32 are disposed of after a step of more than 128 samples',
      'training-at-scale',
      (batch, options, _, { labels }) => ({
        ...rightly(batch, options),
        disposed: labels === 'int32' && batch.size > 128 ? ['labels'] : [],
      }),
    ),
    least: 129,
  },
  wrapped(
    'ninth-call-takes-kappa',
    'of calls at once, those after the eighth take the κ of the first',
    'calls-independent',
    (right) => {
      const waiting: number[] = [];
      return {
        async balancedLoss(batch, options) {
          const kappa = waiting.length >= 8 ? (waiting[0] as number) : options.kappa;
          waiting.push(options.kappa);
          await Promise.resolve();
          waiting.shift();
          return right.balancedLoss(batch, { ...options, kappa });
        },
      };
    },
  ),
];

/** A right backend that reads some features wrongly. */
function readingFeatures(
  id: string,
  error: string,
  shows: (batch: Batch, width: number) => boolean,
  read: (x: number, place: number) => number,
): WrongBackend {
  return wrapped(id, error, WIDE, (right) => ({
    balancedLoss(batch, options) {
      const { features } = batch;
      if (features === undefined || !shows(batch, features.width)) return right.balancedLoss(batch, options);
      const { width } = features;
      const matrices = features.matrices.map((matrix) =>
        ndarray(
          Float64Array.from({ length: batch.size * width }, (_, at) =>
            read(matrix.get(Math.floor(at / width), at % width), at % width),
          ),
          [batch.size, width],
        ),
      );
      return right.balancedLoss({ ...batch, features: { ...features, matrices } }, options);
    },
  }));
}

/** A right backend that trains features without sample weights in some steps. */
function leavingFeaturesUnweighted(
  id: string,
  error: string,
  caughtBy: string,
  shows: (batch: Batch, how: TrainingStep) => boolean,
): WrongBackend {
  return wrongTraining(
    id,
    error,
    caughtBy,
    (batch, options, _madeAt, how) => {
      const right = rightly(batch, options, how.weights);
      if (how.weights === undefined || !shows(batch, how)) return right;
      const { featureGradient } = rightly(batch, options);
      return { ...right, ...(featureGradient ? { featureGradient } : {}) };
    },
    { perSample: true },
  );
}

/** A right backend that reads some options wrongly. */
function misreading(
  id: string,
  error: string,
  read: (options: BalancedOptions) => Partial<BalancedOptions>,
): WrongBackend {
  return wrapped(id, error, WIDE, (right) => ({
    balancedLoss: (batch, options) => right.balancedLoss(batch, { ...options, ...read(options) }),
  }));
}

/** A number with the ten bits after the first that TF32 keeps; the others are cut off. */
function toTf32(x: number): number {
  if (x === 0) return 0;
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(x))) - 10);
  return Math.trunc(x / unit) * unit;
}
