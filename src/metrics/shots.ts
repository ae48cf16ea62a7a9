/**
 * Many-, medium- and few-shot classes.
 *
 * @module
 */
import {
  classBalancedAccuracy,
  meanOfKnown,
  outOfRange,
  readClassCounts,
  refuseUnknownFields,
} from '../../spec/rules.js';

/** Where the groups end. */
export interface ShotThresholds {
  /** A class with more training samples is many-shot. Default 100. */
  readonly many?: number;
  /** A class with fewer is few-shot. At most `many`. Default 20. */
  readonly few?: number;
}

/** One value for each group. */
export interface ByShots<T> {
  readonly many: T;
  readonly medium: T;
  readonly few: T;
}

/** The default thresholds: many-shot above the first, few-shot below the second. */
export const SHOTS = { many: 100, few: 20 } as const;

/**
 * Class indices by training count n_k: many-shot n_k > 100, medium-shot 20 ≤ n_k ≤ 100, few-shot n_k < 20
 * (Liu, Miao, Zhan, Wang, Gong, Yu: *Large-Scale Long-Tailed Recognition in an Open World*, CVPR 2019).
 *
 * @param counts - n_k ≥ 0 by class index
 * @throws InputTypeError, InputRangeError
 * @example
 * ```ts
 * import { shotGroups } from 'class-rectification/metrics';
 * shotGroups([500, 100, 20, 19]); // → { many: [0], medium: [1, 2], few: [3] }
 * ```
 */
export function shotGroups(counts: readonly number[], thresholds: ShotThresholds = {}): ByShots<number[]> {
  refuseUnknownFields(thresholds, ['many', 'few'], 'thresholds.');
  const { many = SHOTS.many, few = SHOTS.few } = thresholds;
  if (!(many >= 0)) outOfRange('option-out-of-range', 'thresholds.many', 'a number ≥ 0', many);
  if (!(few >= 0 && few <= many))
    outOfRange('option-out-of-range', 'thresholds.few', `a number from 0 to many, ${many}`, few);
  const read = readClassCounts(counts, 'counts', 0);
  const where = (belongs: (n: number) => boolean) =>
    [...read.keys()].filter((k) => belongs(read[k] as number));
  return {
    many: where((n) => n > many),
    medium: where((n) => n >= few && n <= many),
    few: where((n) => n < few),
  };
}

/**
 * Class-balanced accuracy (Eq. 18) within each group: the mean sensitivity of its classes, where predictions
 * may be of any class.
 *
 * @param actual - true class indices; −1 or null are left out
 * @param predicted - predicted class indices
 * @param counts - n_k ≥ 0 by class index: training counts, K of them
 * @returns null for a group without test samples
 * @throws InputTypeError, InputRangeError
 * @example
 * ```ts
 * import { shotAccuracy } from 'class-rectification/metrics';
 * shotAccuracy([0, 0, 1, 2], [0, 1, 1, 0], [500, 50, 5]); // → { many: 0.5, medium: 1, few: 0 }
 * ```
 */
export function shotAccuracy(
  actual: ArrayLike<number | null>,
  predicted: ArrayLike<number>,
  counts: readonly number[],
  thresholds: ShotThresholds = {},
): ByShots<number | null> {
  const groups = shotGroups(counts, thresholds);
  const { sensitivity } = classBalancedAccuracy(actual, predicted, counts.length);
  const mean = (group: readonly number[]) => meanOfKnown(group.map((k) => sensitivity[k] ?? null));
  return { many: mean(groups.many), medium: mean(groups.medium), few: mean(groups.few) };
}
