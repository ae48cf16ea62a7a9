/**
 * Runs a graph on an engine and reads the results; refuses results that a GPU engine did not compute.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { LoadedEngine } from './engine.js';
import { NoDispatchError } from './errors.js';

/** A tensor as plain data. */
export interface ReadTensor {
  readonly shape: number[];
  readonly data: ArrayLike<number>;
}

/**
 * Runs a graph on the current engine, reads the tensors it returns, and disposes of them.
 *
 * Reads are asynchronous, since `webgpu` has no synchronous ones in Node.
 *
 * @param engine - as {@link loadEngine} returned it; it must be the current engine
 * @throws NoDispatchError - if a GPU engine ran no program
 * @throws GpuFaultError - if a program did not compile or run
 */
export async function runGraph<T extends tf.NamedTensorMap>(
  engine: LoadedEngine,
  graph: () => T,
): Promise<{ [K in keyof T]: ReadTensor }> {
  const before = engine.dispatches?.();
  const found = tf.tidy(graph);
  const after = engine.dispatches?.(); // before any read: a read may run programs of its own
  try {
    const read = await Promise.all(
      Object.entries(found).map(
        async ([name, t]) => [name, { shape: t.shape, data: await t.data() }] as const,
      ),
    );
    await engine.settle?.();
    if (after !== undefined && after === before) throw new NoDispatchError(engine.name);
    return Object.fromEntries(read) as unknown as { [K in keyof T]: ReadTensor };
  } finally {
    tf.dispose(found);
  }
}
