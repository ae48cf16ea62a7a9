/**
 * The loss on any tfjs engine, and the engines themselves. Nothing here imports ndarray.
 *
 * The backends `tfjs` and `tfjs-fused`, which the suite judges, are in `backend.ts`.
 *
 * @module
 */

export type { EngineWatch, LoadedEngine } from './engines/engine.js';
export { EngineUnavailableError, GpuFaultError, GpuLimitError, NoDispatchError } from './engines/errors.js';
export { ENGINE_NAMES, type EngineName, loadEngine, settleEngine } from './engines/index.js';
export { type ReadTensor, runGraph } from './engines/run-graph.js';
export { deviceBalancedLoss } from './graph/loss.js';
export { tensorLoss } from './tensor-loss.js';
export type { DeviceBalancedLoss, DeviceFindings, Observer, TensorLoss, WeighableLoss } from './walk.js';
