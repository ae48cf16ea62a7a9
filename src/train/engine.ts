/**
 * The engine to train on.
 *
 * @module
 */
import { type EngineName, loadEngine } from '../../backends/tfjs/index.js';

/** Loads an engine; `wasm` with the derivatives of convolutions that it lacks, and `tensorflow` with faster ones. */
export async function trainingEngine(name: EngineName): Promise<void> {
  await loadEngine(name);
  if (name === 'wasm') await import('../wasm-convolution/index.js');
  if (name === 'tensorflow' || name === 'tensorflow-gpu') await import('../tensorflow-gradients/index.js');
}
