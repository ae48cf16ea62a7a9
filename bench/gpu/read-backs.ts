/**
 * Counts the tensors that are read back from a GPU.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/** The methods of an engine by which tfjs reads the numbers of a tensor. */
const READS = ['read', 'readSync'] as const;

/** How often tensors were read from the current engine while a function ran. */
export function readBacks(run: () => void): number {
  const backend = tf.backend() as unknown as Record<(typeof READS)[number], (...given: unknown[]) => unknown>;
  const own = READS.map((name) => backend[name]);
  let reads = 0;
  for (const [at, name] of READS.entries()) {
    backend[name] = (...given) => {
      reads += 1;
      return own[at]?.apply(backend, given);
    };
  }
  try {
    run();
  } finally {
    for (const [at, name] of READS.entries()) backend[name] = own[at] as (typeof own)[number];
  }
  return reads;
}
