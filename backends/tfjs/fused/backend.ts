/**
 * The backend `tfjs-fused`: the fused walk behind the contract, so that the suite judges what trains.
 *
 * @module
 */

import * as tf from '@tensorflow/tfjs-core';
import { COMPARISONS, ENCODINGS } from '../../../spec/choices.js';
import type { Backend } from '../../../spec/contract.js';
import { EngineUnavailableError } from '../engines/errors.js';
import { runnerOn } from '../engines/runner.js';
import type { TfjsBackendOptions } from '../graph/backend.js';
import { toBalancedLoss } from '../read-out.js';
import { featureTensor, labelTensor, scoreTensor } from '../tensors.js';
import { fusedAnchors, fusedLevels, fusedLoss, fusedWalk } from './loss.js';

/**
 * A backend that computes the loss as one operation of a tfjs engine, on float32 tensors with
 * sums in float64. On `webgpu` it is a few programs in float32.
 *
 * @throws EngineUnavailableError - if the engine is not available here, or has no fused walk
 * @example
 * ```ts
 * import { fusedBackend } from 'class-rectification/backends/tfjs/backend';
 * (await fusedBackend({ engine: 'wasm' })).name; // → 'tfjs-fused'
 * ```
 */
export async function fusedBackend({ engine = 'cpu' }: TfjsBackendOptions = {}): Promise<Backend<tf.Tensor>> {
  const { loaded, run } = await runnerOn(engine);
  const levels = fusedLevels(loaded.registered);
  if (levels.length === 0) {
    throw new EngineUnavailableError(engine, 'it has no fused walk; the backend tfjs runs there');
  }
  const fused = 'fused into balancedLoss';
  return {
    name: 'tfjs-fused',
    engine,
    ...(loaded.adapter === undefined ? {} : { adapter: loaded.adapter }),
    supports: {
      encodings: ENCODINGS,
      levels,
      comparisons: COMPARISONS,
      anchors: fusedAnchors(loaded.registered),
      gradient: true,
      precision: 'float32',
      execution: 'tensor',
      perSample: true,
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
    tensorLoss: fusedLoss,
    resources: () => tf.memory().numTensors,
    ...(loaded.dispatches === undefined ? {} : { dispatches: loaded.dispatches }),
  };
}
