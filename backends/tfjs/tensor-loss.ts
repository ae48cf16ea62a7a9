/**
 * The loss that training calls: the fused operation where the current engine has it, else the graph
 * of stock operations. Both are judged by the suite, as `tfjs-fused` and `tfjs`.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BalancedOptions, Schema } from '../../spec/contract.js';
import { type DeviceBalancedLoss, graphLoss, type TensorLoss, tensorLossOf } from './graph.js';
import { fusedWalk, hasFusedKernel } from './kernels/fused.js';

/**
 * L as a differentiable function of labels, scores and features, on whatever engine is current when
 * it is called.
 *
 * @param observe - called with what each walk found; the tensors are disposed of when it returns,
 * so keep (`tf.keep`) what is to be read later
 */
export function tensorLoss(
  schema: Schema,
  options: BalancedOptions,
  observe?: (found: DeviceBalancedLoss) => void,
): TensorLoss {
  const graph = graphLoss(schema, options, observe);
  const fused = tensorLossOf(fusedWalk(schema, options), options, observe);
  return (...given) => (hasFusedKernel(tf.getBackend()) ? fused : graph)(...given);
}
