/**
 * Operations of TensorFlow that tfjs does not call, as kernels of the engine.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/** The name that both packages of TensorFlow register their engine under. */
export const TENSORFLOW = 'tensorflow';

/** What is used of the engine. */
interface TensorFlowEngine {
  readonly binding: Readonly<Record<string, number>>;
  executeMultipleOutputs(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.TensorInfo[],
    outputs: number,
  ): tf.TensorInfo[];
}

/** An attribute of an operation, as the engine takes it. */
interface Attribute {
  readonly name: string;
  readonly type: number | undefined;
  readonly value: string | number | boolean | undefined;
}

/** An operation: the order of its inputs, and how many outputs it has. */
interface Operation {
  readonly inputs: readonly string[];
  readonly outputs: number;
  readonly attributes: (binding: TensorFlowEngine['binding'], given: { epsilon?: number }) => Attribute[];
}

type Binding = TensorFlowEngine['binding'];

const float = (name: string) => (binding: Binding) => ({
  name,
  type: binding.TF_ATTR_TYPE,
  value: binding.TF_FLOAT,
});
const channelsLast = (binding: Binding) => ({
  name: 'data_format',
  type: binding.TF_ATTR_STRING,
  value: 'NHWC',
});
const normalisation = (binding: Binding, { epsilon }: { epsilon?: number }) => [
  float('T')(binding),
  float('U')(binding),
  { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: epsilon },
  channelsLast(binding),
  { name: 'is_training', type: binding.TF_ATTR_BOOL, value: true },
];

/** By TensorFlow's own names. Numbers are float32. */
const OPERATIONS = {
  ReluGrad: { inputs: ['dy', 'x'], outputs: 1, attributes: (binding) => [float('T')(binding)] },
  BiasAddGrad: {
    inputs: ['dy'],
    outputs: 1,
    attributes: (binding) => [float('T')(binding), channelsLast(binding)],
  },
  FusedBatchNormV3: {
    inputs: ['x', 'scale', 'offset', 'noMean', 'noVariance'],
    outputs: 6,
    attributes: normalisation,
  },
  FusedBatchNormGradV3: {
    inputs: ['dy', 'x', 'scale', 'first', 'second', 'third'],
    outputs: 5,
    attributes: normalisation,
  },
} as const satisfies Readonly<Record<string, Operation>>;

/** Makes the operations known to tfjs. */
export function registerOperations(): void {
  for (const [kernelName, { inputs: names, outputs, attributes }] of Object.entries<Operation>(OPERATIONS)) {
    tf.registerKernel({
      kernelName,
      backendName: TENSORFLOW,
      kernelFunc: ({ inputs, backend, attrs }) => {
        const engine = backend as TensorFlowEngine;
        const given = names.map((name) => (inputs as tf.NamedTensorInfoMap)[name] as tf.TensorInfo);
        return engine.executeMultipleOutputs(
          kernelName,
          attributes(engine.binding, { ...attrs }),
          given,
          outputs,
        );
      },
    });
  }
}

/** Runs an operation on the engine. */
export function runOperation(
  name: keyof typeof OPERATIONS,
  inputs: tf.NamedTensorMap,
  attributes: { readonly epsilon?: number } = {},
): tf.Tensor[] {
  return tf.engine().runKernel(name, inputs, attributes);
}
