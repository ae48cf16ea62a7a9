/**
 * The fused kernel behind the contract: a backend of its own, so that the suite judges what trains.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Backend } from '../../spec/contract.js';
import type { TfjsBackendOptions } from './backend.js';
import { EngineUnavailableError } from './engines/errors.js';
import { tensorLossOf } from './graph.js';
import { fusedWalk, hasFusedKernel } from './kernels/fused.js';
import { toBalancedLoss } from './read-out.js';
import { runnerOn } from './runner.js';
import { featureTensor, labelTensor, scoreTensor } from './tensors.js';

/**
 * The loss as one operation of a tfjs engine, in float64 on float32 tensors.
 *
 * @throws EngineUnavailableError - if the engine is not to be had here, or has no such operation
 * @example
 * ```ts
 * import { fusedBackend } from 'class-rectification/backends/tfjs';
 * (await fusedBackend({ engine: 'wasm' })).name; // → 'tfjs-fused'
 * ```
 */
export async function fusedBackend({ engine = 'cpu' }: TfjsBackendOptions = {}): Promise<Backend<tf.Tensor>> {
  const { loaded, run } = await runnerOn(engine);
  if (!hasFusedKernel(loaded.registered)) {
    throw new EngineUnavailableError(engine, 'it has no fused kernel; the backend tfjs runs there');
  }
  const fused = 'fused into balancedLoss';
  return {
    name: 'tfjs-fused',
    engine,
    supports: {
      encodings: ['categorical', 'multi-label', 'one-attribute'],
      levels: ['class', 'instance'],
      comparisons: ['relative', 'absolute', 'distribution'],
      gradient: true,
      precision: 'float32',
      execution: 'tensor',
      missing: {
        selectMinority: fused,
        mineHardSamples: fused,
        formTriplets: fused,
        rectificationLoss: fused,
      },
    },
    async balancedLoss(batch, options) {
      const walk = fusedWalk(batch, options);
      const found = await run(() => ({
        ...walk(labelTensor(batch), scoreTensor(batch), featureTensor(batch)),
      }));
      return toBalancedLoss(batch, options, found);
    },
    tensorLoss: (schema, options, observe) => tensorLossOf(fusedWalk(schema, options), options, observe),
    resources: () => tf.memory().numTensors,
  };
}
