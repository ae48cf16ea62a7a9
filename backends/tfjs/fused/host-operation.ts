/**
 * The host kernel as an operation of tfjs, on the engines whose tensors the processor can read at
 * once. It reads their memory where it lies, and writes the gradient where the engine wants it.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BalancedOptions, Schema } from '../../../spec/contract.js';
import { integerLabels } from '../../../spec/tensor-labels.js';
import { type HostKernel, refuse, rowMajor } from '../../host/index.js';
import type { DeviceBalancedLoss } from '../walk.js';

/** The name of the operation among tfjs's kernels. */
export const FUSED_LOSS = 'ClassRectificationLoss';

/** Engines, as tfjs registers them, that the operation runs on. */
export const HOST_ENGINES: readonly string[] = ['cpu', 'wasm', 'tensorflow'];

/** What the operation is run with beside its tensors. */
export interface FusedAttributes {
  readonly schema: Schema;
  readonly options: BalancedOptions;
  readonly kernel: HostKernel;
  /** α of this step. */
  readonly alpha: number;
}

/** What of an engine is used. */
interface HostEngine {
  readSync(dataId: object): Float32Array;
  write(values: Float32Array, shape: number[], dtype: 'float32'): object;
}

/** What `wasm` has beside, whose tensors lie in its heap. */
interface HeapEngine extends HostEngine {
  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array;
}

/** Makes the operation known to tfjs, once. */
export function registerHostKernel(): void {
  for (const backendName of HOST_ENGINES) {
    if (tf.getKernel(FUSED_LOSS, backendName)) continue;
    tf.registerKernel({ kernelName: FUSED_LOSS, backendName, kernelFunc: run as tf.KernelFunc });
  }
}

/** What the operation gives, in this order. */
export function outputsOf({ level, comparison }: BalancedOptions): (keyof DeviceBalancedLoss)[] {
  return [
    ...ALWAYS,
    ...(level === 'instance' ? (['featureGradient'] as const) : []),
    ...(comparison === 'relative' ? (['active'] as const) : []),
    ...(comparison === 'distribution' ? (['clamped', 'pairs'] as const) : []),
  ];
}

const ALWAYS = [
  'loss',
  'rectification',
  'crossEntropy',
  'gradient',
  'sizes',
  'surviving',
  'anchors',
  'triplets',
] as const satisfies readonly (keyof DeviceBalancedLoss)[];

interface Given {
  readonly inputs: {
    readonly labels: tf.TensorInfo;
    readonly scores: tf.TensorInfo;
    readonly features?: tf.TensorInfo;
  };
  readonly backend: unknown;
  readonly attrs: unknown;
}

/** Inputs: labels and scores, n×S in float32, and features, G×n×d; outputs: {@link outputsOf}. */
function run({ inputs, backend, attrs }: Given): tf.TensorInfo[] {
  const engine = backend as HostEngine;
  const { kernel, schema, options, alpha } = attrs as FusedAttributes;
  const [size, width] = inputs.scores.shape as [number, number];
  const heap = 'typedArrayFromHeap' in engine ? (engine as HeapEngine) : undefined;
  // before anything is read: the heap may move when it grows
  const gradient = heap?.makeOutput([size, width], 'float32');
  const dataOf = (info: tf.TensorInfo) => heap?.typedArrayFromHeap(info) ?? engine.readSync(info.dataId);
  const put = (values: Float32Array, shape: number[]): tf.TensorInfo => ({
    dataId: engine.write(values, shape, 'float32'),
    shape,
    dtype: 'float32',
  });

  const scores = dataOf(inputs.scores);
  const labels = integerLabels(schema, dataOf(inputs.labels), size);
  const { features } = inputs;
  const matrices = features ? split(dataOf(features), features.shape) : undefined;
  const flat = {
    size,
    labels,
    scores: rowMajor(scores, width),
    ...(matrices ? { features: { width: features?.shape[2] as number, matrices } } : {}),
  };
  const found = kernel.balanced(flat, gradient && dataOf(gradient), alpha);
  if (!found) refuse(schema, options, { labels, scores, ...(matrices ? { features: matrices } : {}) }, true);
  const { profile, taskOf, anchors } = kernel.selection;
  const minority = Float32Array.from(taskOf, (task) => (task < 0 ? 0 : 1));
  const scalar = (value: number) => () => put(Float32Array.of(value), []);
  const made: Record<keyof DeviceBalancedLoss, () => tf.TensorInfo> = {
    loss: scalar(found.loss),
    rectification: scalar(found.rectification),
    crossEntropy: scalar(found.crossEntropy),
    gradient: () => gradient ?? put(found.gradient as Float32Array, [size, width]),
    sizes: () => put(Float32Array.from(profile), [profile.length]),
    surviving: () => put(minority, [minority.length]),
    anchors: scalar(anchors),
    triplets: scalar(kernel.triplets),
    featureGradient: () =>
      put(found.featureGradient as Float32Array, (features as tf.TensorInfo).shape as number[]),
    active: scalar(kernel.active),
    clamped: scalar(kernel.clamped),
    pairs: scalar(kernel.pairs),
  };
  return outputsOf(options).map((name) => made[name]());
}

function split(data: Float32Array, [count, n, d]: number[]): Float32Array[] {
  const length = (n as number) * (d as number);
  return Array.from({ length: count as number }, (_, g) => data.subarray(g * length, (g + 1) * length));
}
