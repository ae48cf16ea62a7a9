/**
 * Measures one engine outside of the page's thread, so that the page stays responsive. Each engine has its own
 * worker, so that none sees what another left behind.
 *
 * @module
 */
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { versions } from '../../../src/support/versions.js';
import { measureEngine } from './measure.js';
import type { MeasureAnswer, MeasureRequest } from './messages.js';

/** The parts of a worker's global scope that are used. */
interface Scope {
  onmessage: (event: { readonly data: MeasureRequest }) => void;
  postMessage(answer: MeasureAnswer): void;
}

const scope = globalThis as unknown as Scope;

scope.onmessage = async ({ data }) => {
  try {
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false); // one thread, as the host kernel has here
    setWasmPaths(data.wasm);
    const found = await measureEngine(data, (setting) => scope.postMessage({ kind: 'progress', setting }));
    scope.postMessage({ kind: 'found', found, versions: versions() });
  } catch (error) {
    scope.postMessage({ kind: 'error', message: String((error as Error).stack ?? error) });
  }
};
