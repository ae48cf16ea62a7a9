/**
 * The host kernel as two operations of tfjs, on the engines whose tensors the processor can read at once: the loss,
 * and its derivative once the upstream one is known. Between the two no tensor is saved, which tfjs would copy.
 *
 * They read the memory of tensors in place, and write the gradient where the engine wants it.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BalancedOptions, Schema } from '../../../spec/contract.js';
import { integerLabels } from '../../../spec/tensor-labels.js';
import {
  type FloatArray,
  HostKernel,
  refuse,
  rowMajor,
  type ScoreDerivative,
  totalOf,
  writeScoreGradient,
} from '../../host/index.js';
import { HOST_ENGINES } from '../engines/host-engines.js';
import type { DeviceFindings, WalkInputs } from '../walk.js';

/** The names of the operations among tfjs's kernels. */
export const FUSED_LOSS = 'ClassRectificationLoss';
export const FUSED_GRADIENT = 'ClassRectificationLossGradient';

/** What a form of the loss gives: `total`, L; `perSample`, n losses whose mean is L. */
export type Form = 'total' | 'perSample';

/** What the derivative of a batch is computed from, in arrays of its own: no tensor has to stay. */
interface Walk {
  readonly derivative: ScoreDerivative;
  /** α·∂L_crl/∂features and its shape, at instance level. */
  readonly features?: { readonly gradient: Float32Array; readonly shape: readonly number[] };
}

/** A batch that has been walked. */
export interface Forward {
  /** L, or n losses. */
  readonly value: tf.Tensor;
  /** What an observer is shown. */
  readonly findings?: DeviceFindings;
  /**
   * The derivative with respect to the scores, and at instance level that with respect to the features, M×n×d.
   *
   * @param upstream - the derivative with respect to the value
   */
  derivatives(upstream: tf.Tensor): tf.Tensor[];
}

/**
 * Walks a batch on the engine that is current when it is called.
 *
 * @param observed - whether findings are written into tensors too
 */
export type HostOperation = (form: Form, observed: boolean, inputs: WalkInputs) => Forward;

/** What is used of an engine. */
interface HostEngine {
  readSync(dataId: object): Float32Array;
  write(values: Float32Array, shape: readonly number[], dtype: 'float32'): object;
}

/** What `wasm` has besides, whose tensors lie in its heap. */
interface HeapEngine extends HostEngine {
  makeOutput(shape: readonly number[], dtype: 'float32'): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array;
}

/** Makes the operations known to tfjs, once. */
export function registerHostOperations(): void {
  for (const backendName of HOST_ENGINES) {
    if (tf.getKernel(FUSED_LOSS, backendName)) continue;
    tf.registerKernel({ kernelName: FUSED_LOSS, backendName, kernelFunc: walk as tf.KernelFunc });
    tf.registerKernel({
      kernelName: FUSED_GRADIENT,
      backendName,
      kernelFunc: differentiate as tf.KernelFunc,
    });
  }
}

/** The operation for one schema and options; it must have been registered. */
export function hostOperation(schema: Schema, options: BalancedOptions): HostOperation {
  const kernel = new HostKernel(schema, options);
  return (form, observed, [labels, scores, features, alpha = options.alpha]) => {
    const found: { walk?: Walk } = {};
    const tensors = tf.tidy(() => {
      const inputs = {
        labels: inFloat32(labels),
        scores: inFloat32(scores),
        ...(features ? { features } : {}),
      };
      return runKernel(FUSED_LOSS, inputs, { schema, options, kernel, form, observed, alpha, found });
    });
    const [value] = tensors as [tf.Tensor];
    return {
      value,
      ...(observed ? { findings: findingsOf(options, form, tensors) } : {}),
      derivatives: (upstream) => runKernel(FUSED_GRADIENT, { upstream }, { walk: found.walk as Walk }),
    };
  };
}

function runKernel(name: string, inputs: tf.NamedTensorMap, attributes: object): tf.Tensor[] {
  return tf.engine().runKernel(name, inputs, attributes as tf.NamedAttrMap);
}

function inFloat32<T extends tf.Tensor>(tensor: T): T {
  return tensor.dtype === 'float32' ? tensor : (tf.cast(tensor, 'float32') as T);
}

/** The findings that follow the value, in this order. */
function namesOf({ comparison }: BalancedOptions, form: Form): (keyof DeviceFindings)[] {
  return [
    ...(form === 'total' ? [] : (['loss'] as const)),
    'rectification',
    'crossEntropy',
    'sizes',
    'surviving',
    'anchors',
    'triplets',
    ...(comparison === 'relative' ? (['active'] as const) : []),
    ...(comparison === 'distribution' ? (['clamped', 'pairs'] as const) : []),
  ];
}

function findingsOf(options: BalancedOptions, form: Form, [value, ...others]: tf.Tensor[]): DeviceFindings {
  const found = Object.fromEntries(namesOf(options, form).map((name, at) => [name, others[at]]));
  return { loss: value, ...found } as unknown as DeviceFindings;
}

/** What the first operation is run with besides its tensors. */
interface WalkAttributes {
  readonly schema: Schema;
  readonly options: BalancedOptions;
  readonly kernel: HostKernel;
  readonly form: Form;
  readonly observed: boolean;
  readonly alpha: number;
  /** Receives what the derivative is computed from. */
  readonly found: { walk?: Walk };
}

interface WalkGiven {
  readonly inputs: {
    readonly labels: tf.TensorInfo;
    readonly scores: tf.TensorInfo;
    readonly features?: tf.TensorInfo;
  };
  readonly backend: unknown;
  readonly attrs: unknown;
}

/** Inputs: labels and scores, n×S in float32, and features, M×n×d; outputs: the value, and findings if observed. */
function walk({ inputs, backend, attrs }: WalkGiven): tf.TensorInfo[] {
  const { kernel, schema, options, form, observed, alpha, found } = attrs as WalkAttributes;
  const engine = backend as HostEngine;
  const [size, width] = inputs.scores.shape as [number, number];
  const labels = integerLabels(schema, valuesOf(engine, inputs.labels), size);
  const read = valuesOf(engine, inputs.scores);
  // the derivative needs probabilities that were given; those of logits are in an array of their own
  const scores = schema.fromLogits ? read : read.slice();
  const { features } = inputs;
  const matrices = features && split(valuesOf(engine, features), features.shape);
  const losses = form === 'perSample' ? new Float64Array(size) : undefined;
  const walked = kernel.forward(
    {
      size,
      labels,
      scores: rowMajor(scores, width),
      ...(matrices ? { features: { width: features?.shape[2] as number, matrices } } : {}),
    },
    { alpha, losses, kept: true },
  );
  if (!walked) {
    const [shared, ...more] = matrices ?? [];
    const given = more.length > 0 ? matrices : shared;
    refuse(schema, options, { labels, scores, ...(given ? { features: given } : {}) }, true);
  }
  const { derivative, featureGradient } = walked;
  found.walk = {
    derivative,
    ...(features && featureGradient
      ? { features: { gradient: featureGradient as Float32Array, shape: features.shape } }
      : {}),
  };
  const vector = (values: Iterable<number>) => {
    const numbers = Float32Array.from(values);
    return written(engine, numbers, [numbers.length]);
  };
  const one = (value: number) => written(engine, Float32Array.of(value), []);
  const value = losses ? vector(losses) : one(walked.loss);
  if (!observed) return [value];
  const { profile, minorityIndexOf, anchors } = kernel.selection;
  const made: Record<keyof DeviceFindings, () => tf.TensorInfo> = {
    loss: () => one(walked.loss),
    rectification: () => one(walked.rectification),
    crossEntropy: () => one(walked.crossEntropy),
    sizes: () => vector(profile),
    surviving: () => vector(minorityIndexOf.map((index) => Number(index >= 0))),
    anchors: () => one(anchors),
    triplets: () => one(kernel.triplets),
    active: () => one(kernel.active),
    clamped: () => one(kernel.clamped),
    pairs: () => one(kernel.pairs),
  };
  return [value, ...namesOf(options, form).map((name) => made[name]())];
}

interface DerivativeGiven {
  readonly inputs: { readonly upstream: tf.TensorInfo };
  readonly backend: unknown;
  readonly attrs: unknown;
}

/** Input: the upstream derivative, a scalar or n numbers; outputs: those of {@link Forward.derivatives}. */
function differentiate({ inputs, backend, attrs }: DerivativeGiven): tf.TensorInfo[] {
  const engine = backend as HostEngine;
  const { derivative, features } = (attrs as { walk: Walk }).walk;
  const { size, schema } = derivative;
  const { upstream } = inputs;
  const shape = [size, schema.width];
  const write = (into: FloatArray) => {
    const given = valuesOf(engine, upstream);
    const deltas = upstream.shape.length === 0 ? (given[0] as number) / size : given;
    writeScoreGradient(derivative, deltas, into);
    return totalOf(deltas, size);
  };
  let gradient: tf.TensorInfo;
  let total: number;
  if (isHeap(engine)) {
    // the heap may move when it grows: space for the result comes before any view of it
    gradient = engine.makeOutput(shape, 'float32');
    total = write(engine.typedArrayFromHeap(gradient));
  } else {
    const values = new Float32Array(size * schema.width);
    total = write(values);
    gradient = written(engine, values, shape);
  }
  if (!features) return [gradient];
  return [
    gradient,
    written(
      engine,
      features.gradient.map((slope) => total * slope),
      features.shape,
    ),
  ];
}

function isHeap(engine: HostEngine): engine is HeapEngine {
  return 'typedArrayFromHeap' in engine;
}

/** The numbers of a tensor where they lie; on `wasm` not copied, and valid until the engine makes another tensor. */
function valuesOf(engine: HostEngine, info: tf.TensorInfo): Float32Array {
  return isHeap(engine) ? engine.typedArrayFromHeap(info) : engine.readSync(info.dataId);
}

function written(engine: HostEngine, values: Float32Array, shape: readonly number[]): tf.TensorInfo {
  return { dataId: engine.write(values, shape, 'float32'), shape: [...shape], dtype: 'float32' };
}

function split(data: Float32Array, [count, n, d]: number[]): Float32Array[] {
  const length = (n as number) * (d as number);
  return Array.from({ length: count as number }, (_, g) => data.subarray(g * length, (g + 1) * length));
}
