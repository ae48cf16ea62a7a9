/**
 * The backends of tfjs in a page of a browser.
 *
 * @module
 */
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { PageBackends } from '../declaration.js';
import { fusedBackend, tfjsBackend } from './backend.js';

const backends: PageBackends = (folder) => {
  setWasmPaths(folder);
  return { tfjs: tfjsBackend, 'tfjs-fused': fusedBackend };
};

export default backends;
