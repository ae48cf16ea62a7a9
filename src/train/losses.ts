/**
 * The loss that a config asks for, and what can be told of its steps.
 *
 * @module
 */
import type { DeviceBalancedLoss } from '../../backends/tfjs/index.js';
import { createSchema, isInputError, type Level, type Schema } from '../../spec/index.js';
import { multiHotRows, singleLabels } from '../data/label-rows.js';
import { classRectificationLoss, type FeatureLoss } from '../loss/class-rectification-loss.js';
import {
  classBalancedLoss,
  focalLoss,
  ldamLoss,
  logitAdjustedLoss,
  weightedCrossEntropyLoss,
} from '../rivals/index.js';
import type { LossConfig } from './config/loss-config.js';
import { ConfigError } from './config/problems.js';
import type { TrainData } from './data/load-data.js';

/** A loss, ready to train with. */
export interface TrainLoss {
  readonly loss: FeatureLoss;
  /** Whether it is of instance level, and takes features. */
  readonly level: Level;
  /** α of the balanced loss; rivals have none. */
  readonly alpha?: number;
  readonly omega?: number;
  /** To be called as an epoch begins, with the share of epochs that are done. */
  readonly beginEpoch: (done: number) => void;
}

/** The labels of a data set, as the specification has them: scores are logits. */
export function schemaOf({ classes, encoding }: Pick<TrainData, 'classes' | 'encoding'>): Schema {
  return createSchema(schemaInput({ classes, encoding }));
}

function schemaInput({ classes, encoding }: Pick<TrainData, 'classes' | 'encoding'>) {
  const attributes = encoding === 'multi-label' ? classes.map(() => 2) : [classes.length];
  return { attributes, encoding, fromLogits: true } as const;
}

/**
 * Builds a loss for some data.
 *
 * @param observe - called in every step with what the walk found; cross entropy walks too, with α 0, and
 * rivals do not
 * @throws ConfigError - where the data do not suit the loss, such as a class without images
 */
export function buildLoss(
  config: LossConfig,
  data: TrainData,
  observe?: (found: DeviceBalancedLoss) => void,
): TrainLoss {
  try {
    return lossOf(config, data, observe);
  } catch (error) {
    if (!isInputError(error)) throw error;
    const { where, expected, got } = error;
    throw new ConfigError([{ path: `loss (${where})`, expected, got }], { cause: error });
  }
}

function lossOf(
  config: LossConfig,
  data: TrainData,
  observe?: (found: DeviceBalancedLoss) => void,
): TrainLoss {
  const severalLabels = data.encoding !== 'categorical';
  // of several labels an image each is weighed against its absence
  const sizes = { counts: data.counts, ...(severalLabels && { samples: data.training.records.length }) };
  const plain = (loss: FeatureLoss): TrainLoss => ({ loss, level: 'class', beginEpoch: () => {} });
  switch (config.kind) {
    case 'weighted':
      return plain(weightedCrossEntropyLoss(sizes));
    case 'focal':
      return plain(focalLoss({ ...without(config, 'kind'), severalLabels }));
    case 'class-balanced':
      return plain(classBalancedLoss({ ...sizes, ...without(config, 'kind') }));
    case 'logit-adjusted':
      return plain(logitAdjustedLoss({ ...sizes, ...without(config, 'kind') }));
    case 'ldam': {
      const { reweightFrom = Number.POSITIVE_INFINITY, ...options } = without(config, 'kind');
      const loss = ldamLoss({ ...sizes, ...options });
      return { loss, level: 'class', beginEpoch: (done) => loss.reweight(done >= reweightFrom) };
    }
  }
  const options = config.kind === 'ce' ? { alpha: 0 } : without(without(config, 'kind'), 'features');
  const training =
    data.encoding === 'categorical' ? singleLabels(data.training) : multiHotRows(data.training);
  const loss = classRectificationLoss({
    ...schemaInput(data),
    ...options,
    ...(options.alpha === undefined && { trainingLabels: training }),
    ...(observe && { observe }),
  });
  const { omega } = loss;
  const { alpha, level } = loss.options;
  return { ...plain(loss), level, alpha, ...(omega === undefined ? {} : { omega }) };
}

function without<T extends object, K extends keyof T>(given: T, key: K): Omit<T, K> {
  const { [key]: _, ...others } = given;
  return others;
}
