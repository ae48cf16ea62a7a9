/**
 * How a worker computes a block: with its own SIMD functions, in its own memory.
 *
 * @module
 */
import { MemoryViews } from '../class-level/simd-layout.js';
import { reserve, simdFunctions } from '../simd/functions.js';
import type { MemoryImage } from './block-work.js';
import type { Call } from './lane.js';

const views = new MemoryViews();

/**
 * Copies a block to the memory of the SIMD functions, computes it, and copies its results back.
 *
 * @returns whether its input was valid
 */
export function computeCall({ run, bytes, results, given }: Call, image: MemoryImage): boolean {
  const simd = simdFunctions();
  if (!simd || !reserve(simd, bytes)) throw new Error('WebAssembly cannot get enough memory in a worker');
  views.attach(simd.memory.buffer);
  views.integers.set(image.integers.subarray(0, bytes >>> 2));
  const valid = (simd[run] as (...all: readonly number[]) => number)(...given);
  image.integers.set(views.integers.subarray(results >>> 2, bytes >>> 2), results >>> 2);
  return valid !== 0;
}
