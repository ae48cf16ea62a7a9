/**
 * The geometric mean of sensitivities.
 *
 * @module
 */
import { classBalancedAccuracy } from '../../spec/rules.js';

/**
 * (Π S_k)^(1/K), the geometric mean of the sensitivities of Eq. 17 (Kubat, Matwin: *Addressing the Curse
 * of Imbalanced Training Sets*, ICML 1997, for two classes; Sun, Kamel, Wang, ICDM 2006, for more): it is 0
 * if one class is never found.
 *
 * @param actual - true class indices; −1 or null are left out
 * @param predicted - predicted class indices
 * @param classes - K
 * @returns a number in [0, 1] over the classes that have test samples; null if none has
 * @throws InputTypeError, InputRangeError
 * @example
 * ```ts
 * import { geometricMean } from 'class-rectification/metrics';
 * geometricMean([0, 0, 0, 0, 1], [0, 1, 1, 1, 1], 2); // → 0.5
 * geometricMean([0, 0, 0, 0, 1], [0, 0, 0, 0, 0], 2); // → 0
 * ```
 */
export function geometricMean(
  actual: ArrayLike<number | null>,
  predicted: ArrayLike<number>,
  classes: number,
): number | null {
  const { sensitivity } = classBalancedAccuracy(actual, predicted, classes);
  const present = sensitivity.filter((s) => s !== null);
  if (present.length === 0) return null;
  // by logarithms: a product of a thousand sensitivities is smaller than the smallest float64
  return Math.exp(present.reduce((sum, s) => sum + Math.log(s), 0) / present.length);
}
