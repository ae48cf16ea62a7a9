/**
 * Errors of the whole walk, and errors that show when a backend is called repeatedly.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import {
  type BalancedLoss,
  type Batch,
  balancedLoss,
  crossEntropy,
  crossEntropyGradient,
  mineHardSamples,
  rectificationLoss,
  toProbabilities,
} from '../../spec/index.js';
import { entries } from '../walk.js';
import { scaled } from './compose.js';
import { sum } from './replace.js';
import { caching, type WrongBackend, wrapped, wrongStages } from './wrong-backend.js';

/** Wrong backends of the walk. */
export const walk: readonly WrongBackend[] = [
  wrapped('logits-ranked', 'logits ranked instead of probabilities', 'balanced-logits-agree', () => ({
    balancedLoss(batch, options) {
      const right = balancedLoss(batch, options);
      const found = balancedLoss({ ...batch, fromLogits: false }, { ...options, alpha: 1 });
      return {
        ...right,
        rectification: found.rectification,
        loss: options.alpha * found.rectification + (1 - options.alpha) * right.crossEntropy,
      };
    },
  })),
  wrongStages('softmax-over-all', 'one softmax over the classes of all attributes', 'balanced-logits-agree', {
    toProbabilities(batch) {
      if (batch.encoding !== 'categorical') return toProbabilities(batch);
      const columns = batch.columns.map((_, c) => c);
      const all = { name: 'all', classes: columns.map(String), columns };
      return { ...toProbabilities({ ...batch, attributes: [all] }), attributes: batch.attributes };
    },
  }),
  wrongStages(
    'scores-in-float16',
    'scores rounded to float16',
    'mining-agrees',
    {
      mineHardSamples: (batch, selection, options) => mineHardSamples(inFloat16(batch), selection, options),
      rectificationLoss: (batch, hard, triplets, options) =>
        rectificationLoss(inFloat16(batch), hard, triplets, options),
    },
    { precision: 'float32' },
  ),
  wrapped(
    'blanket-catch',
    'an error in mining, such as too few negatives, is caught and L is the cross entropy alone',
    'balanced-agrees',
    (right) => ({
      balancedLoss(batch, options) {
        const found = right.balancedLoss(batch, options);
        try {
          const { anchors } = mineHardSamples({ ...batch, fromLogits: false }, found.statistics, options);
          if (anchors.some((a) => a.negatives.length < options.kappa)) throw new RangeError('top-k');
          return found;
        } catch {
          const ce = crossEntropy(batch);
          return { ...found, loss: ce, rectification: 0, gradient: crossEntropyGradient(batch) };
        }
      },
    }),
  ),
  wrapped(
    'triplets-counted-full',
    'κ² triplets are counted for every anchor, even if it has fewer',
    'balanced-agrees',
    (right) => ({
      balancedLoss(batch, options) {
        const found = right.balancedLoss(batch, options);
        const triplets = found.statistics.anchors * options.kappa ** 2;
        return { ...found, statistics: { ...found.statistics, triplets } };
      },
    }),
  ),
  wrapped(
    'anchors-counted-by-class',
    'the number of minority classes is reported as the number of anchors',
    'triplets-bounded-walk',
    (right) => ({
      balancedLoss(batch, options) {
        const found = right.balancedLoss(batch, options);
        const anchors = sum(found.statistics.minority.map((classes) => classes.length));
        return { ...found, statistics: { ...found.statistics, anchors } };
      },
    }),
  ),
  wrapped(
    'first-column-weighted',
    'the first class of the batch weighted twice in the gradient',
    'classes-renamed-loss',
    (right) => ({
      balancedLoss(batch, options) {
        const found = right.balancedLoss(batch, options);
        const gradient = scaled(found.gradient, 1);
        for (let i = 0; i < batch.size; i++) gradient.set(i, 0, 2 * gradient.get(i, 0));
        return { ...found, gradient };
      },
    }),
  ),
  wrapped(
    'stale-by-shape',
    'the result of the first batch is returned for every batch of the same shape',
    'samples-permuted-loss',
    caching(({ scores, attributes, fromLogits }, options) => [scores.shape, attributes, fromLogits, options]),
  ),
  wrapped(
    'stale-options',
    'the result for a batch is cached without its options',
    'options-heeded',
    caching((_batch, _options, identity) => identity),
  ),
  wrapped(
    'gradient-not-cleared',
    'the gradient added to that of the call before',
    'results-unaliased',
    (right) => {
      let held: NdArray<Float64Array> | undefined;
      return {
        balancedLoss(batch, options) {
          const found = right.balancedLoss(batch, options);
          const gradient = scaled(found.gradient, 1);
          if (String(held?.shape) === String(gradient.shape)) {
            for (let at = 0; at < gradient.data.length; at++) {
              gradient.data[at] = (gradient.data[at] as number) + (held?.data[at] as number);
            }
          }
          held = gradient;
          return { ...found, gradient };
        },
      };
    },
  ),
  wrapped(
    'gradient-in-scratch',
    'the gradient in memory that the next call overwrites',
    'results-unaliased',
    (right) => {
      const inScratch = scratch();
      return {
        balancedLoss(batch, options) {
          const found = right.balancedLoss(batch, options);
          return { ...found, gradient: inScratch(found.gradient) };
        },
      };
    },
  ),
  wrapped(
    'feature-gradient-in-scratch',
    'the gradient of the features in memory that the next call overwrites',
    'results-unaliased',
    (right) => {
      const inScratch = scratch();
      return {
        balancedLoss(batch, options) {
          const found = right.balancedLoss(batch, options);
          if (found.featureGradient === undefined) return found;
          return { ...found, featureGradient: inScratch(found.featureGradient) };
        },
      };
    },
  ),
  wrapped(
    'stage-gradient-in-scratch',
    'the gradient of L_crl in memory that the next call overwrites',
    'results-unaliased',
    (right) => {
      const inScratch = scratch();
      return {
        rectificationLoss(batch, hard, triplets, options) {
          const found = right.rectificationLoss(batch, hard, triplets, options);
          return { ...found, gradient: inScratch(found.gradient) };
        },
      };
    },
  ),
  wrapped(
    'anchors-in-scratch',
    'hard samples in an array that the next call overwrites',
    'results-unaliased',
    (right) => {
      const anchors: ReturnType<typeof right.mineHardSamples>['anchors'][number][] = [];
      return {
        mineHardSamples(batch, selection, options) {
          anchors.splice(0, anchors.length, ...right.mineHardSamples(batch, selection, options).anchors);
          return { anchors };
        },
      };
    },
  ),
  wrapped('clamps-in-place', 'probabilities clamped in the caller’s array', 'input-unchanged', (right) => ({
    balancedLoss(batch, options) {
      const found = right.balancedLoss(batch, options);
      if (!batch.fromLogits)
        batch.scores.data.forEach((p, at) => {
          batch.scores.data[at] = Math.min(1 - 1e-7, Math.max(1e-7, p));
        });
      return found;
    },
  })),
  wrapped(
    'sorts-in-place',
    'an anchor’s negatives sorted in the caller’s array',
    'input-unchanged',
    (right) => ({
      formTriplets(hard, options) {
        const found = right.formTriplets(hard, options);
        for (const { negatives } of hard.anchors) (negatives as number[]).sort((a, b) => b - a);
        return found;
      },
    }),
  ),
  wrapped('kappa-lowered-in-place', 'κ lowered to n in the caller’s options', 'input-unchanged', (right) => ({
    mineHardSamples(batch, selection, options) {
      const found = right.mineHardSamples(batch, selection, options);
      (options as { kappa: number }).kappa = Math.min(options.kappa, batch.size);
      return found;
    },
  })),
  wrapped('leaks', 'a buffer leaked in every call', 'nothing-leaks', (right) => {
    const held: BalancedLoss[] = [];
    return {
      balancedLoss(batch, options) {
        const found = right.balancedLoss(batch, options);
        held.push(found);
        return found;
      },
      resources: () => held.length,
    };
  }),
];

/** Float16 has 11 significant bits. */
function inFloat16(batch: Batch): Batch {
  const rounded = Float64Array.from(entries(batch.scores), (x) => {
    const unit = 2 ** (Math.max(-14, Math.floor(Math.log2(Math.abs(x)))) - 10);
    return x === 0 ? x : Math.round(x / unit) * unit;
  });
  return { ...batch, scores: ndarray(rounded, batch.scores.shape) };
}

/** Memory that grows to the largest array it ever held, and that the next array overwrites. */
function scratch(): (array: NdArray) => NdArray<Float64Array> {
  let memory = new Float64Array(0);
  return (array) => {
    const values = entries(array);
    if (memory.length < values.length) memory = new Float64Array(values.length);
    memory.set(values);
    return ndarray(memory, [...array.shape]);
  };
}
