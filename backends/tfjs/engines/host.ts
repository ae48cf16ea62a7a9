/**
 * Engines on the processor that tfjs brings itself.
 *
 * @module
 */

import type { Engine, EngineWatch } from './engine.js';
import { rethrow } from './optional-package.js';

/** Plain JavaScript: always there, slow. */
export const cpu: Engine = {
  package: '@tensorflow/tfjs-backend-cpu',
  load: () => import('@tensorflow/tfjs-backend-cpu'),
  started(backend): EngineWatch {
    // it greets its first use with advice to take another engine; this one was asked for by name
    Object.assign(backend, { firstUse: false });
    return {};
  },
};

/** WebAssembly. In a page its binaries' address must be set first (`setWasmPaths`). */
export const wasm: Engine = {
  package: '@tensorflow/tfjs-backend-wasm',
  load: () => import('@tensorflow/tfjs-backend-wasm').catch(rethrow),
};
