/**
 * Convolutions that train on `wasm`: import it for its effect.
 *
 * tfjs 4.22 has no kernel on `wasm` for the derivative of a convolution's filter, nor for either
 * derivative of a depthwise one. This gives it those, made of operations that it has. It loads the
 * engine `wasm`, which is tfjs's first choice from then on: await it by `loadEngine('wasm')` or
 * `tf.setBackend('wasm')`, or any other by its name. No other engine is touched.
 *
 * @module
 */
import { registerConvolutionGradients } from './register.js';

registerConvolutionGradients();

export { registerConvolutionGradients };
