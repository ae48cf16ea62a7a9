/**
 * Makes a loss NaN where a number is not finite, and NaN or infinity may be lost on the way.
 *
 * @module
 */
import {
  add,
  both,
  constantOf,
  greater,
  type JaxArray,
  LARGEST,
  less,
  mul,
  sum,
  where,
} from './operations.js';

/**
 * The loss or losses, or NaN if one of the given numbers is NaN or infinite (rulings: probabilities, non-finite
 * features). `jit` loses NaN on the way: it takes 0·x for 0, and a hinge of NaN for 0.
 */
export function nanUnlessFinite(given: readonly JaxArray[], loss: JaxArray): JaxArray {
  const wrong = given.map(countNotFinite).reduce((a, b) => add(a, b));
  return where(greater(wrong, 0), Number.NaN, loss);
}

function countNotFinite(numbers: JaxArray): JaxArray {
  const half = mul(constantOf(numbers), 0.5); // below LARGEST for every finite number
  const inRange = both(less(half, LARGEST), less(-LARGEST, half)); // both are false for NaN
  return sum(where(inRange, 0, 1));
}
