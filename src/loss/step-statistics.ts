/**
 * What training steps found, averaged on the device and read every few steps.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { DeviceFindings } from '../../backends/tfjs/walk.js';
import { outOfRange, wrongType } from '../../spec/errors.js';
import { isTrainingStep } from './is-training-step.js';

/** Means over the steps since the last report. */
export interface StepStatistics {
  /** Training steps so far. */
  readonly step: number;
  /** Steps over which the means are taken. */
  readonly steps: number;
  /** For each class column, the share of steps in which it was a surviving minority class. */
  readonly minority: readonly number[];
  /** |X_min|. */
  readonly anchors: number;
  /** |T|. */
  readonly triplets: number;
  /** L. */
  readonly loss: number;
  /** L_crl. */
  readonly rectification: number;
  /** L_ce. */
  readonly crossEntropy: number;
  /** Relative comparison: the share of active triplets; null if there were no triplets. */
  readonly activeShare: number | null;
  /** Distribution comparison: the share of distances outside the range; null if there were no pairs. */
  readonly clampedShare: number | null;
}

/** For the option `observe`. */
export interface StatisticsObserver {
  (found: DeviceFindings): void;
  /** Reports the steps since the last report, if any, and waits until all reports are made. */
  flush(): Promise<void>;
}

/** What follows the C minority flags in the vector of sums; the last three depend on the comparison. */
const SUMS = [
  'loss',
  'rectification',
  'crossEntropy',
  'anchors',
  'triplets',
  'active',
  'clamped',
  'pairs',
] as const satisfies readonly (keyof DeviceFindings)[];

/**
 * Averages what training steps found, and reports the averages every few steps.
 *
 * Between reports a step costs two small operations, nothing is read back, and one tensor is kept. Reading a
 * report waits for the device, but never slows a training step. Validation is not counted. An error that the
 * callback throws is not caught.
 *
 * @param steps - an integer ≥ 1
 * @param report - called once the device has computed them
 * @throws InputTypeError, InputRangeError
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { classRectificationLoss, every, type StepStatistics } from 'class-rectification';
 * const seen: StepStatistics[] = [];
 * const observe = every(50, (statistics) => seen.push(statistics));
 * const loss = classRectificationLoss({ attributes: [2], alpha: 0.1, observe });
 * const y = tf.oneHot(tf.tensor1d([0, 0, 1, 1, 1], 'int32'), 2).toFloat();
 * tf.grad((p: tf.Tensor) => tf.mean(loss(y, p)))(tf.fill([5, 2], 0.5));
 * await observe.flush();
 * seen[0].minority; // → [1, 0]
 * ```
 */
export function every(steps: number, report: (statistics: StepStatistics) => void): StatisticsObserver {
  if (!Number.isSafeInteger(steps) || steps < 1) {
    outOfRange('option-out-of-range', 'every(steps)', 'an integer ≥ 1', steps);
  }
  if (typeof report !== 'function') {
    wrongType('wrong-type', 'every(steps, report)', 'a function, which is given the statistics', report);
  }
  let sums: tf.Tensor1D | undefined;
  let present: readonly (typeof SUMS)[number][] = [];
  let [count, step] = [0, 0];
  let reported: Promise<unknown> = Promise.resolve();

  const send = () => {
    const taken = { sums: sums as tf.Tensor1D, names: present, count, step };
    sums = undefined;
    count = 0;
    reported = Promise.all([reported, read(taken).then(report)]);
  };
  const observe = (found: DeviceFindings) => {
    if (!isTrainingStep()) return;
    present = SUMS.filter((name) => found[name] !== undefined);
    const before = sums;
    sums = tf.tidy(() => {
      const scalars = present.map((name) => tf.reshape(found[name] as tf.Tensor, [1]));
      const now = tf.concat([found.surviving, ...scalars]) as tf.Tensor1D;
      return tf.keep(before ? tf.add(before, now) : now) as tf.Tensor1D;
    });
    before?.dispose();
    count += 1;
    step += 1;
    if (count === steps) send();
  };
  const flush = async () => {
    if (count > 0) send();
    await reported;
  };
  return Object.assign(observe, { flush });
}

interface Taken {
  readonly sums: tf.Tensor1D;
  readonly names: readonly (typeof SUMS)[number][];
  readonly count: number;
  readonly step: number;
}

async function read({ sums, names, count, step }: Taken): Promise<StepStatistics> {
  const values = Array.from(await sums.data().finally(() => sums.dispose()));
  const classes = values.length - names.length;
  const sum = (name: (typeof SUMS)[number]) => values[classes + names.indexOf(name)] as number;
  const share = (part: 'active' | 'clamped', whole: 'triplets' | 'pairs') =>
    names.includes(part) && sum(whole) > 0 ? sum(part) / sum(whole) : null;
  return {
    step,
    steps: count,
    minority: values.slice(0, classes).map((flags) => flags / count),
    anchors: sum('anchors') / count,
    triplets: sum('triplets') / count,
    loss: sum('loss') / count,
    rectification: sum('rectification') / count,
    crossEntropy: sum('crossEntropy') / count,
    activeShare: share('active', 'triplets'),
    clampedShare: share('clamped', 'pairs'),
  };
}
