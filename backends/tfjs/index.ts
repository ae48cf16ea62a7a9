/**
 * The tfjs backend: any tfjs engine, stock operations only, differentiable.
 *
 * @module
 */
export { type TfjsBackendOptions, tfjsBackend, tfjsBackend as default } from './backend.js';
export { ENGINE_NAMES, type EngineName, EngineUnavailableError, loadEngine } from './engines.js';
export { type DeviceBalancedLoss, deviceBalancedLoss, tensorLoss } from './graph.js';
export { labelTensor, scoreTensor } from './tensors.js';
