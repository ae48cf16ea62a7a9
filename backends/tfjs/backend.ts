/**
 * The tfjs backends behind the contract, for the suite and for measuring. Their results are ndarrays. Training
 * uses `tensorLoss`, which does not need ndarray.
 *
 * @module
 */
export { fusedBackend } from './fused/backend.js';
export { type TfjsBackendOptions, tfjsBackend, tfjsBackend as default } from './graph/backend.js';
export { featureTensor, labelTensor, scoreTensor } from './tensors.js';
