/**
 * The whole walk fused, on the engines that have it so: as one operation of tfjs where the processor
 * reads its tensors, as a few WGSL programs on `webgpu`.
 *
 * @module
 */

import * as tf from '@tensorflow/tfjs-core';
import { LEVELS } from '../../../spec/choices.js';
import type { BalancedOptions, Level, Schema } from '../../../spec/contract.js';
import { HostKernel } from '../../host/index.js';
import {
  type DeviceBalancedLoss,
  type DeviceStep,
  type DeviceWalk,
  stepOf,
  type TensorLoss,
  tensorLossOf,
} from '../walk.js';
import { FUSED_LOSS, HOST_ENGINES, outputsOf, registerHostKernel } from './host-operation.js';
import { webgpuWalk } from './webgpu/walk.js';

/** The levels at which an engine, as tfjs registers it, has the walk fused; none where it has it not. */
export function fusedLevels(registered: string): readonly Level[] {
  return registered === 'webgpu' || HOST_ENGINES.includes(registered) ? LEVELS : [];
}

/** The fused walk of whatever engine is current when it is called. */
export function fusedWalk(schema: Schema, options: BalancedOptions): DeviceWalk {
  const { host, webgpu } = fusedParts(schema, options);
  return (...given) => (tf.getBackend() === 'webgpu' ? webgpu().walk : host())(...given);
}

/** {@link tensorLossOf} the fused walk. */
export function fusedLoss(
  schema: Schema,
  options: BalancedOptions,
  observe?: (found: DeviceBalancedLoss) => void,
): TensorLoss {
  const { host, webgpu } = fusedParts(schema, options);
  const step: DeviceStep = (...given) =>
    (tf.getBackend() === 'webgpu' ? webgpu().step : stepOf(host()))(...given);
  return tensorLossOf(fusedWalk(schema, options), options, observe, step);
}

/** Either, made when it is first asked for. */
function fusedParts(schema: Schema, options: BalancedOptions) {
  let onHost: DeviceWalk | undefined;
  let onWebgpu: ReturnType<typeof webgpuWalk> | undefined;
  return {
    host: () => {
      onHost ??= hostWalk(schema, options);
      return onHost;
    },
    webgpu: () => {
      onWebgpu ??= webgpuWalk(schema, options);
      return onWebgpu;
    },
  };
}

/**
 * The walk as one operation of the current engine.
 *
 * It differs from the graph in what it does with a batch that is not valid: it sees it, and refuses
 * it by name.
 */
function hostWalk(schema: Schema, options: BalancedOptions): DeviceWalk {
  registerHostKernel();
  const kernel = new HostKernel(schema, options);
  return (labels, scores, features, alpha = options.alpha) =>
    tf.tidy(() => {
      const inputs = {
        labels: inFloat32(labels),
        scores: inFloat32(scores),
        ...(features ? { features } : {}),
      };
      const attributes = { schema, options, kernel, alpha } as unknown as tf.NamedAttrMap;
      const found: tf.Tensor[] = tf.engine().runKernel(FUSED_LOSS, inputs, attributes);
      return Object.fromEntries(outputsOf(options).map((name, at) => [name, found[at] as tf.Tensor]));
    }) as object as DeviceBalancedLoss;
}

function inFloat32<T extends tf.Tensor>(tensor: T): T {
  return tensor.dtype === 'float32' ? tensor : (tf.cast(tensor, 'float32') as T);
}
