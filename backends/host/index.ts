/**
 * The host loss: all stages as one fused kernel on typed arrays, without tfjs and without ndarray.
 *
 * `backend.ts` has the backend that the properties judge.
 *
 * @module
 */
export type { FloatArray } from './arrays/float-array.js';
export { rowMajor, type ScoreView } from './batch/scores.js';
export {
  type HostBalanced,
  type HostBatch,
  type HostLoss,
  type HostLossOptions,
  type HostRectification,
  hostLoss,
  refuse,
} from './host-loss.js';
export { type FlatBalancedLoss, type FlatBatch, HostKernel } from './kernel.js';
export { type ScoreDerivative, totalOf, type Upstream, writeScoreGradient } from './score-derivative.js';
