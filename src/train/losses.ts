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
  type LdamLoss,
  ldamLoss,
  logitAdjustedLoss,
  type RivalLoss,
  weightedCrossEntropyLoss,
} from '../rivals/index.js';
import { type AttributeColumns, attributeColumns } from './attributes.js';
import type { LossConfig } from './config/loss-config.js';
import { ConfigError } from './config/problems.js';
import type { TrainData } from './data/load-data.js';

/** A loss that is ready to train with. */
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

/** Of the data, what says how labels are written. */
type Labelling = Pick<TrainData, 'classes' | 'attributes' | 'encoding'>;

/** The schema of a data set; scores are logits. */
export function schemaOf(data: Labelling): Schema {
  return createSchema(schemaInput(data));
}

/** What makes the schema of a data set. */
export function schemaInput(data: Labelling) {
  const { classes, encoding } = data;
  const attributes =
    encoding === 'multi-label'
      ? classes.map(() => 2)
      : attributeColumns(data).map((attribute) => attribute.classes);
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
  return refusedInWords(data.classes, () => lossOf(config, data, stepsPerEpoch, observe));
}

/** Makes something of a loss; its refusal names the config's `loss`, and the class that it is about. */
function refusedInWords<T>(classes: readonly string[], make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!isInputError(error) || error instanceof ConfigError) throw error;
    const { where, got } = error;
    const expected = `${error.expected}${classInWords(where, classes)}`;
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
  if (config.kind === 'crl') {
    const { kind: _, features: __, ...options } = config;
    return balancedLoss(options, data, stepsPerEpoch, observe);
  }
  if (config.kind === 'ce') return balancedLoss({ level: 'class', alpha: 0 }, data, stepsPerEpoch, observe);
  const columns = attributeColumns(data);
  const rivals = columns.map((attribute) =>
    refusedInWords(data.classes.slice(attribute.from), () => rivalOf(config, attribute, data)),
  );
  const reweightFrom =
    config.kind === 'ldam' ? (config.reweightFrom ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  const beginEpoch = (done: number) => {
    for (const rival of rivals) if ('reweight' in rival) rival.reweight(done >= reweightFrom);
  };
  return { ...plain(sumOver(columns, rivals)), beginEpoch };
}

/** The mean over the samples of the sum over the attributes, as L_ce has it (Eq. 2). */
function sumOver(columns: readonly AttributeColumns[], rivals: readonly RivalLoss[]): TrainLoss['loss'] {
  const [first] = rivals as [RivalLoss];
  if (rivals.length === 1) return (labels, scores) => tf.tidy(() => tf.mean(first(labels, scores)));
  const part = (rows: tf.Tensor, { from, classes }: AttributeColumns) =>
    tf.slice(rows, [0, from], [-1, classes]);
  return (labels, scores) =>
    tf.tidy(() =>
      tf.addN(
        rivals.map((rival, j) => {
          const own = columns[j] as AttributeColumns;
          return tf.mean(rival(part(labels, own), part(scores, own)));
        }),
      ),
    ) as tf.Scalar;
}

type RivalConfig = Exclude<LossConfig, { readonly kind: 'crl' | 'ce' }>;

/** A rival of one attribute, or of several labels per image. */
function rivalOf(
  config: RivalConfig,
  { from, classes }: AttributeColumns,
  { counts: all, encoding, training }: TrainData,
): RivalLoss | LdamLoss {
  const severalLabels = encoding !== 'categorical';
  const counts = all.slice(from, from + classes);
  // where an image may have several labels, each is weighed against its absence
  const sizes = { counts, ...(severalLabels && { samples: training.records.length }) };
  switch (config.kind) {
    case 'weighted':
      return weightedCrossEntropyLoss(sizes);
    case 'focal':
      return focalLoss({ ...without(config, 'kind'), severalLabels });
    case 'class-balanced':
      return classBalancedLoss({ ...sizes, ...without(config, 'kind') });
    case 'logit-adjusted':
      return logitAdjustedLoss({ ...sizes, ...without(config, 'kind') });
    case 'ldam':
      return ldamLoss({ ...sizes, ...without(without(config, 'kind'), 'reweightFrom') });
  }
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
  // the loss counts its steps from 0; a resumed run sets the number of the step instead
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

/** A loss that is the same in every step. */
function plain(loss: TrainLoss['loss']): TrainLoss {
  return { loss, level: 'class', beginEpoch: () => {}, beginStep: () => {} };
}

function without<T extends object, K extends keyof T>(given: T, key: K): Omit<T, K> {
  const { [key]: _, ...others } = given;
  return others;
}
