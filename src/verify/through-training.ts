/**
 * A backend as the suite trains it.
 *
 * @module
 */

import * as tf from '@tensorflow/tfjs-core';
import { featureTensor, labelTensor, scoreTensor } from '../../backends/tfjs/backend.js';
import { settleEngine } from '../../backends/tfjs/index.js';
import type { TrainingLoss, TrainingResult } from '../../properties/index.js';
import type { Backend, Batch } from '../../spec/index.js';
import { trainingLoss } from '../loss/training-loss.js';

/** The backend as the suite trains it: the adapter's loss under tfjs's own differentiation. */
export function throughTraining(backend: Backend, ready: () => Promise<void>): TrainingLoss {
  return async (batch, options, how = {}) => {
    const { madeAt = options.alpha, withoutAlpha = false, weight = 1, before = [], weights } = how;
    await ready();
    let seen = 0;
    const observe = how.observed && backend.supports.execution === 'tensor' ? () => seen++ : undefined;
    const lossOf = trainingLoss(backend, batch, { ...options, alpha: madeAt }, observe);
    const step = async (of: Batch, weighted?: ArrayLike<number>): Promise<TrainingResult> => {
      const weights = lossOf.perSample && weighted;
      const { value, grads } = tf.tidy(() => {
        const labels = labelTensor(of);
        const features = options.level === 'instance' ? featuresAsGiven(of) : undefined;
        const alpha = withoutAlpha ? [] : [options.alpha];
        const call = weights ? (lossOf.perSample as typeof lossOf) : lossOf;
        const own = (scores: tf.Tensor, f?: tf.Tensor): tf.Tensor => call(labels, scores, f, ...alpha);
        // what a product with a factor, or the mean of products with weights, hands down
        const upstream = weights
          ? tf.tensor1d(Array.from(weights, (w) => (weight * w) / of.size))
          : tf.scalar(weight);
        return tf.valueAndGrads(own)([scoreTensor(of), ...(features ? [features] : [])], upstream);
      });
      const [found, ...slopes] = await Promise.all([value, ...grads].map((t) => t.data()));
      tf.dispose([value, ...grads]);
      await settleEngine(); // a GPU tells here that a program did not compile
      const [gradient, featureGradient] = slopes.map((data) => Float32Array.from(data, (x) => x / weight));
      const losses = found as Float32Array;
      const mean = (w: ArrayLike<number>) =>
        losses.reduce((sum, x, i) => sum + (w[i] as number) * x, 0) / of.size;
      return {
        loss: weights ? mean(weights) : (losses[0] as number),
        gradient: gradient as Float32Array,
        ...(featureGradient ? { featureGradient } : {}),
        ...(weights ? { sampleLosses: losses } : {}),
      };
    };
    for (const earlier of before) await step(earlier);
    return { ...(await step(batch, weights)), ...(observe ? { observed: seen } : {}) };
  };
}

/** Features as a caller has them: n×d if they are shared, else J×n×d. */
function featuresAsGiven(batch: Batch): tf.Tensor | undefined {
  const stacked = featureTensor(batch);
  return batch.features?.perAttribute === false ? stacked && tf.squeeze(stacked, [0]) : stacked;
}
