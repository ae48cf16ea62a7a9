/**
 * The loss that a config asks for.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { DeviceFindings } from '../../backends/tfjs/index.js';
import { createSchema, isInputError, type Level, type Schema } from '../../spec/rules.js';
import { attributeLabels, multiHotRows, singleLabels } from '../data/label-rows.js';
import { classRectificationLoss } from '../loss/class-rectification-loss.js';
import {
  classBalancedLoss,
  focalLoss,
  ldamLoss,
  logitAdjustedLoss,
  type RivalLoss,
  weightedCrossEntropyLoss,
} from '../rivals/index.js';
import type { LossConfig } from './config/loss-config.js';
import { ConfigError } from './config/problems.js';
import type { TrainData } from './data/load-data.js';

/** A loss, ready to train with. */
export interface TrainLoss {
  /** L of a batch, a scalar. */
  readonly loss: (labels: tf.Tensor, scores: tf.Tensor, features?: tf.Tensor) => tf.Scalar;
  /** At instance level it takes features. */
  readonly level: Level;
  /** α of the balanced loss, of its last step where it changes; rivals have none. */
  readonly alpha?: number;
  readonly omega?: number;
  /** To be called as an epoch begins, with the share of epochs that are done. */
  readonly beginEpoch: (done: number) => void;
  /** To be called before each step, with its number from 0 over all epochs: α may change from step to step. */
  readonly beginStep: (step: number) => void;
}

/** The part of a data set that says how labels and scores are laid out. */
export type LabelLayout = Pick<TrainData, 'classes' | 'encoding' | 'attributes'>;

/** The schema of a data set; scores are logits. */
export function schemaOf(layout: LabelLayout): Schema {
  return createSchema(schemaInput(layout));
}

/** The options of a loss that describe the labels of a data set. */
export function schemaInput({ classes, encoding, attributes: several }: LabelLayout) {
  const one = encoding === 'multi-label' ? classes.map(() => 2) : [classes.length];
  const attributes = several?.map((attribute) => attribute.classes.length) ?? one;
  return { attributes, encoding, fromLogits: true } as const;
}

/**
 * Builds a loss for some data.
 *
 * @param stepsPerEpoch - in which the epochs of a warm-up and of a schedule of α are counted
 * @param observe - called in every step with what the stages found; cross entropy has them too, with α 0, and
 * rivals do not
 * @throws ConfigError - where the data do not suit the loss, such as a class without images
 */
export function buildLoss(
  config: LossConfig,
  data: TrainData,
  stepsPerEpoch = 1,
  observe?: (found: DeviceFindings) => void,
): TrainLoss {
  try {
    return lossOf(config, data, stepsPerEpoch, observe);
  } catch (error) {
    if (!isInputError(error)) throw error;
    const { where, got } = error;
    const expected = `${error.expected}${classInWords(where, data.classes)}`;
    throw new ConfigError([{ path: `loss (${where})`, expected, got }], { cause: error });
  }
}

/** The class of a count that a loss cannot take, and what to do about it. */
function classInWords(where: string, classes: readonly string[]): string {
  const k = /^counts\[(\d+)\]$/.exec(where)?.[1];
  if (k === undefined) return '';
  return ` images of class ${classes[Number(k)]} (add some, leave the class out, or take another loss)`;
}

function lossOf(
  config: LossConfig,
  data: TrainData,
  stepsPerEpoch: number,
  observe?: (found: DeviceFindings) => void,
): TrainLoss {
  const severalLabels = data.encoding !== 'categorical';
  // where an image may have several labels, each is weighed against its absence
  const sizes = { counts: data.counts, ...(severalLabels && { samples: data.training.records.length }) };
  switch (config.kind) {
    case 'weighted':
      return ofRival(weightedCrossEntropyLoss(sizes));
    case 'focal':
      return ofRival(focalLoss({ ...without(config, 'kind'), severalLabels }));
    case 'class-balanced':
      return ofRival(classBalancedLoss({ ...sizes, ...without(config, 'kind') }));
    case 'logit-adjusted':
      return ofRival(logitAdjustedLoss({ ...sizes, ...without(config, 'kind') }));
    case 'ldam': {
      const { reweightFrom = Number.POSITIVE_INFINITY, ...options } = without(config, 'kind');
      const loss = ldamLoss({ ...sizes, ...options });
      return { ...ofRival(loss), beginEpoch: (done) => loss.reweight(done >= reweightFrom) };
    }
  }
  const options: BalancedConfig =
    config.kind === 'ce' ? { level: 'class', alpha: 0 } : without(without(config, 'kind'), 'features');
  return balancedLoss(options, data, stepsPerEpoch, observe);
}

type BalancedConfig = Omit<Extract<LossConfig, { readonly kind: 'crl' }>, 'kind' | 'features'>;

/** CRL, with its own α or with that of η and Ω of the training set. */
function balancedLoss(
  { alpha, warmUp = 0, ...options }: BalancedConfig,
  data: TrainData,
  stepsPerEpoch: number,
  observe?: (found: DeviceFindings) => void,
): TrainLoss {
  const inSteps = (epochs: number) => Math.round(epochs * stepsPerEpoch);
  const schedule =
    typeof alpha === 'object'
      ? { from: alpha.from, to: alpha.to, steps: Math.max(1, inSteps(alpha.epochs)) }
      : alpha;
  const { training: images, attributes } = data;
  const training = attributes
    ? attributeLabels({ ...images, attributes })
    : data.encoding === 'categorical'
      ? singleLabels(images)
      : multiHotRows(images);
  const given = {
    ...schemaInput(data),
    ...options,
    ...(alpha === undefined && { trainingLabels: training }),
    ...(observe && { observe }),
  };
  const asked = classRectificationLoss({
    ...given,
    ...(schedule !== undefined && { alpha: schedule }),
    warmUp: inSteps(warmUp),
  });
  const {
    alphaAt,
    omega,
    options: { level },
  } = asked;
  const about = { level, ...(omega === undefined ? {} : { omega }) };
  if (typeof schedule !== 'object' && warmUp === 0)
    return { ...plain(asked.mean), ...about, alpha: alphaAt(0) };
  // the loss counts steps by itself, from 0; a run that is resumed says which step it is
  let now = alphaAt(0);
  const { trainingLabels: _, imbalance: __, eta: ___, ...others } = given;
  const loss = classRectificationLoss({ ...others, alpha: () => now });
  return {
    ...plain(loss.mean),
    ...about,
    alpha: alphaAt(Number.MAX_SAFE_INTEGER),
    beginStep: (step) => {
      now = alphaAt(step);
    },
  };
}

/** A rival, whose mean over the samples is trained. */
function ofRival(loss: RivalLoss): TrainLoss {
  return plain((labels, scores) => tf.mean(loss(labels, scores)));
}

/** A loss that is the same in every step. */
function plain(loss: TrainLoss['loss']): TrainLoss {
  return { loss, level: 'class', beginEpoch: () => {}, beginStep: () => {} };
}

function without<T extends object, K extends keyof T>(given: T, key: K): Omit<T, K> {
  const { [key]: _, ...others } = given;
  return others;
}
