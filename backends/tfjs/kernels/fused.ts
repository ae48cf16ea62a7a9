/**
 * The whole walk as one operation of tfjs, with its own derivative.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BalancedOptions, Schema } from '../../../spec/contract.js';
import { HostKernel } from '../../host/index.js';
import type { DeviceBalancedLoss, DeviceWalk } from '../graph.js';
import { FUSED_LOSS, HOST_ENGINES, outputsOf, registerHostKernel } from './host-kernel.js';

/** Whether an engine, as tfjs registers it, has the walk as one operation. */
export function hasFusedKernel(registered: string): boolean {
  return HOST_ENGINES.includes(registered);
}

/**
 * The walk as one operation of the current engine.
 *
 * It differs from the graph in what it does with a batch that is not valid: it sees it, and refuses
 * it by name.
 */
export function fusedWalk(schema: Schema, options: BalancedOptions): DeviceWalk {
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
