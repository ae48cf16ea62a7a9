/**
 * The derivative of the per-sample loss as one operation of tfjs, on the engines whose memory the processor
 * shares: tfjs's own operations for it are five, and each costs more than the arithmetic of a usual batch.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/** The name of the operation among tfjs's kernels. */
export const WEIGHTED_GRADIENT = 'ClassRectificationLossGradient';

/** Engines, by the name that tfjs registers them under. `tensorflow` would copy every tensor to be read. */
const ENGINES: readonly string[] = ['cpu', 'wasm'];

/** What is used of `cpu`. */
interface ArrayEngine {
  readSync(dataId: object): Float32Array;
  write(values: Float32Array, shape: number[], dtype: 'float32'): object;
}

/** What is used of `wasm`, whose tensors lie in its heap. */
interface HeapEngine {
  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array;
}

/** Makes the operation known to tfjs, once. */
export function registerHostGradient(): void {
  for (const backendName of ENGINES) {
    if (tf.getKernel(WEIGHTED_GRADIENT, backendName)) continue;
    tf.registerKernel({ kernelName: WEIGHTED_GRADIENT, backendName, kernelFunc: run as tf.KernelFunc });
  }
}

/** Whether the current engine has the operation. */
export function hasHostGradient(): boolean {
  return ENGINES.includes(tf.getBackend());
}

/** The numbers of a tensor where they lie, not copied: valid until the engine makes another tensor. */
export function hostValues(tensor: tf.Tensor): Float32Array {
  const engine: object = tf.backend();
  return 'typedArrayFromHeap' in engine
    ? (engine as HeapEngine).typedArrayFromHeap(tensor)
    : (engine as ArrayEngine).readSync(tensor.dataId);
}

/**
 * δ_i·∂ce_i + (Σδ)·∂L_crl for every score (ruling: sample weights).
 *
 * @param upstream - δ, n numbers
 * @param own - n×S: (1−α)·∂ce_i
 * @param shared - n×S: α·∂L_crl
 */
export function weightedGradient(upstream: tf.Tensor, own: tf.Tensor, shared: tf.Tensor): tf.Tensor {
  return tf.engine().runKernel(WEIGHTED_GRADIENT, { upstream, own, shared });
}

interface Given {
  readonly inputs: Record<'upstream' | 'own' | 'shared', tf.TensorInfo>;
  readonly backend: unknown;
}

function run({ inputs, backend }: Given): tf.TensorInfo {
  const shape = [...inputs.own.shape];
  if ('typedArrayFromHeap' in (backend as object)) {
    const engine = backend as HeapEngine;
    // the heap may move when it grows: room for the result comes before any view of it
    const output = engine.makeOutput(shape, 'float32');
    const view = (info: tf.TensorInfo) => engine.typedArrayFromHeap(info);
    combine(view(inputs.upstream), view(inputs.own), view(inputs.shared), view(output));
    return output;
  }
  const engine = backend as ArrayEngine;
  const dataOf = ({ dataId }: tf.TensorInfo) => engine.readSync(dataId);
  const found = new Float32Array(shape.reduce((a, b) => a * b, 1));
  combine(dataOf(inputs.upstream), dataOf(inputs.own), dataOf(inputs.shared), found);
  return { dataId: engine.write(found, shape, 'float32'), shape, dtype: 'float32' };
}

function combine(upstream: Float32Array, own: Float32Array, shared: Float32Array, found: Float32Array): void {
  let total = 0;
  for (const delta of upstream) total += delta;
  const width = found.length / upstream.length;
  for (let i = 0, at = 0; i < upstream.length; i++) {
    const delta = upstream[i] as number;
    for (const end = at + width; at < end; at++) {
      found[at] = delta * (own[at] as number) + total * (shared[at] as number);
    }
  }
}
