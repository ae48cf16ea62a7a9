/**
 * The tfjs backend: any tfjs engine, stock operations only, differentiable.
 *
 * @module
 */

export type { EngineWatch, LoadedEngine } from './engines/engine.js';
export { EngineUnavailableError, GpuFaultError, GpuLimitError, NoDispatchError } from './engines/errors.js';
export { ENGINE_NAMES, type EngineName, loadEngine, settleEngine } from './engines/index.js';
export { type ReadTensor, runGraph } from './engines/run-graph.js';
export { fusedBackend } from './fused/backend.js';
export { type TfjsBackendOptions, tfjsBackend, tfjsBackend as default } from './graph/backend.js';
export { deviceBalancedLoss } from './graph/loss.js';
export { tensorLoss } from './tensor-loss.js';
export { featureTensor, labelTensor, scoreTensor } from './tensors.js';
export type { DeviceBalancedLoss, TensorLoss } from './walk.js';
