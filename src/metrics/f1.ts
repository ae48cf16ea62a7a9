/**
 * F1 by class, and its mean.
 *
 * @module
 */
import { classBalancedAccuracy, meanOfKnown } from '../../spec/rules.js';

/** What {@link macroF1} finds. */
export interface MacroF1 {
  /** The mean of F1 over the classes that have test samples or are predicted; null if there is none. */
  readonly f1: number | null;
  /** F1 by class index; null for a class that has no test sample and is not predicted. */
  readonly byClass: readonly (number | null)[];
}

/**
 * Macro F1: the mean of the classes' F1_k = 2·TP/(2·TP + FP + FN), not the F1 of mean precision and mean
 * recall (Opitz, Burst: *Macro F1 and Macro F1*, 2019, explains the difference).
 *
 * A class that is predicted but has no test sample has F1 0, and counts.
 *
 * @param actual - true class indices; −1 or null are left out with their predictions
 * @param predicted - predicted class indices
 * @param classes - K
 * @throws InputTypeError, InputRangeError
 * @example
 * ```ts
 * import { macroF1 } from 'class-rectification/metrics';
 * macroF1([0, 0, 0, 1], [0, 0, 1, 1], 3); // → { f1: (4 / 5 + 2 / 3) / 2, byClass: [4 / 5, 2 / 3, null] }
 * ```
 */
export function macroF1(
  actual: ArrayLike<number | null>,
  predicted: ArrayLike<number>,
  classes: number,
): MacroF1 {
  classBalancedAccuracy(actual, predicted, classes); // refuses what is not a class
  const right = new Array<number>(classes).fill(0);
  const either = new Array<number>(classes).fill(0); // held + predicted = 2·TP + FP + FN
  const count = (counts: number[], k: number) => {
    counts[k] = (counts[k] as number) + 1;
  };
  for (let i = 0; i < actual.length; i++) {
    const [k, guess] = [actual[i] ?? -1, predicted[i] as number];
    if (k < 0) continue;
    count(either, k);
    count(either, guess);
    if (k === guess) count(right, k);
  }
  const byClass = either.map((n, k) => (n === 0 ? null : (2 * (right[k] as number)) / n));
  return { f1: meanOfKnown(byClass), byClass };
}
