/**
 * Backends that are right for most batches, and wrong for unusual ones.
 *
 * @module
 */
import ndarray from 'ndarray';
import {
  type Batch,
  formTriplets,
  type HardSamples,
  mineHardSamples,
  type Options,
  rectificationLoss,
} from '../../spec/index.js';
import { RIGHT, type Stages } from './compose.js';
import { minorityOfFirst } from './conditions.js';
import { caching, type WrongBackend, wrapped, wrongStages } from './wrong-backend.js';

const MINING = 'mining-agrees-on-oddities';
const BALANCED = 'balanced-agrees-on-oddities';
const TRIPLETS = 'balanced-at-many-triplets';

/** Wrong for many attributes, wide or fine features, large κ, margins and bins, signed zeros, some sizes. */
export const wrongOnOddities: readonly WrongBackend[] = [
  wrongStages(
    'attributes-past-4',
    'categorical attributes after the fourth have no minority classes',
    BALANCED,
    minorityOfFirst(4),
  ),
  wrongStages(
    'narrow-first-attribute',
    'columns are off by one after an attribute of more than 8 classes',
    MINING,
    {
      mineHardSamples(batch, selection, options) {
        const wide = batch.attributes.length > 1 && (batch.attributes[0]?.classes.length ?? 0) > 8;
        if (!wide) return mineHardSamples(batch, selection, options);
        const columns = batch.columns.map((c) => (c.attribute > 0 ? { ...c, score: c.score - 1 } : c));
        return mineHardSamples({ ...batch, columns }, selection, options);
      },
    },
  ),
  wrongStages('features-past-16', 'components of features after the sixteenth are left out', MINING, {
    ...ofFeatures((x, t) => (t < 16 ? x : 0)),
  }),
  wrongStages(
    'features-in-ten-bits',
    'features minus those of the first sample, rounded to ten bits, as a matrix unit may do',
    BALANCED,
    ofFeatures((x, _, first) => tenBits(x - first)),
    { precision: 'float32' },
  ),
  wrongStages(
    'first-512-components',
    'components after the first 512 are left out',
    MINING,
    ofFeatures((x, t) => (t < 512 ? x : 0)),
    { precision: 'float32' },
  ),
  wrongStages(
    'whole-features',
    'features rounded to whole numbers',
    MINING,
    ofFeatures((x) => Math.round(x)),
    { precision: 'float32' },
  ),
  wrongStages(
    'kappa-in-16-bits',
    'κ in sixteen bits: 65,537 is 1',
    MINING,
    ofKappa((kappa) => kappa & 0xffff),
  ),
  wrongStages(
    'kappa-in-32-bits',
    'κ in thirty-two bits: 2^32 + 1 is 1',
    MINING,
    ofKappa((kappa) => Math.max(0, kappa | 0)),
  ),
  wrongStages('margin-at-most-10', 'a margin above 10 is taken as 10', BALANCED, {
    rectificationLoss: (batch, hard, triplets, options) =>
      rectificationLoss(batch, hard, triplets, {
        ...options,
        margin: options.margin.map((m) => Math.min(m, 10)),
      }),
  }),
  wrongStages('bins-at-most-512', 'at most 512 bins', BALANCED, {
    rectificationLoss: (batch, hard, triplets, options) =>
      rectificationLoss(batch, hard, triplets, { ...options, bins: Math.min(options.bins, 512) }),
  }),
  wrongStages('negative-zero-first', 'scores sorted by their bits: −0 before 0', MINING, {
    mineHardSamples: ofScores((x) => (Object.is(x, -0) ? -Number.MIN_VALUE : x)),
  }),
  wrongStages('subnormals-flushed', 'scores below 2^-126 are ranked as 0', MINING, {
    mineHardSamples: ofScores((x) => (Math.abs(x) < 2 ** -126 ? 0 : x)),
  }),
  {
    ...wrongStages(
      'second-warp-idle',
      'in batches of 33 to 62 samples, those after the first 32 are not mined',
      MINING,
      {
        mineHardSamples(batch, selection, options) {
          const partial = batch.size > 32 && batch.size < 63;
          const found = mineHardSamples(
            batch,
            selection,
            partial ? { ...options, kappa: batch.size } : options,
          );
          return partial ? only(found, options.kappa, (i) => i < 32) : found;
        },
      },
    ),
    least: 62,
  },
  {
    ...wrongStages(
      'triplets-in-16-bits',
      'triplets after the first 65,535, the size of a grid of blocks, are not compared',
      TRIPLETS,
      {
        formTriplets: upTo(65_535),
      },
    ),
    least: 256,
  },
  {
    ...wrongStages('triplets-in-15-bits', 'triplets counted in a signed sixteen-bit number', TRIPLETS, {
      formTriplets: upTo(32_767),
    }),
    least: 256,
  },
  {
    ...wrongStages(
      'samples-in-half',
      'sample indices in half-floats, exact to 2,048',
      'mining-at-many-samples',
      {
        mineHardSamples(...given) {
          const rounded = (list: readonly number[]) => list.map((i) => (i > 2048 ? i & ~1 : i));
          return {
            anchors: mineHardSamples(...given).anchors.map((a) => ({
              ...a,
              positives: rounded(a.positives),
              negatives: rounded(a.negatives),
            })),
          };
        },
      },
    ),
    least: 2500,
  },
  wrapped('uncounted-logits', 'from logits, the counts are left at 0', 'balanced-logits-agree', (right) => ({
    balancedLoss(batch, options) {
      const found = right.balancedLoss(batch, options);
      if (!batch.fromLogits) return found;
      return { ...found, statistics: { ...found.statistics, anchors: 0, triplets: 0 } };
    },
  })),
  wrapped(
    'remembers-without-comparison',
    'results are cached without the comparison and the level',
    'options-heeded',
    caching((_batch, { comparison, level, ...numbers }, identity) => [identity, numbers]),
  ),
  wrapped(
    'ring-of-four',
    'a gradient is overwritten by the fourth call after it',
    'results-unaliased',
    (right) => {
      const rings = new Map<number, Float64Array[]>();
      let turn = 0;
      return {
        balancedLoss(batch, options) {
          const found = right.balancedLoss(batch, options);
          const { size, shape } = found.gradient;
          const ring = rings.get(size) ?? Array.from({ length: 4 }, () => new Float64Array(size));
          rings.set(size, ring);
          turn += 1;
          const own = ring[turn % 4] as Float64Array;
          for (let at = 0; at < size; at++) {
            const [i, s] = [Math.floor(at / (shape[1] as number)), at % (shape[1] as number)];
            own[at] = found.gradient.get(i, s);
          }
          return { ...found, gradient: ndarray(own, [...shape]) };
        },
      };
    },
  ),
];

function ofKappa(read: (kappa: number) => number): Partial<Stages> {
  return {
    mineHardSamples: (batch, selection, options) =>
      mineHardSamples(batch, selection, { ...options, kappa: read(options.kappa) }),
  };
}

/** Mining of scores that are read wrongly. */
function ofScores(read: (score: number) => number): Stages['mineHardSamples'] {
  return (batch, selection, options) => {
    const { shape } = batch.scores;
    const scores = ndarray(new Float64Array(batch.scores.size), [...shape]);
    for (let i = 0; i < batch.size; i++) {
      for (let s = 0; s < batch.scoreWidth; s++) scores.set(i, s, read(batch.scores.get(i, s)));
    }
    return mineHardSamples(options.level === 'class' ? { ...batch, scores } : batch, selection, options);
  };
}

/** Mining and comparison of features that are read wrongly. */
function ofFeatures(read: (x: number, component: number, first: number) => number): Partial<Stages> {
  const misread = (batch: Batch): Batch => {
    const { features } = batch;
    if (features === undefined) return batch;
    const matrices = features.matrices.map((m) => {
      const moved = ndarray(new Float64Array(m.size), [...m.shape]);
      for (let i = 0; i < batch.size; i++) {
        for (let t = 0; t < features.width; t++) moved.set(i, t, read(m.get(i, t), t, m.get(0, t)));
      }
      return moved;
    });
    return { ...batch, features: { ...features, matrices } };
  };
  return {
    mineHardSamples: (batch, ...rest) => RIGHT.mineHardSamples(misread(batch), ...rest),
    rectificationLoss: (batch, ...rest) => RIGHT.rectificationLoss(misread(batch), ...rest),
  };
}

/** A number rounded to eleven significant bits (ten are stored). */
function tenBits(x: number): number {
  if (x === 0) return 0;
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(x))) - 10);
  return Math.round(x / unit) * unit;
}

function only(
  { anchors }: HardSamples,
  kappa: Options['kappa'],
  holds: (sample: number) => boolean,
): HardSamples {
  const kept = (list: readonly number[]) => list.filter(holds).slice(0, kappa);
  return {
    anchors: anchors.map((a) => ({ ...a, positives: kept(a.positives), negatives: kept(a.negatives) })),
  };
}

function upTo(most: number): Stages['formTriplets'] {
  return (hard) => {
    const triplets = formTriplets(hard);
    return (triplets.shape[0] as number) > most ? triplets.hi(most) : triplets;
  };
}
