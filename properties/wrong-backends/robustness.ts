/**
 * Errors that only show in the way a backend is used: layouts, concurrent calls, sizes, training on NaN.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import { type Batch, balancedLoss, type HardSamples, mineHardSamples } from '../../spec/index.js';
import { entries } from '../walk.js';
import type { WholeBackend } from './compose.js';
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
      misread((batch) => (batch.columns.length <= 256 ? batch : wrappedClasses(batch))),
    ),
    least: 1,
  },
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

function withoutOffset(array: NdArray<Uint8Array>): NdArray<Uint8Array> {
  return ndarray(array.data, [...array.shape], [...array.stride], 0);
}

/** Counts the members of every class from 256 on as members of the class 256 before it. */
function wrappedClasses(batch: Batch): Batch {
  const membership = ndarray(new Uint8Array(batch.membership.size), [...batch.membership.shape]);
  const width = batch.columns.length;
  for (let i = 0; i < batch.size; i++) {
    for (let c = 0; c < width; c++) {
      if (batch.membership.get(i, c) === 1) membership.set(i, c % 256, 1);
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
