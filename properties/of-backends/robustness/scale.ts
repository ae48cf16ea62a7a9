/**
 * Scale: sizes at the edges of the blocks that kernels work in, many samples, classes, anchors, triplets and
 * pairs. Whatever small batches are drawn with, these are drawn with too.
 *
 * @module
 */
import type fc from 'fast-check';
import type { Case } from '../../cases/arbitraries.js';
import { type CaseCapabilities, narrowed, type Within } from '../../cases/case-capabilities.js';
import { combined } from '../../cases/combined.js';
import type { CombinedOptions } from '../../cases/drawn.js';
import { alternating } from '../../cases/planned.js';
import type { Property } from '../../property.js';
import { checkMinorityAndMining, checkWhole } from '../agreement-checks.js';
import { stepping, wayToTrain } from '../training-checks.js';
import { needsInstanceLevel } from './few-instance-cases.js';

/** A size at which a backend that is right on small batches may go wrong. */
interface Scale {
  /** Completes the ids "mining-at-…" and "balanced-at-…". */
  readonly name: string;
  readonly what: string;
  /** One case for every so many that are asked for. */
  readonly every: number;
  /** What is drawn; of several, one for each case. */
  readonly drawn: readonly CombinedOptions[];
  /** What cases are limited to, as far as the backend supports it; of several, in turn. Default: nothing. */
  readonly within?: Within | readonly Within[];
  /** Why it does not apply to a backend, whatever it is limited to. Default: it applies to all. */
  readonly inapplicable?: Property['inapplicable'];
  /** How many smaller cases to try after one has failed. Default: {@link MOST_SHRINKS}. */
  readonly shrinks?: number;
}

const EDGES = [32, 64, 128, 192, 256, 384, 512].flatMap((block) => [block - 1, block, block + 1]);

/** Three anchors, so that more hard negatives than any block has are affordable. */
const FEW_ANCHORS = {
  mostPadded: 35_000_000,
  classCounts: [2],
  only: { shape: ['rare'], attributes: ['one'], rho: ['half', 'below'] },
} as const;

/** Of very many classes some must have pairs, also the last ones. */
const MANY_CLASSES = { shape: ['even'], unlabelled: ['none', 'some'] } as const;

/** Of the easy ones there are at most κ a class. */
const ALL_ANCHORS = () => ({ anchors: 'all' }) as const;

const SCALES: readonly Scale[] = [
  {
    name: 'block-edges',
    what: 'On batches that fill a block of 32 to 512 samples, or have one sample less or more',
    every: 15,
    drawn: [
      { sizes: EDGES, classCounts: [1, 2, 8, 28], kappas: [1, 3, 33, 64, 65, 2000] }, // also above every class size
      { sizes: EDGES, classCounts: [1, 2, 8, 28], kappas: [1, 3, 33, 64, 65, 2000] },
      { sizes: [255, 256, 257, 383], ...FEW_ANCHORS, kappas: [65, 257, 300, 2000] },
    ],
  },
  {
    name: 'many-samples',
    what: 'Above 1,024 and 2,048 samples',
    every: 40,
    within: { level: 'class' }, // all distances would take too long
    drawn: [
      { sizes: [1025, 2049, 2500], classCounts: [2, 8], kappas: [1, 3, 33, 64, 2000] },
      { sizes: [2500], ...FEW_ANCHORS, kappas: [33, 64] }, // above the 32 threads of a warp
      { sizes: [2500], ...FEW_ANCHORS, kappas: [33, 64] },
    ],
  },
  {
    name: 'many-anchors',
    what: 'Above 4,096 anchors, and 512 of one class',
    every: 75,
    within: { encoding: 'categorical', level: 'class' }, // all distances would take too long
    drawn: [
      {
        sizes: [1100],
        classCounts: [2],
        kappas: [1, 2],
        mostTriplets: 60_000,
        fixed: ALL_ANCHORS,
        only: {
          attributes: ['many'],
          classes: ['few'],
          shape: ['even', 'skewed'],
          rho: ['one'],
          unlabelled: ['none', 'some'],
        },
      },
    ],
  },
  {
    name: 'many-anchors-of-features',
    what: 'Above 512 anchors of a class at instance level',
    every: 100,
    within: { encoding: 'categorical', level: 'instance' },
    inapplicable: needsInstanceLevel, // at class level many-anchors asks the same
    drawn: [
      {
        sizes: [1300],
        classCounts: [2],
        kappas: [1, 2],
        mostTriplets: 10_000,
        fixed: ALL_ANCHORS,
        only: {
          attributes: ['one'],
          shape: ['even'],
          rho: ['one'],
          unlabelled: ['none', 'some'],
          features: ['lattice', 'distant'], // of few components: 600,000 distances are computed
        },
      },
    ],
  },
  {
    name: 'many-triplets',
    what: 'Above 65,536 triplets',
    every: 150,
    within: { comparisons: ['relative'] },
    drawn: [
      {
        sizes: [256],
        classCounts: [2],
        kappas: [40],
        mostTriplets: 200_000,
        mostPadded: 1_000_000,
        only: {
          attributes: ['one'],
          shape: ['even'], // two classes of about 128 samples
          rho: ['one'],
          unlabelled: ['none', 'some'],
        },
      },
      {
        sizes: [152],
        classCounts: [2],
        kappas: [150], // more positives than a block of 128 threads, for each of 149 anchors with three negatives
        mostTriplets: 100_000,
        mostPadded: 8_000_000,
        only: { attributes: ['one'], shape: ['rare'], rho: ['one'], unlabelled: ['none'] },
      },
    ],
  },
  {
    name: 'many-pairs',
    what: 'Above 65,536 pairs',
    every: 100,
    // classes of few samples, so that so many pairs form few triplets
    within: [
      { encoding: 'categorical', comparisons: ['absolute'] },
      { encoding: 'categorical', comparisons: ['distribution'] },
      { encoding: 'categorical', level: 'instance', comparisons: ['absolute'] },
    ],
    drawn: [
      {
        sizes: [270],
        classCounts: [34],
        kappas: [255], // for each of 270 anchors
        mostTriplets: 600_000,
        mostPadded: 3_000_000,
        // with a margin above the distances, so that the negatives count
        only: {
          attributes: ['one'],
          shape: ['even'],
          rho: ['one'],
          unlabelled: ['none'],
          margin: ['large'],
          scores: ['fine', 'tenths', 'eighths'],
          features: ['lattice', 'far'],
        },
      },
    ],
  },
  {
    name: 'a-thousand-classes',
    what: 'Above 1,024 classes',
    every: 100,
    drawn: [{ sizes: [5, 9], classCounts: [1100], kappas: [1, 3], only: MANY_CLASSES }],
  },
  {
    name: 'many-classes',
    what: 'With up to 300 classes',
    every: 25,
    drawn: [
      {
        sizes: [63, 64, 65],
        classCounts: [256, 257, 300, 300, 300],
        kappas: [1, 3, 16], // above the two or three samples that a class has
        only: MANY_CLASSES,
      },
    ],
  },
  {
    name: '65537-classes',
    what: 'Above 65,536 classes of an attribute',
    every: 300,
    shrinks: 20, // a case takes a fifth of a second, and its classes cannot become fewer
    within: { encoding: 'categorical' },
    drawn: [
      {
        sizes: [6, 8],
        classCounts: [65_537, 65_600],
        kappas: [1, 3],
        only: { ...MANY_CLASSES, attributes: ['one'], form: ['probabilities'] },
      },
    ],
  },
];

/** A minute of shrinking does not make a counterexample of a thousand samples any clearer. */
const MOST_SHRINKS = 600;

/** Training at scale: more samples than a block has threads, and more columns than a vector has numbers. */
const TRAINED: readonly CombinedOptions[] = [
  { coarse: true, sizes: [600, 513], classCounts: [2], kappas: [1, 3] },
  {
    coarse: true,
    sizes: [65, 129],
    classCounts: [28, 300],
    kappas: [1, 3, 16],
    only: { shape: ['even', 'skewed'], attributes: ['one', 'several'] },
  },
];

/** A softmax over more classes than a block has threads; the last classes are mined too. */
const SOFTMAX: CombinedOptions = {
  sizes: [64],
  classCounts: [300],
  kappas: [1, 3],
  only: {
    attributes: ['one'],
    form: ['logits'],
    shape: ['even', 'skewed'],
    // no two probabilities of a class closer than rounding, so that gradients can be compared
    scores: ['fine', 'tenths', 'eighths'],
    alpha: ['half', 'hundredths', 'as-trained', 'log-uniform'],
  },
};

/** A softmax that goes over several blocks of 512 threads, whose largest logit often lies in the last one. */
const WIDER_SOFTMAX: CombinedOptions = {
  ...SOFTMAX,
  sizes: [16],
  classCounts: [600, 1100],
  only: { ...SOFTMAX.only, shape: ['even'], hardest: ['mostly-right'] },
};

/** As many classes, or labels, each with a sigmoid of its own. */
const SIGMOIDS: CombinedOptions = {
  ...SOFTMAX,
  sizes: [16],
  classCounts: [300, 600, 1100],
  only: { ...SOFTMAX.only, shape: ['rare'], scores: ['fine'], rho: ['half', 'below'] },
};

/** The properties of scale. */
export const scale: readonly Property[] = [
  ...SCALES.flatMap(atScale),
  {
    id: 'logits-at-many-classes',
    stage: 'balancedLoss',
    source: 'Eq. 2, 8; rulings: probabilities, gradient',
    claim:
      'From the logits of 300 to 1,100 classes or labels, L, its parts, its counts and its gradient agree with the specification.',
    required: true,
    shrinks: MOST_SHRINKS,
    classLevel: true,
    runs: (asked) => Math.ceil(asked / 15),
    cases: (supports) => {
      const drawn = {
        categorical: [SOFTMAX, WIDER_SOFTMAX],
        'multi-label': [SIGMOIDS],
        'one-attribute': [SIGMOIDS],
      };
      return alternating(
        ...supports.encodings.flatMap((encoding) =>
          drawn[encoding].map((wanted) => combined(narrowed(supports, { encoding, level: 'class' }), wanted)),
        ),
      );
    },
    check: checkWhole,
  },
  {
    id: 'training-at-scale',
    stage: 'balancedLoss',
    source: 'Eq. 8; design: what trains is what was verified',
    claim: 'Above 512 samples and above 16 score columns, training agrees with the specification.',
    required: true,
    shrinks: MOST_SHRINKS,
    runs: (asked) => Math.ceil(asked / 40),
    cases: (supports) => alternating(...TRAINED.map((one) => combined(supports, one))),
    // mostly labels of int32, whose copies in float32 a loss has to dispose of, and not the labels themselves
    ...stepping((given) => ({
      ...wayToTrain(given),
      ...(given.shuffle % 2 === 0 ? { labels: 'int32' } : {}),
    })),
  },
];

function atScale({
  name,
  what,
  every,
  drawn,
  within = {},
  inapplicable,
  shrinks = MOST_SHRINKS,
}: Scale): Property[] {
  const common = {
    required: true,
    shrinks,
    runs: (asked: number) => Math.ceil(asked / every),
    ...(inapplicable ? { inapplicable } : {}),
  };
  const draw = (supports: CaseCapabilities, also: CombinedOptions = {}): fc.Arbitrary<Case> =>
    alternating(
      ...[within].flat().flatMap((limits) =>
        drawn.map((one) => {
          return combined(narrowed(supports, limits), {
            ...one,
            ...also,
            only: { ...one.only, ...also.only },
          });
        }),
      ),
    );
  return [
    {
      ...common,
      id: `mining-at-${name}`,
      stage: 'mineHardSamples',
      source: 'Eq. 3 to 7; ruling: mined order',
      claim: `${what}, minority classes and mined samples equal those of the specification.`,
      cases: (supports) => draw(supports, { only: { form: ['probabilities'] }, mostMined: 100_000 }),
      check: checkMinorityAndMining,
    },
    {
      ...common,
      id: `balanced-at-${name}`,
      stage: 'balancedLoss',
      source: 'Eq. 2 to 16',
      claim: `${what}, L, its parts, its counts and its gradient agree with the specification.`,
      cases: (supports) => draw(supports),
      check: checkWhole,
    },
  ];
}
