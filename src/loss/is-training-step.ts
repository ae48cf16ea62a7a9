/**
 * Whether a loss is being differentiated, as in training, or only computed, as in validation.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/** True inside `optimizer.minimize`, `tf.variableGrads` and similar calls; false in validation. */
export function isTrainingStep(): boolean {
  return tf.engine().state.gradientDepth > 0;
}
