/**
 * The host kernel as an operation of tfjs, on the engines whose tensors the processor can read at
 * once. It reads their memory in place, and writes the gradient where the engine wants it.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BalancedOptions, Schema } from '../../../spec/contract.js';
import { integerLabels } from '../../../spec/tensor-labels.js';
import { type HostKernel, refuse, rowMajor } from '../../host/index.js';
import { HOST_ENGINES } from '../engines/host-engines.js';
import type {
  DeviceBalancedLoss,
  DeviceFindings,
  DevicePerSample,
  PerSampleParts,
  TotalParts,
  WalkInputs,
} from '../walk.js';

/** The name of the operation among tfjs's kernels. */
export const FUSED_LOSS = 'ClassRectificationLoss';

/** The loss sample by sample, with the derivative of its mean. */
export type MeanParts = Pick<PerSampleParts, 'losses'> & Pick<TotalParts, 'gradient' | 'featureGradient'>;

/**
 * What a walk gives in each form of the loss: `total`, L and its derivative; `mean`, n losses and the
 * derivative of their mean; `perSample`, n losses and the two parts of their derivative.
 */
interface Whole {
  readonly total: DeviceBalancedLoss;
  readonly mean: MeanParts & DeviceFindings;
  readonly perSample: DevicePerSample;
}

/** What a step needs of it. */
interface Parts {
  readonly total: TotalParts;
  readonly mean: MeanParts;
  readonly perSample: PerSampleParts;
}

type Form = keyof Whole;

/** The operation on the engine that is current when it is called. */
interface HostOperation {
  whole<F extends Form>(form: F, inputs: WalkInputs): Whole[F];
  /** Where nobody observes: what only an observer is shown is not written into tensors. */
  parts<F extends Form>(form: F, inputs: WalkInputs): Parts[F];
}

/** All outputs that either form has. */
type Output = keyof DeviceBalancedLoss | keyof DevicePerSample;

/** What the operation is run with besides its tensors. */
interface FusedAttributes {
  readonly schema: Schema;
  readonly options: BalancedOptions;
  readonly kernel: HostKernel;
  readonly form: Form;
  /** Whether an observer is shown what the walk found; if not, it is not written into tensors. */
  readonly observed: boolean;
  /** α of this step. */
  readonly alpha: number;
}

/** What is used of an engine. */
interface HostEngine {
  readSync(dataId: object): Float32Array;
  write(values: Float32Array, shape: number[], dtype: 'float32'): object;
}

/** What `wasm` has besides, whose tensors lie in its heap. */
interface HeapEngine extends HostEngine {
  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array;
  disposeData(dataId: object): boolean;
}

/** Makes the operation known to tfjs, once. */
export function registerHostKernel(): void {
  for (const backendName of HOST_ENGINES) {
    if (tf.getKernel(FUSED_LOSS, backendName)) continue;
    tf.registerKernel({ kernelName: FUSED_LOSS, backendName, kernelFunc: run as tf.KernelFunc });
  }
}

/** The operation for one schema and options; it must have been registered. */
export function hostOperation(schema: Schema, options: BalancedOptions, kernel: HostKernel): HostOperation {
  const run = (
    form: Form,
    observed: boolean,
    [labels, scores, features, alpha = options.alpha]: WalkInputs,
  ) =>
    tf.tidy(() => {
      const inputs = {
        labels: inFloat32(labels),
        scores: inFloat32(scores),
        ...(features ? { features } : {}),
      };
      const attributes = { schema, options, kernel, form, observed, alpha } satisfies FusedAttributes;
      const found: tf.Tensor[] = tf
        .engine()
        .runKernel(FUSED_LOSS, inputs, attributes as unknown as tf.NamedAttrMap);
      const names = outputsOf(options, form, observed);
      return Object.fromEntries(names.map((name, at) => [name, found[at] as tf.Tensor]));
    }) as object;
  return {
    whole: <F extends Form>(form: F, inputs: WalkInputs) => run(form, true, inputs) as Whole[F],
    parts: <F extends Form>(form: F, inputs: WalkInputs) => run(form, false, inputs) as Parts[F],
  };
}

function inFloat32<T extends tf.Tensor>(tensor: T): T {
  return tensor.dtype === 'float32' ? tensor : (tf.cast(tensor, 'float32') as T);
}

/** Outputs of n×S numbers. */
function scoreGradientsOf({ level }: BalancedOptions, form: Form) {
  if (form !== 'perSample') return ['gradient'] as const;
  return level === 'class'
    ? (['crossEntropyGradient', 'rectificationGradient'] as const)
    : (['crossEntropyGradient'] as const);
}

/** What the operation gives, in this order. */
function outputsOf(options: BalancedOptions, form: Form, observed: boolean): Output[] {
  const { level, comparison } = options;
  const needed: Output[] = [
    form === 'total' ? 'loss' : 'losses',
    ...scoreGradientsOf(options, form),
    ...(level === 'instance' ? (['featureGradient'] as const) : []),
  ];
  if (!observed) return needed;
  return [
    ...needed,
    ...(form === 'total' ? [] : (['loss'] as const)),
    ...FINDINGS,
    ...(comparison === 'relative' ? (['active'] as const) : []),
    ...(comparison === 'distribution' ? (['clamped', 'pairs'] as const) : []),
  ];
}

const FINDINGS = [
  'rectification',
  'crossEntropy',
  'sizes',
  'surviving',
  'anchors',
  'triplets',
] as const satisfies readonly Output[];

interface Given {
  readonly inputs: {
    readonly labels: tf.TensorInfo;
    readonly scores: tf.TensorInfo;
    readonly features?: tf.TensorInfo;
  };
  readonly backend: unknown;
  readonly attrs: unknown;
}

/** Inputs: labels and scores, n×S in float32, and features, M×n×d; outputs: {@link outputsOf}. */
function run({ inputs, backend, attrs }: Given): tf.TensorInfo[] {
  const engine = backend as HostEngine;
  const { kernel, schema, options, form, observed, alpha } = attrs as FusedAttributes;
  const [size, width] = inputs.scores.shape as [number, number];
  const heap = 'typedArrayFromHeap' in engine ? (engine as HeapEngine) : undefined;
  const dataOf = (info: tf.TensorInfo) => heap?.typedArrayFromHeap(info) ?? engine.readSync(info.dataId);
  const put = (values: Float32Array, shape: number[]): tf.TensorInfo => ({
    dataId: engine.write(values, shape, 'float32'),
    shape,
    dtype: 'float32',
  });

  const labels = integerLabels(schema, dataOf(inputs.labels), size);
  // the heap may move when it grows: room for results comes before any view of it
  const inPlace: { [K in Output]?: tf.TensorInfo } = {};
  if (heap)
    for (const name of scoreGradientsOf(options, form))
      inPlace[name] = heap.makeOutput([size, width], 'float32');
  const into = (name: Output) => inPlace[name] && dataOf(inPlace[name]);
  const scores = dataOf(inputs.scores);
  const { features } = inputs;
  const matrices = features ? split(dataOf(features), features.shape) : undefined;
  const flat = {
    size,
    labels,
    scores: rowMajor(scores, width),
    ...(matrices ? { features: { width: features?.shape[2] as number, matrices } } : {}),
  };
  const losses = form === 'mean' ? new Float64Array(size) : undefined;
  const found =
    form === 'perSample'
      ? kernel.perSample(
          flat,
          { rectification: into('rectificationGradient'), crossEntropy: into('crossEntropyGradient') },
          alpha,
        )
      : kernel.balanced(flat, into('gradient'), alpha, losses);
  if (!found) {
    for (const { dataId } of Object.values(inPlace)) heap?.disposeData(dataId);
    refuse(schema, options, { labels, scores, ...(matrices ? { features: matrices } : {}) }, true);
  }
  const { profile, minorityIndexOf, anchors } = kernel.selection;
  const one = (value: number) => put(Float32Array.of(value), []);
  const vector = (values: Float32Array) => put(values, [values.length]);
  const gradient = (name: 'gradient' | 'rectificationGradient' | 'crossEntropyGradient') =>
    inPlace[name] ?? put((found as { [K in Output]?: unknown })[name] as Float32Array, [size, width]);
  const made: Record<Output, () => tf.TensorInfo> = {
    loss: () => one(found.loss),
    losses: () => vector(Float32Array.from('losses' in found ? found.losses : (losses ?? []))),
    rectification: () => one(found.rectification),
    crossEntropy: () => one(found.crossEntropy),
    gradient: () => gradient('gradient'),
    rectificationGradient: () => gradient('rectificationGradient'),
    crossEntropyGradient: () => gradient('crossEntropyGradient'),
    sizes: () => vector(Float32Array.from(profile)),
    surviving: () => vector(Float32Array.from(minorityIndexOf, (index) => (index < 0 ? 0 : 1))),
    anchors: () => one(anchors),
    triplets: () => one(kernel.triplets),
    featureGradient: () =>
      put(found.featureGradient as Float32Array, (features as tf.TensorInfo).shape as number[]),
    active: () => one(kernel.active),
    clamped: () => one(kernel.clamped),
    pairs: () => one(kernel.pairs),
  };
  return outputsOf(options, form, observed).map((name) => made[name]());
}

function split(data: Float32Array, [count, n, d]: number[]): Float32Array[] {
  const length = (n as number) * (d as number);
  return Array.from({ length: count as number }, (_, g) => data.subarray(g * length, (g + 1) * length));
}
