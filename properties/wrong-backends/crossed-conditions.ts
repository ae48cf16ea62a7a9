/**
 * Backends that are wrong where two or more choices meet, and right for each of them alone.
 *
 * @module
 */
import { mineHardSamples, rectificationLoss, selectMinority } from '../../spec/index.js';
import { RIGHT, scaled } from './compose.js';
import { allLabelled, readingAlpha, readingOptions, where, withFirstFeatures } from './conditions.js';
import { lossBy, mean, mining } from './replace.js';
import { type WrongBackend, wrapped, wrongStages } from './wrong-backend.js';

const BALANCED = 'balanced-agrees-on-combinations';

/** Wrong backends of crossed conditions. */
export const crossedConditions: readonly WrongBackend[] = [
  wrongStages(
    'labels-unlabelled-at-instance-level',
    'multi-label at instance level: unlabelled samples are negatives',
    'mining-agrees',
    where(({ encoding }, { level }) => encoding === 'multi-label' && level === 'instance', {
      mineHardSamples: (batch, ...rest) => mineHardSamples(allLabelled(batch), ...rest),
    }),
  ),
  wrongStages(
    'absent-side-of-first-features',
    'multi-label with features by attribute: the absent side is mined by the first',
    'mining-agrees',
    mining(['instance'], (own, { batch, kappa }) => {
      if (batch.encoding !== 'multi-label' || own.class === 1) return {};
      const { anchors } = mineHardSamples(
        withFirstFeatures(batch),
        { profile: [], minority: batch.attributes.map((_, j) => (j === own.attribute ? [0] : [])) },
        { ...FEATURES, kappa },
      );
      return anchors.find(({ sample }) => sample === own.sample) ?? {};
    }),
  ),
  wrongStages(
    'symmetric-range',
    'a range that begins at −1 ends at 1',
    BALANCED,
    readingOptions(({ range: [lo, hi] }) => ({ range: [lo, lo === -1 ? 1 : hi] })),
  ),
  wrongStages(
    'instance-range-from-0',
    'at instance level the range of a histogram begins at 0',
    'gradient-agrees',
    where(
      (_, { level }) => level === 'instance',
      readingOptions(({ range: [, hi] }) => ({ range: [0, Math.max(hi, 1)] })),
    ),
  ),
  wrongStages(
    'margin-by-class-column',
    'multi-label: margins are read by the class column, not by the attribute',
    'balanced-agrees',
    where(
      ({ encoding }) => encoding === 'multi-label',
      readingOptions(({ margin }) => ({
        margin: margin.map((_, j) => margin[(2 * j) % margin.length] as number),
      })),
    ),
  ),
  wrongStages(
    'absolute-lone-class',
    'absolute: at ρ = 1 the mean over positive pairs is left out where an anchor has no negatives',
    'balanced-agrees',
    lossBy((walk) => {
      const { options, hard, pairs, distance, loss } = walk;
      if (options.comparison !== 'absolute' || options.rho !== 1) return loss;
      if (hard.anchors.every(({ negatives }) => negatives.length > 0)) return loss;
      return loss - 0.5 * mean(pairs.positive.map((pair) => distance(pair, 'positive') ** 2));
    }),
  ),
  wrongStages(
    'padded-positives',
    'absolute and distribution: a lone positive stands for κ of them',
    'balanced-agrees',
    {
      rectificationLoss(batch, hard, triplets, options) {
        if (options.comparison === 'relative') return rectificationLoss(batch, hard, triplets, options);
        const anchors = hard.anchors.map((a) =>
          a.positives.length === 1 && options.kappa <= 64
            ? { ...a, positives: new Array<number>(options.kappa).fill(a.positives[0] as number) }
            : a,
        );
        return rectificationLoss(batch, { anchors }, triplets, options);
      },
    },
  ),
  wrongStages(
    'unlabelled-limit-in-float32',
    'where some samples are unlabelled, the limit of minority classes is computed in float32',
    'minority-agrees',
    {
      selectMinority(batch, options) {
        const missing = (batch.labelled.data as Uint8Array).some((own) => own === 0);
        return selectMinority(batch, missing ? { ...options, rho: Math.fround(options.rho) } : options);
      },
    },
  ),
  wrongStages(
    'zero-alpha-uncounted',
    'at α = 0 nothing is mined, and L_crl is 0',
    'balanced-agrees',
    where((_, options) => (options as { alpha?: number }).alpha === 0, {
      rectificationLoss: (...given) => ({ ...rectificationLoss(...given), loss: 0 }),
    }),
  ),
  wrapped(
    'full-alpha-without-entropy',
    'at α = 1 with several attributes, L_ce is 0',
    'balanced-agrees',
    (right) => ({
      balancedLoss(batch, options) {
        const found = right.balancedLoss(batch, options);
        return options.alpha === 1 && batch.attributes.length > 1 ? { ...found, crossEntropy: 0 } : found;
      },
    }),
  ),
  wrongStages(
    'one-component-distance-signed',
    'features of one component: positives by the signed difference',
    'mining-agrees',
    mining(['instance'], (own, { batch, kappa }) => {
      const features = batch.features?.matrices[batch.features.perAttribute ? own.attribute : 0];
      if (features === undefined || features.shape[1] !== 1) return {};
      const difference = (i: number) => features.get(own.sample, 0) - features.get(i, 0);
      return {
        positives: [...own.companions].sort((a, b) => difference(b) - difference(a) || a - b).slice(0, kappa),
      };
    }),
  ),
  wrongStages(
    'widest-margin',
    'with several attributes, the widest margin holds for all in the absolute comparison',
    BALANCED,
    where(
      ({ attributes }, { comparison }) => comparison === 'absolute' && attributes.length > 1,
      readingOptions(({ margin }) => ({ margin: margin.map(() => Math.max(...margin)) })),
    ),
  ),
  wrongStages(
    'gradient-of-labels-halved',
    'multi-label, absolute, unlabelled samples: the gradient is divided by labelled samples',
    'balanced-gradient-agrees',
    {
      balance(batch, options, found) {
        const right = RIGHT.balance(batch, options, found);
        if (batch.encoding !== 'multi-label' || options.comparison !== 'absolute') return right;
        const labelled = (batch.labelled.data as Uint8Array).reduce((sum, own) => sum + own, 0);
        if (labelled === 0) return right;
        const all = batch.size * batch.attributes.length;
        return { ...right, gradient: scaled(right.gradient, all / labelled) };
      },
    },
  ),
  wrongStages(
    'kappa-above-class-with-ties',
    'instance level: where κ is at least the number of positives, they stay in the order of the batch',
    'mining-agrees',
    mining(['instance'], (own, { kappa }) =>
      own.companions.length <= kappa && own.companions.length > 2 ? { positives: own.companions } : {},
    ),
  ),
  wrongStages(
    'rare-alpha-of-labels',
    'one attribute: α below a hundredth counts twice',
    BALANCED,
    where(
      ({ encoding }) => encoding === 'one-attribute',
      readingAlpha((alpha) => (alpha < 0.01 ? 2 * alpha : alpha)),
    ),
  ),
];

const FEATURES = {
  rho: 1,
  level: 'instance',
  comparison: 'relative',
  anchors: 'all',
  margin: [],
  bins: 2,
  range: [0, 1],
} as const;
