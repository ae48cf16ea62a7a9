/**
 * The tfjs backends behind the contract, whose results are ndarrays: for the suite, and for measuring.
 * What trains takes `tensorLoss`, which needs none.
 *
 * @module
 */
export { fusedBackend } from './fused/backend.js';
export { type TfjsBackendOptions, tfjsBackend, tfjsBackend as default } from './graph/backend.js';
export { featureTensor, labelTensor, scoreTensor } from './tensors.js';
