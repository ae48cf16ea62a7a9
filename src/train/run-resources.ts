/**
 * The resources of a run: made from its config, and disposed of at its end.
 *
 * @module
 */
import type * as tfTypes from '@tensorflow/tfjs';
import type * as tf from '@tensorflow/tfjs-core';
import { isInputError } from '../../spec/rules.js';
import { type TrainableModel, withFeatures } from '../loss/features-of-layer.js';
import { Optimiser } from '../support/optimiser.js';
import { versions } from '../support/versions.js';
import { type TrainBatches, trainingBatches } from './batches.js';
import type { TrainConfig } from './config/config.js';
import { ConfigError } from './config/problems.js';
import type { TrainData } from './data/load-data.js';
import { StepSums } from './epoch-statistics.js';
import { buildLoss, schemaOf, type TrainLoss } from './losses.js';
import { buildModel } from './models/build.js';
import { type SeededDropout, seedDropout } from './models/dropout.js';
import { freezeLayers } from './models/freeze.js';
import { refuseImpossible } from './post-hoc.js';
import type { RunFacts } from './run-folder.js';
import { forecastRun } from './run-forecast.js';

/** The resources of a run. */
export interface RunResources {
  readonly config: TrainConfig;
  readonly data: TrainData;
  readonly model: tfTypes.LayersModel;
  /** The same layers; at instance level they give features after the logits. */
  readonly run: Pick<TrainableModel, 'apply'>;
  readonly loss: TrainLoss;
  readonly sums: StepSums;
  readonly optimiser: Optimiser;
  readonly batches: TrainBatches;
  readonly dropout: SeededDropout;
  /** Undoes what only training needs (frozen layers, seeds of dropout), so that the model is saved as it was made. */
  readonly asMade: () => void;
}

/**
 * Builds the resources of a run.
 *
 * @throws ConfigError
 */
export async function createRunResources(config: TrainConfig, data: TrainData): Promise<RunResources> {
  const batches = trainingBatches(data, config);
  const model = await buildModel(config, data.shape, data.classes.length);
  const sums = new StepSums(schemaOf(data));
  try {
    if (config.postHoc) refuseImpossible({ model, data, config }, config.postHoc);
    const loss = buildLoss(
      config.loss,
      data,
      { epochs: config.epochs, stepsPerEpoch: batches.steps },
      sums.observe,
    );
    const unfreeze = freezeLayers(model, config.freeze ?? []);
    const dropout = seedDropout(model, config.seed);
    const run = loss.level === 'instance' ? withFeaturesOf(model, config) : model;
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const optimiser = new Optimiser(config.optimiser, variables);
    const asMade = () => {
      unfreeze();
      dropout.undo();
    };
    return { config, data, sums, loss, batches, model, run, optimiser, dropout, asMade };
  } catch (error) {
    model.dispose();
    sums.dispose();
    throw error;
  }
}

/** The model with the features that a config names, else with the input of its last layer. */
function withFeaturesOf(model: tfTypes.LayersModel, { loss }: TrainConfig): Pick<TrainableModel, 'apply'> {
  const named = loss.kind === 'crl' ? loss.features : undefined;
  const [last] = model.outputs as [tfTypes.SymbolicTensor];
  const before = last.inputs[0]?.sourceLayer.name;
  try {
    return withFeatures(model, named ?? String(before));
  } catch (error) {
    if (!isInputError(error)) throw error;
    const { where, expected, got } = error;
    throw new ConfigError([{ path: `loss.features (${where})`, expected, got }], { cause: error });
  }
}

/** Disposes of its tensors. */
export function disposeRunResources({ model, optimiser, sums }: RunResources): void {
  model.dispose();
  optimiser.dispose();
  sums.dispose();
}

/** The facts of a run that are known before its first step. */
export function factsOf({ data, model, batches, loss, config }: RunResources): RunFacts {
  const { classes, attributes, encoding, counts, shape, figures } = data;
  const { training, validation, test, bad, notes } = data;
  const { alpha, firstAlpha, omega } = loss;
  const forecast = forecastRun(config, data, loss);
  return {
    classes,
    ...(attributes && { attributes }),
    encoding,
    counts,
    shape,
    ...(figures && { figures }),
    images: {
      training: training.records.length,
      validation: validation.records.length,
      test: test?.records.length ?? 0,
    },
    skipped: bad.map(({ message }) => message),
    notes,
    parameters: model.countParams(),
    stepsPerEpoch: batches.steps,
    ...(alpha === undefined ? {} : { alpha }),
    ...(firstAlpha === undefined ? {} : { firstAlpha }),
    ...(omega === undefined ? {} : { omega }),
    ...(forecast && { forecast }),
    versions: { ...versions(), engine: config.engine },
  };
}
