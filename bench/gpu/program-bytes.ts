/**
 * Counts the bytes of the tensors that GPU programs read and write: each once for every program that it is given to.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

type RunProgram = (program: unknown, inputs: readonly tf.TensorInfo[], ...rest: unknown[]) => tf.TensorInfo;

/**
 * The bytes of the inputs and outputs of all programs that run on `webgpu` while a function runs.
 *
 * @returns undefined on other engines
 */
export function programBytes(run: () => void): number | undefined {
  const backend = tf.backend() as unknown as { runWebGPUProgram?: RunProgram };
  const own = backend.runWebGPUProgram;
  if (!own) return undefined;
  let bytes = 0;
  backend.runWebGPUProgram = (program, inputs, ...rest) => {
    const output = own.call(backend, program, inputs, ...rest);
    for (const { shape } of [...inputs, output]) bytes += 4 * tf.util.sizeFromShape(shape);
    return output;
  };
  try {
    run();
  } finally {
    backend.runWebGPUProgram = own;
  }
  return bytes;
}
