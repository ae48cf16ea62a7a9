/**
 * What L_crl and L_ce count for in L (Eq. 8).
 *
 * @module
 */
import { type DType, numpy as np } from '@jax-js/jax';
import { counted } from './live-arrays.js';
import type { JaxArray } from './operations.js';

/**
 * α and 1 − α in an array of two numbers.
 *
 * Of a number, both are rounded once: taken in float32, 1 − .999 is off by a hundred-thousandth of itself.
 *
 * @param alpha - a number, or an array of one number, also one that `jit` traces; the array is given up
 */
export function balanceWeights(alpha: number | JaxArray, dtype: DType): JaxArray {
  if (typeof alpha === 'number') return counted(np.array([alpha, 1 - alpha], { dtype }));
  const own = np.reshape(alpha.astype(dtype), [1]);
  return np.concatenate([own.ref, np.subtract(1, own)], 0);
}
