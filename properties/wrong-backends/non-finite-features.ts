/**
 * Errors with features that are NaN or infinite, and with distances that overflow (ruling: non-finite features).
 *
 * @module
 */
import ndarray from 'ndarray';
import {
  type Batch,
  type Features,
  hardest,
  hingeArgument,
  histogram,
  mineHardSamples,
} from '../../spec/index.js';
import { withComponents } from '../cases/changed-numbers.js';
import { entries } from '../walk.js';
import { composeBackend, type Stages } from './compose.js';
import { lossBy, mean, mining, overlap } from './replace.js';
import { rightly, wrongTraining } from './training.js';
import { type WrongBackend, wrongStages } from './wrong-backend.js';

const FEATURES = 'non-finite-feature-surfaces';
const OVERFLOW = 'overflowing-distance-surfaces';

/** x > 0 ? x : 0, which is 0 for NaN, instead of max(0, x), which is NaN. */
const hingeOfNan = lossBy(({ batch, options, triplets, loss }) => {
  if (options.comparison !== 'relative') return loss;
  const excess = Array.from({ length: triplets.shape[0] as number }, (_, t) =>
    hingeArgument(batch, triplets, t, options),
  );
  return mean(excess.map((x) => (x > 0 ? x : 0)));
});

/** Wrong backends of features that are not finite, and of distances that overflow. */
export const nonFiniteFeatures: readonly WrongBackend[] = [
  trainedBy('hinge-of-nan', 'relative: a hinge of NaN is 0 in training', hingeOfNan),
  trainedBy(
    'nan-distance-farthest',
    'in training a sample with NaN or infinite features is the farthest, and is not looked at if it is not mined',
    {
      mineHardSamples: (batch, ...rest) =>
        mineHardSamples(
          withComponents(batch, (x) => (Number.isFinite(x) ? x : 1e100)),
          ...rest,
        ),
    },
  ),
  wrongTraining(
    'features-clamped-in-training',
    'features clamped to ±1,000,000 in training, and NaN treated as 0',
    FEATURES,
    (batch, options) =>
      rightly(
        withComponents(batch, (x) => (Number.isNaN(x) ? 0 : Math.min(1e6, Math.max(-1e6, x)))),
        options,
      ),
  ),
  wrongTraining(
    'non-finite-samples-left-out',
    'samples with NaN or infinite features are left out of training',
    FEATURES,
    (batch, options) => rightly(withoutBrokenSamples(batch), options),
  ),
  wrongStages(
    'largest-for-infinite',
    'absolute: where even the true L_crl is no float64, the largest number is given',
    OVERFLOW,
    lossBy(({ batch, loss, options }) => {
      const large = batch.features?.matrices.some((matrix) =>
        entries(matrix).some((x) => Math.abs(x) > 2 ** 900),
      );
      return large && options.comparison === 'absolute' ? Math.min(loss, Number.MAX_VALUE) : loss;
    }),
  ),
  wrongStages('hinge-of-overflow', 'relative: a hinge of ∞ − ∞ is 0', OVERFLOW, hingeOfNan),
  wrongStages(
    'sentinel-of-1e30',
    'samples that are no candidates are ranked as if the squares of their distances were 1e30',
    OVERFLOW,
    mining(['instance'], (own, { batch, closeness, kappa }) => {
      const all = Array.from({ length: batch.size }, (_, i) => i);
      const nearness = (i: number) => (own.others.includes(i) ? -(closeness(i) ** 2) : -1e30);
      return { negatives: hardest(all, nearness, Math.min(kappa, own.others.length)) };
    }),
  ),
  wrongStages(
    'infinite-negatives-uncounted',
    'distribution: negatives at an infinite distance are not counted',
    OVERFLOW,
    lossBy(({ options, pairs, distance, loss }) => {
      if (options.comparison !== 'distribution' || options.level === 'class') return loss;
      const near = pairs.positive.map((pair) => distance(pair, 'positive'));
      const far = pairs.negative.map((pair) => distance(pair, 'negative')).filter(Number.isFinite);
      if (near.length === 0 || far.length === 0) return 0;
      return overlap(histogram(near, options), histogram(far, options));
    }),
  ),
];

/** A right backend that trains by stages of which one is wrong. */
function trainedBy(id: string, error: string, wrong: Partial<Stages>): WrongBackend {
  const trained = composeBackend(id, wrong);
  return wrongTraining(id, error, FEATURES, (batch, options) => {
    const { loss, gradient, featureGradient } = trained.balancedLoss(batch, options);
    return {
      loss,
      gradient: entries(gradient),
      ...(featureGradient ? { featureGradient: entries(featureGradient) } : {}),
    };
  });
}

/** The batch with the samples that have a feature that is not finite unlabelled. */
function withoutBrokenSamples(batch: Batch): Batch {
  if (batch.features === undefined) return batch;
  const { matrices, width } = batch.features as Features;
  const broken = (i: number) =>
    matrices.some((matrix) =>
      Array.from({ length: width }, (_, t) => matrix.get(i, t)).some((x) => !Number.isFinite(x)),
    );
  const kept = (rows: Batch['labelled']) => {
    const [, columns] = rows.shape as [number, number];
    const data = entries(rows).map((x, at) => (broken(Math.floor(at / columns)) ? 0 : x));
    return ndarray(Uint8Array.from(data), [...rows.shape]);
  };
  return {
    ...withComponents(batch, (x) => (Number.isFinite(x) ? x : 0)),
    membership: kept(batch.membership),
    labelled: kept(batch.labelled),
  };
}
