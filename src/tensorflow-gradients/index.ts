/**
 * Makes nets train faster on `tensorflow`: import it for its side effect.
 *
 * tfjs 4.22 makes the derivatives of `relu` and of batch normalisation of many operations over the whole input, and
 * TensorFlow has each as one. This module registers those, and a faster derivative of a bias. `crl train` imports
 * it; import it in a training loop of your own.
 *
 * @module
 * @example
 * ```ts
 * import 'class-rectification/tensorflow-gradients';
 * ```
 */
import { registerTensorFlowGradients } from './register.js';

registerTensorFlowGradients();

export { registerTensorFlowGradients };
