/**
 * Work on a batch that can be done block by block, in any order and on any thread, with the same result: no block
 * reads what another has written.
 *
 * @module
 */
import type { SimdFunctions } from '../simd/functions.js';

/** A memory as arrays of numbers. Addresses in bytes divided by the size of a number are their indices. */
export interface MemoryImage {
  readonly integers: Int32Array;
  readonly floats: Float32Array;
  readonly doubles: Float64Array;
}

/** The SIMD functions that blocks are computed with: all their arguments are integers. */
export type BlockFunction = 'softmax' | 'sigmoid';

/** A batch in blocks, each of which is one call of a SIMD function. */
export interface BlockWork {
  readonly run: BlockFunction;
  readonly blocks: number;
  /** How many bytes of memory, from address 0, the input and the results of a block take. */
  readonly bytes: number;
  /** Where the results begin that {@link read} needs, in bytes. */
  readonly results: number;
  /** The arguments of the call that computes a block. */
  argumentsOf(block: number): readonly number[];
  /** Writes the input of a block. */
  fill(block: number, image: MemoryImage): void;
  /** Takes the results of a block. */
  read(block: number, image: MemoryImage): void;
}

/**
 * Computes a block on the calling thread.
 *
 * @returns false if its input is not valid
 */
export function computeBlock(
  work: BlockWork,
  block: number,
  simd: SimdFunctions,
  image: MemoryImage,
): boolean {
  work.fill(block, image);
  const compute = simd[work.run] as (...given: readonly number[]) => number;
  if (!compute(...work.argumentsOf(block))) return false;
  work.read(block, image);
  return true;
}

/** Threads that compute blocks beside the calling one. */
export interface Helpers {
  /** Batches of fewer scores are not worth sharing: handing them over would take longer. */
  readonly least: number;
  /** How many scores a block has: few, so that all threads finish at about the same time. */
  readonly block: number;
  /**
   * Has every block of some work computed and read once.
   *
   * @param here - computes a block on the calling thread and reads it; false if its input is not valid
   * @returns false if the input of a block is not valid; other blocks may then be left out
   */
  share(work: BlockWork, here: (block: number) => boolean): boolean;
}

let current: Helpers | undefined;

/** The threads that `startThreads` has started; undefined without. */
export function helpers(): Helpers | undefined {
  return current;
}

/** Makes other threads those of the process, or none. */
export function setHelpers(started: Helpers | undefined): void {
  current = started;
}
