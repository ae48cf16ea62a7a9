/**
 * Scale: sizes at the edges of the blocks that kernels work in, many classes, κ above every class size.
 *
 * @module
 */
import fc from 'fast-check';
import ndarray from 'ndarray';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import {
  type Backend,
  type Batch,
  type Capabilities,
  createBatch,
  type Encoding,
  mineHardSamples,
  resolveOptions,
  selectMinority,
} from '../../../spec/index.js';
import type { Case } from '../../cases/arbitraries.js';
import { rowsOf } from '../../cases/rows.js';
import { demandSame, needsTraining, type Property } from '../../property.js';
import { roundoff } from '../../tolerance/index.js';
import { plainAnchors, plainSelection, stageOf } from '../../walk.js';
import { checkBalanced, checkLogits, checkTraining } from '../agreement.js';

/** The sizes that large batches are drawn from. */
interface Sizes {
  readonly sizes: readonly number[];
  readonly classes: readonly number[];
  /** κ, also above every class size, as far as the triplets can be listed. */
  readonly kappas: readonly number[];
  /** The most triplets of a case. Default {@link MOST_TRIPLETS}. */
  readonly most?: number;
  /** Whether some cases have three anchors only, and a larger κ. Default false. */
  readonly rare?: boolean;
}

/** A size at which a backend that is right on small batches may go wrong. */
interface Scale extends Sizes {
  /** Completes the ids "mining-at-…" and "balanced-at-…". */
  readonly name: string;
  readonly what: string;
  /** One case for every so many that are asked for. */
  readonly every: number;
  /** Whether half of the cases of the whole walk are logits. Default false. */
  readonly logits?: boolean;
}

const SCALES: readonly Scale[] = [
  {
    name: 'block-edges',
    what: 'On batches that fill a block of 64 or 256 samples, or have one sample less or more',
    sizes: [63, 64, 65, 255, 256, 257],
    classes: [1, 2, 8, 28],
    kappas: [1, 3, 64, 65, 300, 2000],
    every: 25,
    rare: true,
  },
  {
    name: 'many-samples',
    what: 'Above 1,024 and 2,048 samples',
    sizes: [1025, 2500, 2500],
    classes: [2, 8],
    kappas: [1, 3, 64, 2000],
    every: 60,
  },
  {
    name: 'many-triplets',
    what: 'Above 65,536 triplets',
    sizes: [256],
    classes: [2],
    kappas: [28, 40],
    every: 150,
    most: 200_000,
  },
  {
    name: 'a-thousand-classes',
    what: 'Above 1,024 classes',
    sizes: [5, 9],
    classes: [1100],
    kappas: [1, 3],
    every: 100,
    logits: true,
  },
  {
    name: 'many-classes',
    what: 'With up to 300 classes',
    sizes: [63, 64, 65],
    classes: [256, 257, 300, 300, 300],
    kappas: [1, 3, 16], // above the two or three samples that a class has
    every: 25,
  },
];

/** Above this the specification, which lists all triplets, takes long. */
const MOST_TRIPLETS = 5_000;

/** κ where there are very many samples: above the 32 threads of a warp. */
const FEW = 33;

/** Above so many samples only three are anchors. */
const MOST_ANCHORS = 2048;

/** κ where only three samples are anchors, so that more hard negatives than any block has are affordable. */
const RARE_KAPPAS: readonly number[] = [33, 65, 257, 300, 2000];

/** A minute of shrinking does not make a counterexample of a thousand samples any clearer. */
const MOST_SHRINKS = 20;

/** Training at scale: more samples than a block has threads, and more columns than a vector has numbers. */
const TRAINED: readonly Sizes[] = [
  { sizes: [600], classes: [2], kappas: [1, 3] },
  { sizes: [65], classes: [28, 300], kappas: [1, 3, 16] },
];

/** A softmax over more classes than a block has threads; the last classes are mined too. */
const SOFTMAX: Sizes = { sizes: [64], classes: [300], kappas: [1, 3] };

/** The properties of scale. */
export const scale: readonly Property[] = [
  ...SCALES.flatMap(atScale),
  {
    id: 'logits-at-many-classes',
    stage: 'balancedLoss',
    source: 'Eq. 2, 8; rulings: probabilities, gradient',
    claim:
      'From the logits of 300 classes, L, its parts, its counts and its gradient agree with the specification.',
    required: true,
    shrinks: MOST_SHRINKS,
    classLevel: true,
    runs: (asked) => Math.ceil(asked / 60),
    cases: (supports) =>
      // categorical labels, whose classes share a softmax, if the backend supports them
      large({ ...supports, levels: ['class'] }, SOFTMAX, 'categorical').map((one) => ({
        ...one,
        batch: asLogits(one.batch),
      })),
    check: ({ backend }, given) => checkFromLogits(backend, given),
  },
  {
    id: 'training-at-scale',
    stage: 'balancedLoss',
    source: 'Eq. 8; design: what trains is what was verified',
    claim: 'Above 512 samples and above 16 score columns, training agrees with the specification.',
    required: true,
    shrinks: MOST_SHRINKS,
    inapplicable: needsTraining,
    runs: (asked) => Math.ceil(asked / 40),
    cases: (supports) => fc.oneof(...TRAINED.map((one) => large(supports, one))),
    check: (subject, given) => checkTraining(subject, given),
  },
];

function atScale(one: Scale): Property[] {
  return [
    {
      id: `mining-at-${one.name}`,
      stage: 'mineHardSamples',
      source: 'Eq. 3 to 7; ruling: mined order',
      claim: `${one.what}, minority classes and mined samples equal those of the specification.`,
      required: true,
      shrinks: MOST_SHRINKS,
      runs: (asked) => Math.ceil(asked / one.every),
      cases: (supports) => large(supports, one),
      async check({ backend }, { batch, options }) {
        const selection = selectMinority(batch, options);
        const minority = await backend.selectMinority?.(batch, options);
        if (minority) demandSame('profile and minority', plainSelection(minority), plainSelection(selection));
        const got = await stageOf(backend, 'mineHardSamples')(batch, selection, options);
        demandSame('anchors', plainAnchors(got), plainAnchors(mineHardSamples(batch, selection, options)));
      },
    },
    {
      id: `balanced-at-${one.name}`,
      stage: 'balancedLoss',
      source: 'Eq. 2 to 16',
      claim: `${one.what}, L, its parts, its counts and its gradient agree with the specification.`,
      required: true,
      shrinks: MOST_SHRINKS,
      runs: (asked) => Math.ceil(asked / one.every),
      cases: (supports) => large(supports, one),
      async check({ backend }, given) {
        if (one.logits && given.shuffle % 2 === 0) {
          await checkFromLogits(backend, { ...given, batch: asLogits(given.batch) });
        } else await checkBalanced({ backend }, given);
      },
    },
  ];
}

async function checkFromLogits(backend: Backend, given: Case): Promise<void> {
  const got = await backend.balancedLoss(given.batch, given.options);
  const gradient = backend.supports.gradient ? got.gradient : undefined;
  checkLogits(given, got, gradient, roundoff(backend.supports), got.featureGradient);
}

/** The scores, spread out, as logits: far enough apart that a softmax over many classes is not flat. */
function asLogits(batch: Batch): Batch {
  const scores = ndarray(
    Float64Array.from(batch.scores.data, (x) => 16 * x),
    [batch.size, batch.scoreWidth],
  );
  return { ...batch, scores, fromLogits: true };
}

/** Long-tailed batches with scores on a lattice. A row is drawn from one number, so that rows shrink quickly. */
function large(
  supports: Capabilities,
  { sizes, classes: counts, kappas, most, rare: someRare = false }: Sizes,
  liked?: Encoding,
): fc.Arbitrary<Case> {
  const encodings = supports.encodings.filter((encoding) => encoding === liked);
  // at that size all pairwise distances take long, and they show nothing that block edges do not
  const samplesOnly = supports.levels.filter(
    (level) => level === 'class' && sizes.some((n) => n > MOST_ANCHORS),
  );
  return fc
    .record({
      encoding: fc.constantFrom(...(encodings.length > 0 ? encodings : supports.encodings)),
      level: fc.constantFrom(...(samplesOnly.length > 0 ? samplesOnly : supports.levels)),
      comparison: fc.constantFrom(...supports.comparisons),
      rows: fc.constantFrom(...sizes).chain((n) => rowsOf(fc.nat(), n)),
      classes: fc.constantFrom(...counts),
      kappa: fc.constantFrom(...kappas),
      steps: fc.constantFrom(8, 1024, 2 ** 20),
      rare: someRare ? fc.option(fc.constantFrom(...RARE_KAPPAS), { freq: 3 }) : fc.constant(null),
      shuffle: fc.nat(),
    })
    .map(
      ({
        encoding,
        level,
        comparison,
        rows,
        classes: drawnClasses,
        kappa,
        steps,
        rare: drawnRare,
        shuffle,
      }): Case => {
        // batches of so many samples have few anchors, since the specification sorts all samples for each
        const rare = rows.length > MOST_ANCHORS ? FEW : drawnRare;
        const classes = rare === null ? drawnClasses : 2; // a kernel may pad κ³ numbers per class
        const drawn = rows.map((seed, i) => {
          const row = drawRow(seed, rows.length, encoding, classes, steps);
          return rare !== null ? { ...row, labels: rareLabels(i, rows.length, encoding, classes) } : row;
        });
        const batch = createBatch({
          encoding,
          attributes: encoding === 'multi-label' ? new Array<number>(classes).fill(2) : [classes],
          labels: drawn.map(({ labels }) => labels),
          scores: drawn.map(({ scores }) => scores),
          ...(level === 'class' ? {} : { features: drawn.map(({ features }) => features) }),
        });
        const options = resolveOptions(batch, { level, comparison, kappa: rare ?? kappa, bins: 17 });
        const bounded = { ...options, kappa: affordable(batch, options, most) };
        return { batch, options: { ...bounded, alpha: 0.5 }, shuffle };
      },
    );
}

function drawRow(seed: number, size: number, encoding: Encoding, classes: number, steps: number) {
  const generator = xoroshiro128plus(seed);
  const below = (n: number) => uniformInt(generator, 0, n - 1);
  const cells = (width: number, cell: () => number) => Array.from({ length: width }, cell);
  // few enough classes that they have pairs, spread from the first to the last: where most classes are single
  // samples, hardly any batch has a triplet
  const used = Math.min(classes, Math.max(2, Math.ceil(size / 4)));
  const apart = (classes - 1) / Math.max(1, used - 1);
  const label = () => Math.floor(apart * Math.floor(used * (below(1000) / 1000) ** 2));
  const labels =
    encoding === 'categorical' ? [below(20) === 0 ? -1 : label()] : cells(classes, () => +(below(5) === 0));
  return { labels, scores: cells(classes, () => below(steps) / steps), features: cells(3, () => below(8)) };
}

/** The first class has three samples, the last ones where there are very many; all others are of the last class. */
function rareLabels(sample: number, size: number, encoding: Encoding, classes: number): number[] {
  const label = (size > MOST_ANCHORS ? size - 1 - sample : sample) < 3 ? 0 : classes - 1;
  if (encoding === 'categorical') return [label];
  return Array.from({ length: classes }, (_, c) => +(c === label));
}

/** The largest κ, up to the one asked for, with which all triplets can be listed. */
function affordable(
  batch: Case['batch'],
  options: Omit<Case['options'], 'alpha'>,
  most = MOST_TRIPLETS,
): number {
  const { profile, minority } = selectMinority(batch, options);
  const sizes = minority.flatMap((classes, j) => classes.map((k) => profile[j]?.[k] as number));
  const triplets = (kappa: number) =>
    sizes.reduce((sum, h) => sum + h * Math.min(kappa, h - 1) * Math.min(kappa, batch.size - h), 0);
  let { kappa } = options;
  while (kappa > 1 && triplets(kappa) > most) kappa = Math.floor(kappa * 0.8);
  return kappa;
}
