/**
 * The loss that training calls: the fused walk where the current engine has it, else the graph of stock
 * operations. The suite judges both, as the backends `tfjs-fused` and `tfjs`.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BalancedOptions, Schema } from '../../spec/contract.js';
import { fusedLoss, hasFusedWalk } from './fused/loss.js';
import { graphLoss } from './graph/loss.js';
import type { Observer, TensorLoss, WeighableLoss } from './walk.js';

/**
 * The balanced loss (Eq. 8) as a differentiable function of labels, scores and features. It runs on the
 * engine that is current when it is called.
 *
 * Called, it returns L, a scalar. `perSample` takes the same inputs and returns n numbers,
 * α·L_crl + (1−α)·ce_i, whose mean is L. With weights w, `mean(w·perSample(…))` is the loss of the ruling
 * *sample weights*. This is how `classWeight` of `model.fit` applies: tfjs multiplies the n numbers by weights.
 *
 * @param observe - is shown what each walk found. The tensors are disposed of when it returns: `tf.keep`
 * what is read later
 * @throws InputTypeError, InputRangeError - in a call: features that are missing or of the wrong rank;
 * where the processor reads the tensors, also labels, scores and features that the specification refuses
 * @example
 * ```ts
 * import { loadEngine, tensorLoss } from 'class-rectification/backends/tfjs';
 * import { createSchema, resolveOptions } from 'class-rectification/spec';
 * import * as tf from '@tensorflow/tfjs';
 * await loadEngine('cpu');
 * const schema = createSchema({ attributes: [2] });
 * const lossOf = tensorLoss(schema, { ...resolveOptions(schema), alpha: 0 });
 * const labels = tf.tensor2d([[1, 0], [0, 1], [0, 1]]);
 * const scores = tf.tensor2d([[1, 0], [0, 1], [0.5, 0.5]]);
 * lossOf.perSample(labels, scores).shape; // → [3]
 * lossOf(labels, scores).shape; // → []
 * ```
 */
export function tensorLoss(schema: Schema, options: BalancedOptions, observe?: Observer): WeighableLoss {
  const graph = graphLoss(schema, options, observe);
  const fused = fusedLoss(schema, options, observe);
  const current = () => (hasFusedWalk(tf.getBackend(), options) ? fused : graph);
  const total: TensorLoss = (...inputs) => current()(...inputs);
  const perSample: WeighableLoss['perSample'] = (...inputs) => current().perSample(...inputs);
  return Object.assign(total, { perSample });
}
