/**
 * The loss that training calls: the fused walk where the current engine has it, else the graph
 * of stock operations. Both are judged by the suite, as `tfjs-fused` and `tfjs`.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BalancedOptions, Schema } from '../../spec/contract.js';
import { fusedLevels, fusedLoss } from './fused/loss.js';
import { graphLoss } from './graph/loss.js';
import type { Observer, TensorLoss, WeighableLoss } from './walk.js';

/**
 * L as a differentiable function of labels, scores and features, on whatever engine is current when
 * it is called.
 *
 * @param observe - called with what each walk found; the tensors are disposed of when it returns,
 * so keep (`tf.keep`) what is to be read later
 */
export function tensorLoss(schema: Schema, options: BalancedOptions, observe?: Observer): WeighableLoss {
  const graph = graphLoss(schema, options, observe);
  const fused = fusedLoss(schema, options, observe);
  const current = () => (fusedLevels(tf.getBackend()).includes(options.level) ? fused : graph);
  const total: TensorLoss = (...inputs) => current()(...inputs);
  const perSample: WeighableLoss['perSample'] = (...inputs) => current().perSample(...inputs);
  return Object.assign(total, { perSample });
}
