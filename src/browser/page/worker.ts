/**
 * Runs the suite on one engine outside the page's thread, so that the page stays responsive. Each engine has its
 * own worker, so that none sees what another left behind.
 *
 * @module
 */

import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { fusedBackend, tfjsBackend } from '../../../backends/tfjs/backend.js';
import { verify } from '../../verify/verify.js';
import type { VerifyAnswer, VerifyRequest } from './messages.js';

/** The parts of a worker's global scope that are used. */
interface Scope {
  onmessage: (event: { readonly data: VerifyRequest }) => void;
  postMessage(answer: VerifyAnswer): void;
}

const scope = globalThis as unknown as Scope;

scope.onmessage = async ({ data: { backend, engine, choices, wasm } }) => {
  try {
    setWasmPaths(wasm);
    const report = await verify(backend === 'tfjs-fused' ? fusedBackend : tfjsBackend, {
      ...choices,
      engine,
      replayAs: backend,
      onProgress: (property, completed, total) =>
        scope.postMessage({ kind: 'progress', property, completed, total }),
    });
    scope.postMessage({ kind: 'report', report });
  } catch (error) {
    scope.postMessage({ kind: 'error', message: String((error as Error).stack ?? error) });
  }
};
