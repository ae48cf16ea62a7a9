/**
 * The host loss: the whole walk as one fused kernel on typed arrays, without tfjs and without ndarray.
 *
 * Its backend, which the suite judges, stands in `backend.ts`.
 *
 * @module
 */
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
export { type FlatBalancedLoss, type FlatBatch, Kernel as HostKernel } from './kernel.js';
