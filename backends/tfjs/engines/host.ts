/**
 * The engines of tfjs that compute on the processor.
 *
 * @module
 */

import { rethrow } from '../../optional-package.js';
import type { Engine, EngineWatch } from './engine.js';

/** Plain JavaScript: always available, and slow. */
export const cpu: Engine = {
  package: '@tensorflow/tfjs-backend-cpu',
  load: () => import('@tensorflow/tfjs-backend-cpu'),
  started(backend): EngineWatch {
    // at its first use it advises another engine on the console; this one was chosen by name
    Object.assign(backend, { firstUse: false });
    return {};
  },
};

/** WebAssembly. In a browser the address of its binaries must be set first (`setWasmPaths`). */
export const wasm: Engine = {
  package: '@tensorflow/tfjs-backend-wasm',
  load: () => import('@tensorflow/tfjs-backend-wasm').catch(rethrow),
};
