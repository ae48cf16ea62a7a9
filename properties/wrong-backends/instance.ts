/**
 * Errors of instance level (Eq. 6, 7, 11, 12).
 *
 * @module
 */

import ndarray from 'ndarray';
import { addDistanceSlope } from '../../spec/gradient.js';
import {
  type Batch,
  featuresOf,
  hardest,
  mineHardSamples,
  type Options,
  pairDistance,
  rectificationLoss,
} from '../../spec/index.js';
import { entries } from '../walk.js';
import type { Stages } from './compose.js';
import { hardestByHigherIndex, withAnchor } from './mining.js';
import { chainRule, compareBy, lossBy, mining, rowsOf, shares } from './replace.js';
import { type WrongBackend, wrongStages } from './wrong-backend.js';

/** Wrong backends of instance level. */
export const instance: readonly WrongBackend[] = [
  wrongStages('instance-ignored', 'instance level silently ignored', 'mining-agrees', {
    mineHardSamples(batch, selection, options) {
      // without scores class level would throw, which is another error
      const level = batch.scored ? 'class' : options.level;
      return mineHardSamples(batch, selection, { ...options, level });
    },
  }),
  wrongStages(
    'squared-distances',
    'squared distances instead of distances',
    'loss-agrees',
    lossBy((walk) =>
      compareBy(walk, (pair, side) => {
        const distance = walk.distance(pair, side);
        return walk.options.level === 'instance' ? distance * distance : distance;
      }),
    ),
  ),
  wrongStages(
    'features-normalised',
    'features brought to unit length',
    'mined-hardest',
    refeatured((batch) => withFeatures(batch, unitRows)),
  ),
  wrongStages(
    'first-features',
    'with one feature matrix per attribute, the first is used for all',
    'mined-hardest',
    refeatured((batch) => withFeatures(batch, (_, all) => all[0] as Batch['scores'])),
  ),
  wrongStages(
    'nearest-positives',
    'positives are the κ nearest',
    'mined-hardest',
    mining(['instance'], (own, { closeness, kappa }) => ({
      positives: hardest(own.companions, closeness, kappa),
    })),
  ),
  wrongStages(
    'farthest-negatives',
    'negatives are the κ farthest',
    'mined-hardest',
    mining(['instance'], (own, { closeness, kappa }) => ({
      negatives: hardest(own.others, (i) => -closeness(i), kappa),
    })),
  ),
  wrongStages(
    'instance-ties-higher',
    'equal distances ranked by higher sample index',
    'mined-hardest',
    mining(['instance'], (own, { closeness, kappa }) => ({
      positives: hardestByHigherIndex(own.companions, (i) => -closeness(i), kappa),
      negatives: hardestByHigherIndex(own.others, closeness, kappa),
    })),
  ),
  wrongStages(
    'instance-anchor-kept',
    'the anchor among its own positives, at distance 0',
    'mined-roles',
    mining(['instance'], (own, choice) => ({ positives: withAnchor(own, choice) })),
  ),
  wrongStages('instance-margin-half', 'the class-level margin, 0.5, at instance level', 'loss-agrees', {
    rectificationLoss(batch, hard, triplets, options) {
      const margin = options.level === 'instance' ? options.margin.map(() => 0.5) : options.margin;
      return rectificationLoss(batch, hard, triplets, { ...options, margin });
    },
  }),
  wrongStages(
    'gram-distances',
    'distances from a Gram matrix in float32, which cancel where features are large',
    'mined-hardest',
    {
      ...mining(['instance'], (own, { batch, kappa }) => {
        const far = gramDistance(batch, own.attribute);
        return {
          positives: hardest(own.companions, (i) => far(own.sample, i), kappa),
          negatives: hardest(own.others, (i) => -far(own.sample, i), kappa),
        };
      }),
      ...gramLoss(),
    },
    { precision: 'float32' },
  ),
  wrongStages(
    'gram-loss',
    'distances from a Gram matrix in float32 in the loss alone',
    'loss-agrees',
    gramLoss(),
    { precision: 'float32' },
  ),
  wrongStages(
    'features-anchor-only',
    'the gradient flows through the anchor’s features only',
    'gradient-agrees',
    chainRule(shares(1, 0, ['instance'])),
  ),
  wrongStages(
    'features-anchor-detached',
    'the gradient does not flow through the anchor’s features',
    'gradient-finite-differences',
    chainRule(shares(0, 1, ['instance'])),
  ),
  wrongStages(
    'features-overwritten',
    'shared features: an attribute overwrites the gradient of the one before',
    'gradient-agrees',
    {
      rectificationLoss(batch, hard, triplets, options) {
        const right = rectificationLoss(batch, hard, triplets, options);
        if (options.level !== 'instance' || batch.features?.perAttribute) return right;
        const gradient = ndarray(new Float64Array(right.gradient.data.length), right.gradient.shape);
        batch.attributes.forEach((_, j) => {
          const { rectificationLoss: ofOne } = chainRule((all, own, choices, pair, side, slope) => {
            if (pair.attribute === j) addDistanceSlope(all, own, choices, pair, side, slope);
          }) as Pick<Stages, 'rectificationLoss'>;
          const own = ofOne(batch, hard, triplets, options).gradient;
          for (let at = 0; at < own.data.length; at++) {
            if (own.data[at] !== 0) gradient.data[at] = own.data[at] as number;
          }
        });
        return { ...right, gradient };
      },
    },
  ),
  wrongStages(
    'nan-at-coincidence',
    'the gradient is NaN where two vectors coincide',
    'gradient-agrees',
    chainRule((gradient, batch, options, pair, side, slope) => {
      addDistanceSlope(gradient, batch, options, pair, side, slope);
      if (options.level !== 'instance' || pairDistance(batch, options, pair, side) !== 0) return;
      const rows = rowsOf(gradient, pair);
      for (let t = 0; t < (rows.shape[1] as number); t++) rows.set(pair.anchor, t, Number.NaN);
    }),
  ),
];

/** Mining and loss of wrong features. */
function refeatured(change: (batch: Batch) => Batch): Partial<Stages> {
  const at = (batch: Batch, options: Options) => (options.level === 'instance' ? change(batch) : batch);
  return {
    mineHardSamples: (batch, selection, options) => mineHardSamples(at(batch, options), selection, options),
    rectificationLoss: (batch, hard, triplets, options) =>
      rectificationLoss(at(batch, options), hard, triplets, options),
  };
}

type FeatureMatrix = Batch['scores'];

function withFeatures(
  batch: Batch,
  change: (own: FeatureMatrix, all: readonly FeatureMatrix[]) => FeatureMatrix,
): Batch {
  if (batch.features === undefined) return batch;
  const { matrices } = batch.features;
  return {
    ...batch,
    features: { ...batch.features, matrices: matrices.map((own) => change(own, matrices)) },
  };
}

function unitRows(features: FeatureMatrix): FeatureMatrix {
  const width = features.shape[1] as number;
  const values = entries(features);
  const length = (i: number) => Math.hypot(...values.slice(i * width, (i + 1) * width));
  return ndarray(
    Float64Array.from(values, (x, at) => (x === 0 ? 0 : x / length(Math.floor(at / width)))),
    features.shape,
  );
}

/** sqrt(|a|² + |b|² − 2a·b), every step rounded to float32. */
function gramDistance(batch: Batch, attribute: number): (a: number, b: number) => number {
  const features = featuresOf(batch, attribute);
  const { fround } = Math;
  const dot = (i: number, k: number) => {
    let total = 0;
    for (let t = 0; t < (features.shape[1] as number); t++) {
      total = fround(total + fround(features.get(i, t) * features.get(k, t)));
    }
    return total;
  };
  return (a, b) =>
    fround(Math.sqrt(Math.max(0, fround(fround(dot(a, a) + dot(b, b)) - fround(2 * dot(a, b))))));
}

function gramLoss(): Partial<Stages> {
  return lossBy((walk) => {
    if (walk.options.level !== 'instance') return walk.loss;
    return compareBy(walk, ({ anchor, other, attribute }) =>
      gramDistance(walk.batch, attribute)(anchor, other),
    );
  });
}
