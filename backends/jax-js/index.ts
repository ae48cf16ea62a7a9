/**
 * The loss for jax-js (`@jax-js/jax`), a library of arrays with `grad` and `jit`. Nothing here imports ndarray or
 * tfjs. The backend `jax-js`, which the suite judges, is in `backend.ts`.
 *
 * @module
 */
export { EngineUnavailableError } from '../engine-unavailable-error.js';
export {
  classRectificationLoss,
  type JaxClassRectificationLoss,
  type JaxLossOptions,
} from './class-rectification-loss.js';
export { type JaxLoss, jaxLoss } from './loss.js';
export { JAX_ENGINE_NAMES, type JaxEngineName } from './names.js';
