/**
 * Makes convolutions train on `wasm`: import it for its side effect.
 *
 * tfjs 4.22 has no kernel on `wasm` for the derivative of a convolution with respect to its filter, and none for
 * either derivative of a depthwise convolution. This module registers them, made of operations that `wasm` has.
 * It imports the engine `wasm`, which tfjs then prefers to others: await `loadEngine('wasm')` or
 * `tf.setBackend('wasm')`, or choose another engine by its name. No other engine is changed.
 *
 * @module
 */
import { registerConvolutionGradients } from './register.js';

registerConvolutionGradients();

export { registerConvolutionGradients };
