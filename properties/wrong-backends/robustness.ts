/**
 * Errors that only show in the way a backend is used: layouts, concurrent calls, sizes, training on NaN.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import { type Batch, balancedLoss, type HardSamples, mineHardSamples } from '../../spec/index.js';
import { entries } from '../walk.js';
import { RIGHT, type WholeBackend } from './compose.js';
import { misread } from './replace.js';
import { wrongTraining } from './training.js';
import { type WrongBackend, wrapped, wrongStages } from './wrong-backend.js';

/** Wrong backends of robustness. */
export const robustness: readonly WrongBackend[] = [
  wrapped('reads-row-major', 'scores read as if they were contiguous', 'layout-independent', (right) => ({
    ...right,
    mineHardSamples: (batch, selection, options) =>
      right.mineHardSamples({ ...batch, scores: contiguous(batch.scores) }, selection, options),
  })),
  wrapped(
    'forgets-members-in-columns',
    'a class without negatives loses its positives where scores lie in columns',
    'layout-independent',
    (right) => ({
      ...right,
      mineHardSamples: (batch, selection, options) =>
        inColumns(batch.scores)
          ? withoutLonePositives(right.mineHardSamples(batch, selection, options))
          : right.mineHardSamples(batch, selection, options),
    }),
  ),
  wrapped(
    'ignores-offset',
    'the strides of an array are used, its offset is not',
    'layout-independent',
    (right) => ({
      balancedLoss: (batch, options) =>
        right.balancedLoss({ ...batch, membership: withoutOffset(batch.membership) }, options),
    }),
  ),
  wrapped(
    'features-by-first-strides',
    'with features by attribute, all matrices are read by the strides and the offset of the first',
    'layout-independent',
    (right) => ({
      balancedLoss: (batch, options) => right.balancedLoss(withFeaturesLaidAsFirst(batch), options),
    }),
  ),
  wrapped(
    'membership-by-score-strides',
    'the membership matrix is read by the strides and the offset of the scores, where it has as many columns',
    'layout-independent',
    (right) => ({
      balancedLoss(batch, options) {
        const isSame = batch.columns.length === batch.scoreWidth;
        const membership = isSame ? laidAs(batch.membership, batch.scores) : batch.membership;
        return right.balancedLoss({ ...batch, membership }, options);
      },
    }),
  ),
  wrapped(
    'shared-across-awaits',
    'options kept where a concurrent call overwrites them',
    'calls-independent',
    (right) => {
      let shared: Parameters<WholeBackend['balancedLoss']>[1];
      return {
        async balancedLoss(batch, options) {
          shared = options;
          await Promise.resolve();
          return right.balancedLoss(batch, shared);
        },
      };
    },
  ),
  wrapped(
    'answers-the-last-call',
    'concurrent calls all get the answer to the last one',
    'calls-independent',
    (right) => {
      let newest: Parameters<WholeBackend['balancedLoss']>;
      return {
        async balancedLoss(batch, options) {
          newest = [batch, options];
          await Promise.resolve();
          return right.balancedLoss(...newest);
        },
      };
    },
  ),
  wrapped(
    'leaks-on-first-use-again',
    'a buffer leaked in every second call',
    'nothing-leaks-in-long-runs',
    (right) => {
      let calls = 0;
      return {
        balancedLoss(batch, options) {
          calls += 1;
          return right.balancedLoss(batch, options);
        },
        resources: () => Math.floor(calls / 2),
      };
    },
  ),
  {
    ...wrongStages(
      'class-index-in-a-byte',
      'class indices above 255 wrap around',
      'balanced-at-many-classes',
      misread((batch) => wrappedClasses(batch, 2 ** 8)),
    ),
    least: 1,
  },
  wrongStages(
    'class-index-in-16-bits',
    'class indices above 65,535 wrap around',
    'balanced-at-65537-classes',
    misread((batch) => wrappedClasses(batch, 2 ** 16)),
  ),
  wrongStages(
    'class-count-in-16-bits',
    'of an attribute with more than 65,535 classes only the remainder by 65,536 is counted',
    'balanced-at-65537-classes',
    {
      selectMinority(batch, options) {
        const { profile, minority } = RIGHT.selectMinority(batch, options);
        const isCounted = (k: number, j: number) => k < (profile[j] as readonly number[]).length % 2 ** 16;
        return {
          profile: profile.map((sizes, j) => sizes.map((size, k) => (isCounted(k, j) ? size : 0))),
          minority: minority.map((classes, j) => classes.filter((k) => isCounted(k, j))),
        };
      },
    },
  ),
  {
    ...wrongStages(
      'last-block-left-out',
      'samples after the first 1,024 are neither anchors nor mined',
      'mining-at-many-samples',
      {
        mineHardSamples(batch, selection, options) {
          const right = mineHardSamples(batch, selection, options);
          return batch.size <= 1024 ? right : upTo(right, 1024);
        },
      },
    ),
    least: 2500,
  },
  wrapped(
    'computed-elsewhere',
    'a GPU engine that leaves small batches to the CPU',
    'runs-on-its-engine',
    (right) => {
      let programs = 0;
      return {
        balancedLoss(batch, options) {
          if (batch.size > 4) programs += 1;
          return right.balancedLoss(batch, options);
        },
        dispatches: () => programs,
      };
    },
  ),
  wrongTraining(
    'trains-past-nan',
    'NaN treated as 0 in training',
    'non-finite-probability-surfaces',
    (batch, options) => rightlyWithout(batch, options, (x) => (Number.isNaN(x) ? 0 : x)),
  ),
  wrongTraining(
    'bin-of-nan',
    'distribution: the bin of NaN lies outside the histogram, and the step ends in an error of the engine',
    'non-finite-probability-surfaces',
    (batch, options) => {
      const isMissed = options.comparison === 'distribution' && entries(batch.scores).some(Number.isNaN);
      if (isMissed) throw new RangeError('indices[0] = -2147483648 is not in [0, 17)');
      return rightlyWithout(batch, options, (x) => x);
    },
  ),
  wrongTraining(
    'trains-past-infinity',
    'logits clamped to ±50 in training, so that an infinity goes unnoticed',
    'non-finite-logit-surfaces',
    (batch, options) =>
      rightlyWithout(batch, options, (x) => (Number.isNaN(x) ? 0 : Math.min(50, Math.max(-50, x)))),
  ),
];

function inColumns({ stride: [down, along] }: NdArray<Float64Array>): boolean {
  return Math.abs(along as number) > Math.abs(down as number);
}

/** Leaves anchors without negatives without positives too. */
function withoutLonePositives({ anchors }: HardSamples): HardSamples {
  return { anchors: anchors.map((a) => (a.negatives.length > 0 ? a : { ...a, positives: [] })) };
}

function contiguous(array: NdArray<Float64Array>): NdArray<Float64Array> {
  return ndarray(array.data, [...array.shape]);
}

/** The memory of an array, read by the strides and the offset of another. */
function laidAs<T extends Uint8Array | Float64Array>(array: NdArray<T>, other: NdArray): NdArray<T> {
  return ndarray(array.data, [...array.shape], [...other.stride], other.offset);
}

function withFeaturesLaidAsFirst(batch: Batch): Batch {
  if (batch.features === undefined) return batch;
  const { matrices } = batch.features;
  const [first] = matrices as [Batch['scores']];
  return { ...batch, features: { ...batch.features, matrices: matrices.map((m) => laidAs(m, first)) } };
}

function withoutOffset(array: NdArray<Uint8Array>): NdArray<Uint8Array> {
  return ndarray(array.data, [...array.shape], [...array.stride], 0);
}

/** Counts the members of the classes from `most` on as members of the class `most` before it. */
function wrappedClasses(batch: Batch, most: number): Batch {
  const width = batch.columns.length;
  if (width <= most) return batch;
  const membership = ndarray(new Uint8Array(batch.membership.size), [...batch.membership.shape]);
  for (let i = 0; i < batch.size; i++) {
    for (let c = 0; c < width; c++) {
      if (batch.membership.get(i, c) === 1) membership.set(i, c % most, 1);
    }
  }
  return { ...batch, membership };
}

function upTo({ anchors }: HardSamples, samples: number): HardSamples {
  const within = (i: number) => i < samples;
  return {
    anchors: anchors
      .filter(({ sample }) => within(sample))
      .map((a) => ({ ...a, positives: a.positives.filter(within), negatives: a.negatives.filter(within) })),
  };
}

function rightlyWithout(
  batch: Batch,
  options: Parameters<typeof balancedLoss>[1],
  cleaned: (x: number) => number,
) {
  const scores = ndarray(Float64Array.from(entries(batch.scores), cleaned), [batch.size, batch.scoreWidth]);
  const { loss, gradient } = balancedLoss({ ...batch, scores }, options);
  return { loss, gradient: entries(gradient) };
}
