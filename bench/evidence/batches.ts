/**
 * The batches that the evidence trains on.
 *
 * @module
 */
import type { Changes } from './plan.js';

/** Of Adam, at {@link BATCH_SIZE}. */
export const LEARNING_RATE = 0.003;
/** Samples in a batch of digits, and of the overlapping classes. */
export const BATCH_SIZE = 128;

/** Other batches on which cross entropy and CRL are compared. */
export const BATCHES: readonly { readonly name: string; readonly changes: Changes }[] = [
  { name: '32, plain', changes: batchOf(32) },
  { name: '256, plain', changes: batchOf(256) },
  ...[32, BATCH_SIZE, 256].map((size) => ({
    name: `${size}, class-aware`,
    changes: { ...batchOf(size), sampling: { kind: 'class-aware', perClass: 2 } },
  })),
];

/** A batch size, with a learning rate proportional to its square root, which keeps the noise of a step alike. */
export function batchOf(batchSize: number): Changes {
  return { batchSize, learningRate: LEARNING_RATE * Math.sqrt(batchSize / BATCH_SIZE) };
}
