/**
 * Convolutions that train on `wasm`: import it for its effect.
 *
 * tfjs 4.22 has no kernel on `wasm` for the derivative of a convolution's filter, nor for either
 * derivative of a depthwise one. This gives it those, made of operations that it has. It loads the
 * engine `wasm`, and no other engine is touched.
 *
 * @module
 */
import { registerConvolutionGradients } from './register.js';

registerConvolutionGradients();

export { registerConvolutionGradients };
