/**
 * Post-hoc corrections: a new last layer for a trained model, as a config asks for it.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';
import { imageDataset } from '../data/image-dataset.js';
import { drawBelow, keyedRandom } from '../data/random.js';
import { type LastLayer, normalisedLayer, priorAdjustedLayer } from '../rivals/index.js';
import { type FeatureRows, layerTrainedOn, readRetraining } from '../rivals/retrained-layer.js';
import { type AttributeColumns, attributeColumns, classOf } from './attributes.js';
import type { TrainConfig } from './config/config.js';
import { configError } from './config/problems.js';
import { inWords, refusedInWords } from './config/refused-in-words.js';
import type { TrainData } from './data/load-data.js';

/** How the last layer is corrected. */
export type PostHoc = NonNullable<TrainConfig['postHoc']>;

/** The fields of the data that corrections are computed from. */
type Trained = Pick<TrainData, 'classes' | 'attributes' | 'encoding' | 'counts' | 'training' | 'chains'>;

/** A trained model, and how and on what it was trained. */
export interface TrainedModel {
  readonly model: tf.LayersModel;
  readonly data: Trained;
  readonly config: Pick<TrainConfig, 'batchSize' | 'seed'>;
}

/** Called while a correction is computed; what it throws ends it, and leaves the model as it was. */
export interface CorrectionHooks {
  /** Before each batch of images, and before each step of a training. */
  readonly onBatch?: () => void;
}

/**
 * Refuses a correction that the model or the data do not suit: before the first step, not after the last.
 *
 * @throws ConfigError - a model whose last layer is not dense with a bias; a class without images where each must have
 * one; an attribute with a single class, or without labels, whose layer would be trained
 */
export function refuseImpossible(trained: TrainedModel, postHoc: PostHoc): void {
  lastLayer(trained.model);
  const { data, config } = trained;
  const columns = attributeColumns(data);
  if (postHoc.kind !== 'retrained')
    tf.dispose(adjustedParts(trained, columns, postHoc).flatMap(({ kernel, bias }) => [kernel, bias]));
  else
    for (const attribute of columns)
      refusedInWords('postHoc', data.classes, () =>
        readRetraining(labelsOf(data, attribute), {
          classes: attribute.classes,
          batchSize: config.batchSize,
        }),
      );
}

/**
 * Replaces the weights of the layer that gives the logits. Each attribute is corrected separately.
 *
 * The same model, data and config give the same weights, so that a correction that was interrupted can be repeated.
 *
 * @throws ConfigError - what {@link refuseImpossible} refuses; a learning rate at which a new layer became NaN or
 * infinite
 */
export async function correctLastLayer(
  trained: TrainedModel,
  postHoc: PostHoc,
  hooks: CorrectionHooks = {},
): Promise<void> {
  const layer = lastLayer(trained.model);
  const columns = attributeColumns(trained.data);
  const parts =
    postHoc.kind === 'retrained'
      ? await retrainedParts(trained, columns, postHoc, hooks)
      : adjustedParts(trained, columns, postHoc);
  tf.tidy(() => layer.setWeights([joined(parts, 'kernel', 1), joined(parts, 'bias', 0)]));
  tf.dispose(parts.flatMap(({ kernel, bias }) => [kernel, bias]));
}

type Part = Required<LastLayer>;

function joined(parts: readonly Part[], name: keyof LastLayer, axis: number): tf.Tensor {
  const tensors = parts.map((part): tf.Tensor => part[name]);
  return tensors.length === 1 ? (tensors[0] as tf.Tensor) : tf.concat(tensors, axis);
}

/** The columns of each attribute, computed from those that were trained. */
function adjustedParts(
  { model, data }: TrainedModel,
  columns: readonly AttributeColumns[],
  postHoc: Exclude<PostHoc, { readonly kind: 'retrained' }>,
): Part[] {
  const [kernel, bias] = lastLayer(model).getWeights() as [tf.Tensor2D, tf.Tensor1D];
  const samples = data.encoding === 'categorical' ? {} : { samples: data.training.records.length };
  return tf.tidy(() =>
    columns.map(({ from, classes }) => {
      const part = {
        kernel: tf.slice(kernel, [0, from], [-1, classes]),
        bias: tf.slice(bias, from, classes),
      };
      const { kind, tau } = postHoc;
      const counts = data.counts.slice(from, from + classes);
      return refusedInWords('postHoc', data.classes.slice(from), () =>
        kind === 'logit-adjusted'
          ? priorAdjustedLayer(part, { counts, ...samples, tau })
          : normalisedLayer(part, { tau }),
      );
    }),
  );
}

/** The columns of each attribute, trained anew on the features of the training images as they are evaluated. */
async function retrainedParts(
  trained: TrainedModel,
  columns: readonly AttributeColumns[],
  { epochs, learningRate }: Extract<PostHoc, { readonly kind: 'retrained' }>,
  { onBatch }: CorrectionHooks,
): Promise<Part[]> {
  const { data, config } = trained;
  const { batchSize } = config;
  const features = await featuresOf(trained, onBatch);
  const parts: Part[] = [];
  try {
    for (const [at, attribute] of columns.entries()) {
      const seed = drawBelow(keyedRandom(config.seed, 'retrained', at), 2 ** 31);
      const { classes } = attribute;
      const onStep = async () => {
        onBatch?.();
        await new Promise((resolve) => setImmediate(resolve)); // the event loop must turn, for signals
      };
      const labels = labelsOf(data, attribute);
      const options = readRetraining(labels, { classes, epochs, learningRate, batchSize, seed, onStep });
      parts.push(await layerTrainedOn(features, labels, options));
    }
    return parts;
  } catch (error) {
    tf.dispose(parts.flatMap(({ kernel, bias }) => [kernel, bias]));
    throw inWords('postHoc', data.classes, error);
  }
}

/** The classes of each training image: one of an attribute, or a list where an image may have several labels. */
function labelsOf({ encoding, training }: Trained, attribute: AttributeColumns): readonly number[] {
  const labels =
    encoding === 'categorical'
      ? training.records.map((record) => classOf(record.labels, attribute))
      : training.records.map((record) => record.labels);
  return labels as readonly number[];
}

/**
 * The inputs of the last layer for the training images. They are held once, in an array: as tensors of batches, which
 * have to be joined, they would be held twice.
 */
async function featuresOf({ model, data, config }: TrainedModel, onBatch?: () => void): Promise<FeatureRows> {
  const { training, chains } = data;
  const input = lastLayer(model).input as tf.SymbolicTensor;
  const inner = tf.model({ inputs: model.inputs, outputs: input });
  const width = input.shape.at(-1) as number;
  const { batchSize } = config;
  const images = imageDataset(training, { batchSize, transform: chains.evaluate, shuffle: false });
  const all = new Float32Array(training.records.length * width);
  let filled = 0;
  for await (const { xs } of images.epoch(0)) {
    onBatch?.();
    const batch = tf.tidy(() => inner.apply(xs, { training: false }) as tf.Tensor2D);
    try {
      const rows = await batch.data();
      all.set(rows, filled);
      filled += rows.length;
    } finally {
      batch.dispose();
    }
    await new Promise((resolve) => setImmediate(resolve)); // the event loop must turn, for signals
  }
  const rowsOf = (samples: readonly number[]) => {
    const rows = new Float32Array(samples.length * width);
    samples.forEach((sample, at) => {
      rows.set(all.subarray(sample * width, (sample + 1) * width), at * width);
    });
    return tf.tensor2d(rows, [samples.length, width]);
  };
  return { width, rowsOf };
}

/**
 * The layer whose weights a correction replaces.
 *
 * @throws ConfigError - where it is not dense with a bias
 */
export function lastLayer(model: tf.LayersModel): tf.layers.Layer {
  const layer = (model.outputs[0] as tf.SymbolicTensor).sourceLayer;
  const kind = layer.getClassName();
  if (kind !== 'Dense' || layer.weights.length !== 2)
    throw configError(
      'postHoc',
      'a model whose last layer is dense and has a bias, which postHoc replaces',
      `${layer.name}, a layer of kind ${kind}${kind === 'Dense' ? ' without a bias' : ''}; leave postHoc out, or take another model`,
    );
  return layer;
}
