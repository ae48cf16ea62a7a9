/**
 * A workspace that reports the calls of its SIMD functions.
 *
 * @module
 */
import type { SimdFunctions } from '../simd/functions.js';
import { SimdWorkspace } from './simd-workspace.js';

/** @param tell - is called with the arguments of each call of the function */
export function observed<K extends 'squares' | 'distances' | 'addSlope'>(
  name: K,
  tell: (...given: Parameters<SimdFunctions[K]>) => void,
): SimdWorkspace {
  const workspace = SimdWorkspace.create() as SimdWorkspace;
  const { simd } = workspace;
  const call = simd[name] as (...given: Parameters<SimdFunctions[K]>) => void;
  const observing = {
    ...simd,
    [name]: (...given: Parameters<SimdFunctions[K]>) => {
      tell(...given);
      call(...given);
    },
  };
  return Object.assign(Object.create(workspace), { simd: observing });
}
