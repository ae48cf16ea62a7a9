/**
 * Runs graphs on one engine, also when another has become the current one.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { LoadedEngine } from './engine.js';
import { loadEngine } from './index.js';
import { type ReadTensor, runGraph } from './run-graph.js';

/** An engine, and how to run a graph on it. */
export interface Runner {
  readonly loaded: LoadedEngine;
  /** Runs a graph, reads the tensors it returns, and disposes of them. */
  run<T extends tf.NamedTensorMap>(graph: () => T): Promise<{ [K in keyof T]: ReadTensor }>;
}

/**
 * A runner on an engine.
 *
 * @throws EngineUnavailableError - if the engine is not available here
 */
export async function runnerOn(engine: string): Promise<Runner> {
  const loaded = await loadEngine(engine);
  return {
    loaded,
    async run(graph) {
      let current = loaded;
      // another call may have made another engine current while this one was started
      while (tf.getBackend() !== loaded.registered) current = await loadEngine(engine);
      return runGraph(current, graph);
    },
  };
}
