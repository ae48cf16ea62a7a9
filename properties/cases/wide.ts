/**
 * Wide cases: few samples with many features, attributes, classes or bins, combined at random. Kernels work in
 * vectors and tiles, and a fault at the end of a tile shows only past it.
 *
 * @module
 */
import type fc from 'fast-check';
import type { Level } from '../../spec/index.js';
import type { Case } from './arbitraries.js';
import { type CaseCapabilities, narrowed } from './case-capabilities.js';
import { combined } from './combined.js';
import type { CombinedOptions, Widths } from './drawn.js';
import { alternating } from './planned.js';

/** As wide as embeddings are, with one more, and between: the last ones past blocks of 1,024 numbers. */
const FEATURES = [16, 32, 33, 64, 65, 128, 128, 129, 256, 257, 513, 768, 1025, 1537, 2049, 1537, 2049, 2049];

/** Around vectors of 8 and 16 numbers and masks of 32 and 64 bits. */
const ATTRIBUTES = [5, 9, 12, 17, 33, 40, 65];

/** Of the first attribute, or of binary labels: around blocks of 64, 128, 256 and 512 threads. */
const CLASSES = [3, 17, 41, 65, 130, 257, 520, 600];

/** Options far from their defaults; a range up to distances between features that nobody normalised. */
const WIDTHS: Widths = {
  features: FEATURES,
  attributes: ATTRIBUTES,
  bins: [17, 257, 513, 1025, 2049, 4097, 4097],
  binned: 8_000_000,
  margins: [1.5, 0.3, 1.2, 5],
  range: [0, 250],
  unlabelledEvery: 4,
};

/** Few samples, and some of more than a block of 64 or of 128 threads; of wide features, more would take long. */
const SIZES = {
  class: [12, 24, 33, 64, 65, 100, 129, 257],
  instance: [5, 8, 11, 12, 16, 17, 24, 24, 31, 32, 40, 64],
} as const;

/** Features of any width: float32 computes the distances of the first two kinds exactly. */
const KINDS = ['lattice', 'distant', 'decimals'] as const;

/**
 * Fewer kinds than usual, so that more of these few cases have logits whose exponentials are far apart, or no two
 * probabilities within rounding, whose gradients can be compared.
 */
const SCORES = ['fine', 'eighths', 'extreme', 'finer-than-float32'] as const;

/**
 * Features past blocks of 512 and of 1,024 numbers, with fewer hard samples than there are, so that which are chosen
 * depends on all components, and histograms that hold their distances.
 */
const WIDEST: Partial<CombinedOptions> = {
  sizes: [8, 11, 12, 16, 17],
  kappas: [1, 2, 3],
  widths: { ...WIDTHS, features: [513, 768, 1025, 1537, 2049, 2049] },
  only: { features: ['lattice', 'decimals'], bins: ['many'], range: ['wide'], scores: SCORES },
};

/** Wide cases that a backend with these capabilities must handle; at instance level two of three are {@link WIDEST}. */
export function wide(
  supports: CaseCapabilities,
  { coarse }: Pick<CombinedOptions, 'coarse'> = {},
): fc.Arbitrary<Case> {
  const at = (level: Level, more: Partial<CombinedOptions> = {}) =>
    combined(
      { ...supports, levels: [level] },
      {
        ...(coarse === undefined ? {} : { coarse }),
        sizes: SIZES[level],
        classCounts: CLASSES,
        widths: WIDTHS,
        mostPadded: 20_000,
        only: { features: KINDS, bins: ['many'], scores: SCORES },
        ...more,
      },
    );
  const [ofClasses, ofFeatures, widest] = [at('class'), at('instance'), at('instance', WIDEST)];
  const levels = { class: [ofClasses, ofClasses], instance: [widest, ofFeatures, widest] };
  return alternating(...supports.levels.flatMap((level) => levels[level]));
}

/** Of logits, more: a softmax may go over them in several blocks of threads. */
const MANY_LOGITS = [...CLASSES, 1030, 1030];

/** Also logits between 15 and 40, for which kernels have formulas of their own. */
const LOGIT_WIDTHS: Widths = { ...WIDTHS, logits: [1, 3, 5] };

/**
 * Few samples with many logits, of which no class is a minority: L is that of the cross entropy alone, so that its
 * gradient can be compared however large the logits are.
 */
export function wideLogits(
  supports: CaseCapabilities,
  { coarse }: Pick<CombinedOptions, 'coarse'> = {},
): fc.Arbitrary<Case> {
  return alternating(
    ...supports.encodings.map((encoding) =>
      combined(narrowed(supports, { encoding, level: 'class' }), {
        ...(coarse === undefined ? {} : { coarse }),
        sizes: [1, 2, 3, 5],
        classCounts: MANY_LOGITS,
        widths: LOGIT_WIDTHS,
        only: {
          form: ['logits'],
          alpha: ['half', 'hundredths', 'as-trained', 'log-uniform'],
          hardest: ['anywhere', 'mostly-right'], // the largest logit is often that of the last class
        },
        fixed: () => ({ rho: 2 ** -10 }),
      }),
    ),
  );
}
