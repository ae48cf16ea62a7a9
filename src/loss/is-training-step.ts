/**
 * Whether a loss is being differentiated, and so trains, or is only looked at.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/** True within `optimizer.minimize`, `tf.variableGrads` and their like: not in validation. */
export function isTrainingStep(): boolean {
  return tf.engine().state.gradientDepth > 0;
}
