/**
 * Wrong cross entropies, and wrong ways of combining L_crl and L_ce to L (Eq. 2, 8).
 *
 * @module
 */
import type { NdArray } from 'ndarray';
import {
  type BalancedOptions,
  type Batch,
  crossEntropy,
  crossEntropyGradient,
  imbalance,
  SMALLEST_PROBABILITY,
  selectMinority,
  toProbabilities,
} from '../../spec/index.js';
import { type Balance, combine, RIGHT, type Stages, scaled, throughProbabilities } from './compose.js';
import { unlabelledAsFirstClass } from './minority.js';
import { mean, sum } from './replace.js';
import { type WrongBackend, wrongStages } from './wrong-backend.js';

/** Wrong backends of stage 5. */
export const balance: readonly WrongBackend[] = [
  wrongStages(
    'full-cross-entropy',
    'the full L_ce when there is no triplet',
    'nothing-to-compare-walk',
    weighted(({ alpha }, { triplets }) => (triplets === 0 ? 0 : alpha)),
  ),
  wrongStages(
    'alpha-percent',
    'α read as a percentage',
    'balanced-agrees',
    weighted(({ alpha }) => alpha / 100),
  ),
  wrongStages(
    'alpha-in-percent',
    'α turned into a percentage',
    'balanced-agrees',
    weighted(({ alpha }) => 100 * alpha),
  ),
  wrongStages(
    'alpha-by-batch',
    'Ω of the batch, so that α changes from batch to batch',
    'balanced-agrees',
    weighted((options, { probable }) => {
      const { profile } = selectMinority(probable, options);
      const known = profile.filter((sizes) => sum(sizes) > 0);
      return known.length === 0 ? 0 : 0.01 * imbalance(known);
    }),
  ),
  wrongStages(
    'alpha-reversed',
    'L = (1−α)·L_crl + α·L_ce',
    'balanced-agrees',
    weighted(({ alpha }) => 1 - alpha),
  ),
  wrongStages('alpha-twice', 'L_crl weighted by α before it is weighted by α', 'balanced-agrees', {
    balance(batch, options, found) {
      const { loss, gradient } = found.rectification;
      const rectification = { loss: options.alpha * loss, gradient: scaled(gradient, options.alpha) };
      return RIGHT.balance(batch, options, { ...found, rectification });
    },
  }),
  wrongStages('cross-entropy-unweighted', 'L = α·L_crl + L_ce', 'balanced-agrees', {
    balance(batch, options, found) {
      const right = RIGHT.balance(batch, options, found);
      const { alpha } = options;
      return {
        ...right,
        loss: right.loss + alpha * right.crossEntropy,
        gradient: combine(right.gradient, 1, crossEntropyGradient(batch), alpha),
      };
    },
  }),
  wrongStages(
    'cross-entropy-averaged',
    'cross entropy averaged over attributes too',
    'balanced-agrees',
    entropy((batch) => crossEntropy(batch) / batch.attributes.length),
  ),
  wrongStages(
    'cross-entropy-by-labelled',
    'cross entropy divided by the labelled samples instead of n',
    'balanced-agrees',
    entropy((batch) => {
      const labelled = Array.from({ length: batch.size }, (_, i) =>
        Math.max(...batch.attributes.map((__, j) => batch.labelled.get(i, j))),
      );
      return sum(labelled) === 0 ? 0 : (crossEntropy(batch) * batch.size) / sum(labelled);
    }),
  ),
  wrongStages(
    'unlabelled-in-cross-entropy',
    'unlabelled samples count as class 0 in the cross entropy',
    'balanced-agrees',
    entropy((batch) => crossEntropy(unlabelledAsFirstClass(batch))),
  ),
  wrongStages(
    'categorical-as-binary',
    'categorical labels: a binary cross entropy for each class',
    'balanced-agrees',
    entropy((batch) =>
      crossEntropy(batch.encoding === 'categorical' ? { ...batch, encoding: 'one-attribute' } : batch),
    ),
  ),
  wrongStages(
    'present-only',
    'multi-label: cross entropy without its (1 − y) log(1 − p)',
    'balanced-agrees',
    entropyOfProbabilities((batch) => entropyOf(batch, SMALLEST_PROBABILITY, 0)),
  ),
  wrongStages(
    'logarithm-of-zero',
    'the logarithm without a floor',
    'balanced-agrees',
    entropyOfProbabilities((batch) => entropyOf(batch, 0)),
  ),
  wrongStages(
    'floor-too-low',
    'the logarithm with a floor of 1e-12',
    'balanced-agrees',
    entropyOfProbabilities((batch) => entropyOf(batch, 1e-12)),
  ),
  wrongStages(
    'slope-under-floor',
    'the derivative −1/p below the floor of the logarithm',
    'balanced-gradient-agrees',
    slopeUnderFloor(() => 1 / SMALLEST_PROBABILITY),
  ),
  wrongStages(
    'slope-of-another-floor',
    'the logarithm with its floor of 1e-7, but its derivative with one of 1e-8',
    'balanced-gradient-agrees',
    slopeUnderFloor((p) => (p > 1e-8 ? 1 / p : 0)),
  ),
  wrongStages(
    'slope-at-the-floor',
    'the derivative −1/p where p is 1e-7 exactly, too',
    'balanced-gradient-agrees',
    slopeUnderFloor((p) => (p === SMALLEST_PROBABILITY ? 1 / p : 0)),
  ),
  wrongStages(
    'sigmoid-twice',
    'softmax or sigmoid applied before a cross entropy from logits',
    'balanced-logits-agree',
    entropy((batch) =>
      batch.fromLogits ? crossEntropy({ ...toProbabilities(batch), fromLogits: true }) : crossEntropy(batch),
    ),
  ),
  wrongStages(
    'logit-entropy-of-probabilities',
    'a cross entropy from logits given probabilities',
    'balanced-agrees',
    entropy((batch) => crossEntropy({ ...batch, fromLogits: true })),
  ),
  wrongStages(
    'exponentials-overflow',
    'softmax and sigmoid cross entropy from logits in float32 and not fused',
    'balanced-logits-agree',
    entropy((batch) => (batch.fromLogits ? entropyOf(overflowing(batch), 0) : crossEntropy(batch))),
  ),
  wrongStages(
    'logits-unchained',
    'from logits: the gradient of L_crl is not taken through the softmax or sigmoid',
    'balanced-logits-agree',
    chained((_, slope) => slope),
  ),
  wrongStages(
    'softmax-chained-to-256',
    'from logits: the derivative of softmax covers its first 256 classes only',
    'logits-at-many-classes',
    chained((probable, slope) => throughProbabilities(probable, slope, 256)),
  ),
  wrongStages(
    'sigmoids-chained-to-512',
    'from logits: the derivative of the sigmoid covers the first 512 classes only',
    'logits-at-many-classes',
    chained((probable, slope) => {
      const right = throughProbabilities(probable, slope);
      if (probable.encoding !== 'one-attribute') return right;
      for (let i = 0; i < probable.size; i++)
        for (let s = 512; s < probable.scoreWidth; s++) right.set(i, s, slope.get(i, s));
      return right;
    }),
  ),
  wrongStages(
    'gradient-of-probabilities',
    'from logits: the gradient with respect to probabilities',
    'balanced-logits-agree',
    {
      balance(batch, options, found) {
        const right = RIGHT.balance(batch, options, found);
        return { ...right, gradient: RIGHT.balance(found.probable, options, found).gradient };
      },
    },
  ),
  wrongStages('rectification-detached', 'no gradient through α·L_crl', 'balanced-gradient-agrees', {
    balance(batch, options, found) {
      const right = RIGHT.balance(batch, options, found);
      return { ...right, gradient: scaled(crossEntropyGradient(batch), 1 - options.alpha) };
    },
  }),
  wrongStages(
    'feature-gradient-unweighted',
    'the gradient of the features without α',
    'balanced-gradient-agrees',
    {
      balance(batch, options, found) {
        const right = RIGHT.balance(batch, options, found);
        return options.level === 'class'
          ? right
          : { ...right, featureGradient: scaled(found.rectification.gradient, 1) };
      },
    },
  ),
  wrongStages('feature-gradient-missing', 'no gradient of the features', 'balanced-gradient-agrees', {
    balance(batch, options, found) {
      const { featureGradient, ...rest } = RIGHT.balance(batch, options, found);
      return rest;
    },
  }),
];

/** L with another α. */
function weighted(alpha: (options: BalancedOptions, found: Balance) => number): Partial<Stages> {
  return {
    balance: (batch, options, found) =>
      RIGHT.balance(batch, { ...options, alpha: alpha(options, found) }, found),
  };
}

/** At class level, from logits: a wrong chain rule from L_crl through the softmax or sigmoid. */
function chained(back: (probable: Batch, slope: NdArray) => NdArray): Partial<Stages> {
  return {
    balance(batch, options, found) {
      const right = RIGHT.balance(batch, options, found);
      if (!batch.fromLogits || options.level === 'instance') return right;
      const { alpha } = options;
      const slope = back(found.probable, found.rectification.gradient);
      return { ...right, gradient: combine(slope, alpha, crossEntropyGradient(batch), 1 - alpha) };
    },
  };
}

/** L with a wrong cross entropy, but the right gradient. */
function entropy(of: (batch: Batch) => number): Partial<Stages> {
  return {
    balance(batch, options, found) {
      const right = RIGHT.balance(batch, options, found);
      const ce = of(batch);
      const { alpha } = options;
      return { ...right, crossEntropy: ce, loss: alpha * found.rectification.loss + (1 - alpha) * ce };
    },
  };
}

/** L of probabilities with a wrong cross entropy; from logits it is right. */
function entropyOfProbabilities(of: (batch: Batch) => number): Partial<Stages> {
  return entropy((batch) => (batch.fromLogits ? crossEntropy(batch) : of(batch)));
}

/** L_ce of probabilities with another floor, and another weight of absent labels. */
function entropyOf(batch: Batch, floor: number, absent = 1): number {
  const log = (p: number) => Math.log(Math.max(p, floor));
  const { scores, membership, labelled, columns, encoding } = batch;
  const rows = Array.from({ length: batch.size }, (_, i) =>
    sum(
      columns.map(({ attribute, class: k, score }, c) => {
        if (labelled.get(i, attribute) === 0) return 0;
        const present = membership.get(i, c) === 1;
        const p = scores.get(i, score);
        if (encoding === 'categorical') return present ? -log(p) : 0;
        if (encoding === 'multi-label')
          return k === 0 || present ? -(k === 1 ? log(p) : present ? absent * log(1 - p) : 0) : 0;
        return present ? -log(p) : -absent * log(1 - p);
      }),
    ),
  );
  return mean(rows);
}

/** L of categorical probabilities with a slope of −log p also where p is at most its floor; it is 0 there. */
function slopeUnderFloor(slopeOf: (p: number) => number): Partial<Stages> {
  return {
    balance(batch, options, found) {
      const right = RIGHT.balance(batch, options, found);
      if (batch.fromLogits || batch.encoding !== 'categorical') return right;
      const gradient = scaled(right.gradient, 1);
      for (let i = 0; i < batch.size; i++) {
        batch.columns.forEach((_, c) => {
          const p = batch.scores.get(i, c);
          if (batch.membership.get(i, c) !== 1 || p > SMALLEST_PROBABILITY) return;
          gradient.set(i, c, gradient.get(i, c) - ((1 - options.alpha) * slopeOf(p)) / batch.size);
        });
      }
      return { ...right, gradient };
    },
  };
}

/** Probabilities from exponentials that are not shifted first, which overflow float32 above exp(88). */
function overflowing(batch: Batch): Batch {
  const exp = (z: number) => Math.fround(Math.exp(z));
  const scores: NdArray<Float64Array> = scaled(batch.scores, 1);
  for (let i = 0; i < batch.size; i++) {
    const z = (s: number) => batch.scores.get(i, s);
    if (batch.encoding !== 'categorical') {
      for (let s = 0; s < batch.scoreWidth; s++) scores.set(i, s, exp(z(s)) / (1 + exp(z(s))));
    } else {
      for (const { columns } of batch.attributes) {
        const total = sum(columns.map((c) => exp(z(c))));
        for (const c of columns) scores.set(i, c, exp(z(c)) / total);
      }
    }
  }
  return { ...batch, scores, fromLogits: false };
}
