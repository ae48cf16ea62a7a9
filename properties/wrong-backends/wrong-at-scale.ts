/**
 * Backends that are right for small batches, and wrong for large ones of a certain kind: code for large
 * batches that ignores an option, an encoding or the unlabelled samples.
 *
 * @module
 */
import {
  type HardSamples,
  mineHardSamples,
  type Options,
  rectificationLoss,
  toProbabilities,
} from '../../spec/index.js';
import { withComponents, withScores } from '../cases/changed-numbers.js';
import { RIGHT, type Stages, scaled } from './compose.js';
import {
  above,
  allLabelled,
  readingAlpha,
  readingInputs,
  readingOptions,
  where,
  withFirstFeatures,
  wrongFromLogits,
} from './conditions.js';
import { type WrongBackend, wrongStages } from './wrong-backend.js';

const MINING = 'mining-agrees-on-combinations';
const BALANCED = 'balanced-agrees-on-combinations';
/** Wrong backends of large batches. */
export const wrongAtScale: readonly WrongBackend[] = [
  largeOnly(
    'rho-half-above-256',
    'above 256 samples ρ is 0.5',
    BALANCED,
    256,
    readingOptions(() => ({ rho: 0.5 })),
  ),
  largeOnly(
    'alpha-half-above-384',
    'above 384 samples α is 0.5',
    BALANCED,
    384,
    readingAlpha(() => 0.5),
  ),
  largeOnly(
    'half-margin-above-511',
    'from 512 samples on the margin is 0.5',
    BALANCED,
    511,
    readingOptions(({ margin }) => ({ margin: margin.map(() => 0.5) })),
  ),
  largeOnly(
    'first-margin-above-64',
    'above 64 samples the first attribute’s margin holds for all',
    BALANCED,
    64,
    readingOptions(({ margin }) => ({ margin: margin.map(() => margin[0] as number) })),
  ),
  largeOnly(
    'at-most-17-nodes-above-191',
    'from 192 samples on a histogram has at most 17 nodes',
    BALANCED,
    191,
    readingOptions(({ bins }) => ({ bins: Math.min(bins, 17) })),
  ),
  largeOnly(
    'default-range-above-127',
    'from 128 samples on the range of a histogram is the default of its level',
    BALANCED,
    127,
    readingOptions(({ level }) => ({ range: level === 'class' ? [-1, 1] : [0, 2] })),
  ),
  largeOnly('first-attribute-above-256', 'above 256 samples only the first attribute is mined', MINING, 256, {
    mineHardSamples(...given) {
      const { anchors } = mineHardSamples(...given);
      return { anchors: anchors.filter(({ attribute }) => attribute === 0) };
    },
  }),
  largeOnly(
    'unlabelled-negatives-above-256',
    'above 256 samples unlabelled ones are negatives',
    MINING,
    256,
    { mineHardSamples: (batch, ...rest) => mineHardSamples(allLabelled(batch), ...rest) },
  ),
  largeOnly(
    'unlabelled-counted-above-383',
    'from 384 samples on the limit of minority classes counts unlabelled samples',
    BALANCED,
    383,
    { selectMinority: (batch, options) => RIGHT.selectMinority(allLabelled(batch), options) },
  ),
  largeOnly(
    'first-features-above-127',
    'from 128 samples on all attributes are mined by the features of the first',
    MINING,
    127,
    { mineHardSamples: (batch, ...rest) => mineHardSamples(withFirstFeatures(batch), ...rest) },
  ),
  largeOnly(
    'scores-in-float32-above-256',
    'above 256 samples a float64 backend mines scores in float32',
    MINING,
    256,
    {
      mineHardSamples: (batch, ...rest) =>
        mineHardSamples(batch.scored ? withScores(batch, Math.fround) : batch, ...rest),
    },
  ),
  largeOnly(
    'features-in-float32-above-127',
    'from 128 samples on a float64 backend takes features in float32',
    MINING,
    127,
    readingInputs((batch) => withComponents(batch, Math.fround)),
  ),
  largeOnly(
    'absent-dropped-above-256',
    'above 256 samples the absent side of a label is never a minority class',
    BALANCED,
    256,
    {
      selectMinority(batch, options) {
        const { profile, minority } = RIGHT.selectMinority(batch, options);
        if (batch.encoding !== 'multi-label') return { profile, minority };
        return { profile, minority: minority.map((classes) => classes.filter((k) => k === 1)) };
      },
    },
  ),
  largeOnly(
    'partial-block-of-128',
    'above 128 samples those of the last block are not mined if the block is not full',
    MINING,
    128,
    { mineHardSamples: (...given) => withinFirst(given[0].size & ~127, mineHardSamples, given) },
  ),
  largeOnly(
    'odd-size-above-191',
    'above 191 samples the last one of an odd number is not mined',
    MINING,
    191,
    { mineHardSamples: (...given) => withinFirst(given[0].size & ~1, mineHardSamples, given) },
  ),
  largeOnly(
    'kappa-64-above-192',
    'above 192 samples κ is at most 64',
    'mining-at-block-edges',
    192,
    readingOptions(({ kappa }) => ({ kappa: Math.min(kappa, 64) })),
  ),
  largeOnly(
    'absolute-rows-above-256',
    'above 256 samples the absolute comparison has no gradient in the rows after them',
    BALANCED,
    256,
    {
      balance(batch, options, found) {
        const right = RIGHT.balance(batch, options, found);
        if (options.comparison !== 'absolute' || options.level === 'instance') return right;
        const gradient = scaled(right.gradient, 1);
        for (let i = 256; i < batch.size; i++) {
          for (let s = 0; s < batch.scoreWidth; s++) gradient.set(i, s, 0);
        }
        return { ...right, gradient };
      },
    },
  ),
  {
    ...wrongFromLogits(
      'sigmoid-for-softmax-above-256',
      'from logits, above 256 samples: a sigmoid per class instead of a softmax',
      BALANCED,
      {
        toProbabilities: (batch) =>
          batch.size > 256 && batch.encoding === 'categorical'
            ? { ...toProbabilities({ ...batch, encoding: 'one-attribute' }), encoding: 'categorical' }
            : toProbabilities(batch),
      },
    ),
    least: 257,
  },
  {
    ...wrongStages(
      'anchors-in-twelve-bits',
      'anchors after the first 4,096 are left out',
      'balanced-at-many-anchors',
      { mineHardSamples: (...given) => ({ anchors: mineHardSamples(...given).anchors.slice(0, 4096) }) },
    ),
    least: 257,
  },
  {
    ...wrongStages(
      'class-of-512-anchors',
      'at most 512 samples of a class are anchors',
      'balanced-at-many-anchors',
      { mineHardSamples: (...given) => ({ anchors: firstOfEachClass(512, mineHardSamples(...given)) }) },
    ),
    least: 257,
  },
  {
    ...wrongStages(
      'pairs-in-sixteen-bits',
      'absolute and distribution: pairs after the first 65,536 are not compared',
      'balanced-at-many-pairs',
      {
        rectificationLoss: (batch, hard, triplets, options) =>
          rectificationLoss(
            batch,
            options.comparison === 'relative' ? hard : firstPairs(65_536, hard),
            triplets,
            options,
          ),
      },
    ),
    least: 257,
  },
  {
    ...wrongStages(
      'mean-of-blocks-of-pairs',
      'absolute: above 65,536 negative pairs, the mean of those first and of the rest, however few these are',
      'balanced-at-many-pairs',
      {
        rectificationLoss(batch, hard, triplets, options) {
          const right = rectificationLoss(batch, hard, triplets, options);
          const [first, rest] = negativesInTwo(65_536, hard);
          if (options.comparison !== 'absolute' || rest === undefined) return right;
          const lossOf = (half: HardSamples) => rectificationLoss(batch, half, triplets, options).loss;
          return { ...right, loss: (lossOf(first) + lossOf(rest)) / 2 };
        },
      },
    ),
    least: 257,
  },
  {
    ...wrongStages(
      'mean-of-65536-triplets',
      'relative: the sum over more than 65,536 triplets is divided by 65,536',
      'balanced-at-many-triplets',
      {
        rectificationLoss(batch, hard, triplets, options) {
          const right = rectificationLoss(batch, hard, triplets, options);
          const count = triplets.shape[0] as number;
          if (options.comparison !== 'relative' || count <= 65_536) return right;
          return { ...right, loss: (right.loss * count) / 65_536 };
        },
      },
    ),
    least: 257,
  },
];

/** A backend that is wrong above so many samples only. */
function largeOnly(
  id: string,
  error: string,
  caughtBy: string,
  samples: number,
  wrong: Parameters<typeof where>[1],
): WrongBackend {
  return { ...wrongStages(id, error, caughtBy, where(above(samples), wrong)), least: samples + 1 };
}

/** Anchors with those of their hard samples that are among the first ones. */
function withinFirst(
  samples: number,
  mine: Stages['mineHardSamples'],
  [batch, selection, options]: Parameters<Stages['mineHardSamples']>,
): HardSamples {
  const everything: Options = { ...options, kappa: batch.size };
  const kept = (list: readonly number[]) => list.filter((i) => i < samples).slice(0, options.kappa);
  return {
    anchors: mine(batch, selection, everything).anchors.map((a) => ({
      ...a,
      positives: kept(a.positives),
      negatives: kept(a.negatives),
    })),
  };
}

/** The first anchors of every class. */
function firstOfEachClass(most: number, { anchors }: HardSamples): HardSamples['anchors'] {
  const held = new Map<string, number>();
  return anchors.filter(({ attribute, class: k }) => {
    const key = `${attribute} ${k}`;
    const before = held.get(key) ?? 0;
    held.set(key, before + 1);
    return before < most;
  });
}

/** Hard samples with the first negatives of all anchors, and with the rest, if there are more. */
function negativesInTwo(most: number, { anchors }: HardSamples): [HardSamples, HardSamples?] {
  let before = 0;
  const halves = anchors.map((a) => {
    const at = Math.max(0, most - before);
    before += a.negatives.length;
    return [
      { ...a, negatives: a.negatives.slice(0, at) },
      { ...a, negatives: a.negatives.slice(at) },
    ] as const;
  });
  const first = { anchors: halves.map(([half]) => half) };
  return before > most ? [first, { anchors: halves.map(([, half]) => half) }] : [first];
}

/** Hard samples as far as the first pairs go, counted over both sides in turn. */
function firstPairs(most: number, { anchors }: HardSamples): HardSamples {
  let left = most;
  const taken = (list: readonly number[]) => {
    const kept = list.slice(0, left);
    left -= kept.length;
    return kept;
  };
  return {
    anchors: anchors.map((a) => ({
      ...a,
      positives: taken(a.positives),
      negatives: taken(a.negatives),
    })),
  };
}
