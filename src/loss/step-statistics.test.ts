import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { tfjsBackend } from '../../backends/tfjs/backend.js';
import { loadEngine } from '../../backends/tfjs/index.js';
import {
  type BalancedLoss,
  balancedLoss,
  createBatch,
  formTriplets,
  hingeArgument,
  mineHardSamples,
  selectMinority,
} from '../../spec/index.js';
import { type ClassRectificationOptions, classRectificationLoss } from './class-rectification-loss.js';
import { every, type StepStatistics } from './step-statistics.js';

const labels = [0, 0, 1, 1, 1, 2, 2, 0, 1, 1];

/** Logits of a step, and labels that differ from step to step. */
function batchOf(step: number) {
  return createBatch({
    attributes: [3],
    labels: labels.map((k, i) => [i < step ? 1 : k]),
    scores: labels.map((k, i) =>
      [0, 1, 2].map((s) => Math.fround(Math.sin(3 * i + 5 * s + step) + +(s === k))),
    ),
    fromLogits: true,
  });
}

/** Observes some steps of a loss. */
async function observed(
  steps: number,
  perReport: number,
  choices: Partial<ClassRectificationOptions> = {},
): Promise<{ seen: StepStatistics[]; expected: BalancedLoss[]; active: number[] }> {
  const seen: StepStatistics[] = [];
  const observe = every(perReport, (statistics) => seen.push(statistics));
  const loss = classRectificationLoss({ attributes: [3], fromLogits: true, alpha: 0.4, ...choices, observe });
  const expected: BalancedLoss[] = [];
  const active: number[] = [];
  for (let step = 0; step < steps; step++) {
    const batch = batchOf(step);
    const found = balancedLoss(batch, loss.options);
    expected.push(found);
    active.push(activeTriplets(batch, loss.options));
    tf.tidy(() => {
      const y = tf
        .oneHot(
          tf.tensor1d(
            labels.map((k, i) => (i < step ? 1 : k)),
            'int32',
          ),
          3,
        )
        .toFloat();
      const x = tf.tensor2d(Array.from(batch.scores.data), [10, 3]);
      loss(y, x); // only looked at
      tf.grad((z: tf.Tensor) => tf.mean(loss(y, z)))(x);
    });
  }
  await observe.flush();
  return { seen, expected, active };
}

function activeTriplets(
  logits: ReturnType<typeof batchOf>,
  options: Parameters<typeof balancedLoss>[1],
): number {
  const scores = tf.tidy(() => tf.softmax(tf.tensor2d(Array.from(logits.scores.data), [10, 3])).arraySync());
  const rows = Array.from({ length: logits.size }, (_, i) =>
    [0, 1, 2].map((c) => logits.membership.get(i, c)).indexOf(1),
  );
  const batch = createBatch({ attributes: [3], labels: rows.map((k) => [k]), scores: scores as number[][] });
  const triplets = formTriplets(mineHardSamples(batch, selectMinority(batch, options), options));
  return Array.from({ length: triplets.shape[0] as number }, (_, t) => t).filter(
    (t) => hingeArgument(batch, triplets, t, options) > 0,
  ).length;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('every', () => {
  beforeEach(() => loadEngine('wasm'));

  it.each(['fused', 'graph'])('reports the means of its steps, validation left out: %s', async (kind) => {
    const backend = kind === 'graph' ? { backend: await tfjsBackend({ engine: 'wasm' }) } : {};
    const { seen, expected, active } = await observed(5, 2, { ...backend, margin: 0.05, kappa: 5 });
    expect(seen.map(({ step, steps }) => [step, steps])).toEqual([
      [2, 2],
      [4, 2],
      [5, 1],
    ]);
    seen.forEach((statistics, at) => {
      const own = expected.slice(2 * at, 2 * at + 2);
      const of = (value: (found: BalancedLoss) => number) => mean(own.map(value));
      expect(statistics.loss).toBeCloseTo(
        of((found) => found.loss),
        5,
      );
      expect(statistics.rectification).toBeCloseTo(
        of((found) => found.rectification),
        5,
      );
      expect(statistics.crossEntropy).toBeCloseTo(
        of((found) => found.crossEntropy),
        5,
      );
      expect(statistics.anchors).toBe(of((found) => found.statistics.anchors));
      expect(statistics.triplets).toBe(of((found) => found.statistics.triplets));
      expect(statistics.minority).toEqual(
        [0, 1, 2].map((k) => of((found) => +(found.statistics.minority[0] as number[]).includes(k))),
      );
      const share = mean(active.slice(2 * at, 2 * at + 2)) / of((found) => found.statistics.triplets);
      expect(share).toBeLessThan(1);
      expect(statistics.activeShare).toBeCloseTo(share, 6);
      expect(statistics.clampedShare).toBeNull();
    });
  });

  it('has the share of clamped distances of the distribution comparison, and no active triplets', async () => {
    const { seen } = await observed(1, 1, { comparison: 'distribution', range: [0, 0.01] });
    expect(seen[0]?.clampedShare).toBeGreaterThan(0.5);
    expect(seen[0]?.activeShare).toBeNull();
  });

  it('leaves no tensor behind, and reads nothing back between reports', async () => {
    const before = tf.memory().numTensors;
    await observed(7, 3);
    expect(tf.memory().numTensors).toBe(before);

    const observe = every(4, () => {});
    const loss = classRectificationLoss({ attributes: [3], alpha: 0.4, observe });
    const y = tf.oneHot(tf.tensor1d(labels, 'int32'), 3).toFloat();
    const p = tf.softmax(tf.tensor2d(Array.from(batchOf(0).scores.data), [10, 3]));
    const step = () =>
      tf.tidy(() =>
        tf
          .grad((z: tf.Tensor) => tf.mean(loss(y, z)))(p)
          .dispose(),
      );
    step(); // the first step looks for surviving minority classes
    await observe.flush();
    const live = tf.memory().numTensors;
    let reads = 0;
    const { read, readSync } = tf.backend() as unknown as Record<string, (...given: unknown[]) => unknown>;
    const counting = (own: typeof read) =>
      function (this: unknown, ...given: unknown[]) {
        reads += 1;
        return own?.apply(this, given);
      };
    // the fused kernel looks at the engine's heap where it lies: that is no read
    Object.assign(tf.backend(), { read: counting(read), readSync: counting(readSync) });
    try {
      for (let before = 0; before < 3; before++) {
        step();
        expect(reads).toBe(0);
        expect(tf.memory().numTensors).toBe(live + 1);
      }
      step();
      expect(reads).toBeGreaterThan(0);
    } finally {
      Object.assign(tf.backend(), { read, readSync });
    }
    await observe.flush();
    expect(tf.memory().numTensors).toBe(live);
  });

  it('refuses an invalid number of steps, and a report that cannot be called', () => {
    expect(() => every(0, () => {})).toThrow('every(steps): expected an integer ≥ 1, got 0');
    expect(() => every(2, undefined as never)).toThrow(
      'every(steps, report): expected a function, which is given the statistics, got undefined',
    );
  });
});
