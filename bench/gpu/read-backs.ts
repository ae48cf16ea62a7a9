/**
 * Counts what is read back from a GPU.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/** How tfjs reads a tensor's numbers from where an engine keeps them. */
const READS = ['read', 'readSync'] as const;

/** How often tensors were read, by whomever, while something ran on the current engine. */
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
