/**
 * The loss that a config asks for.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { DeviceFindings } from '../../backends/tfjs/index.js';
import { createSchema, type Level, type Schema } from '../../spec/rules.js';
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
import { refusedInWords } from './config/refused-in-words.js';
import type { TrainData } from './data/load-data.js';

/** A loss that is ready to train with. */
export interface TrainLoss {
  /** L of a batch, a scalar. */
  readonly loss: (labels: tf.Tensor, scores: tf.Tensor, features?: tf.Tensor) => tf.Scalar;
  /** At instance level it takes features. */
  readonly level: Level;
  /** α of the balanced loss, of its last step where it changes; rivals have none. */
  readonly alpha?: number;
  /** α of the first step, where α changes. */
  readonly firstAlpha?: number;
  readonly omega?: number;
  /** To be called as an epoch begins, with the share of epochs that are done. */
  readonly beginEpoch: (done: number) => void;
  /** To be called before each step, with its number from 0 over all epochs: α may change from step to step. */
  readonly beginStep: (step: number) => void;
}

/** How long a run trains. */
export interface TrainingLength {
  readonly epochs: number;
  /** In which the epochs of a warm-up and of a schedule of α are counted. */
  readonly stepsPerEpoch: number;
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
 * @param length - of the training. Default: one step
 * @param observe - called in every step with what the stages found; cross entropy has them too, with α 0, and
 * rivals do not
 * @throws ConfigError - where the data do not suit the loss, such as a class without images
 */
export function buildLoss(
  config: LossConfig,
  data: TrainData,
  length: TrainingLength = { epochs: 1, stepsPerEpoch: 1 },
  observe?: (found: DeviceFindings) => void,
): TrainLoss {
  return refusedInWords('loss', data.classes, () => lossOf(config, data, length, observe));
}

function lossOf(
  config: LossConfig,
  data: TrainData,
  length: TrainingLength,
  observe?: (found: DeviceFindings) => void,
): TrainLoss {
  if (config.kind === 'crl') {
    const { kind: _, features: __, unitFeatures, tau, ...options } = config;
    const built =
      tau === undefined
        ? balancedLoss(options, data, length, observe)
        : withAdjustedEntropy(options, { kind: 'logit-adjusted', tau }, data, length, observe);
    return unitFeatures ? { ...built, loss: ofUnitFeatures(built.loss) } : built;
  }
  if (config.kind === 'ce') return balancedLoss({ level: 'class', alpha: 0 }, data, length, observe);
  const { loss, rivals } = rivalLoss(config, data);
  const reweightFrom =
    config.kind === 'ldam' ? (config.reweightFrom ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  const beginEpoch = (done: number) => {
    for (const rival of rivals) if ('reweight' in rival) rival.reweight(done >= reweightFrom);
  };
  return { ...plain(loss), beginEpoch };
}

/** A rival of all attributes, and its parts. */
function rivalLoss(config: RivalConfig, data: TrainData) {
  const columns = attributeColumns(data);
  const rivals = columns.map((attribute) =>
    refusedInWords('loss', data.classes.slice(attribute.from), () => rivalOf(config, attribute, data)),
  );
  return { loss: sumOver(columns, rivals), rivals };
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

type BalancedConfig = Omit<
  Extract<LossConfig, { readonly kind: 'crl' }>,
  'kind' | 'features' | 'unitFeatures' | 'tau'
>;

/** CRL, with its own α or with that of η and Ω of the training set. */
function balancedLoss(
  config: BalancedConfig,
  data: TrainData,
  length: TrainingLength,
  observe?: (found: DeviceFindings) => void,
): TrainLoss {
  const { loss: asked, changes, about } = withWeight(config, data, length, observe);
  if (!changes) return { ...plain(asked.mean), ...about };
  return byStep(asked, about, (alpha) => {
    return classRectificationLoss({ ...commonOptions(config, data, observe), alpha }).mean;
  });
}

/**
 * α·L_crl + (1−α)·L, with a rival's loss L where Eq. 8 has the cross entropy. L_crl is the loss at α = 1, in which
 * the cross entropy has no part.
 */
function withAdjustedEntropy(
  config: BalancedConfig,
  rival: RivalConfig,
  data: TrainData,
  length: TrainingLength,
  observe?: (found: DeviceFindings) => void,
): TrainLoss {
  const { loss: asked, about } = withWeight(config, data, length);
  const rectification = classRectificationLoss({ ...commonOptions(config, data, observe), alpha: 1 });
  const { loss: entropy } = rivalLoss(rival, data);
  return byStep(
    asked,
    about,
    (alpha) => (labels, scores, features) =>
      tf.tidy(() =>
        tf.add(
          tf.mul(rectification.mean(labels, scores, features), alpha()),
          tf.mul(entropy(labels, scores), 1 - alpha()),
        ),
      ),
  );
}

/** A loss whose α is that of the step at hand. A loss counts its own steps from 0; a resumed run sets the step instead. */
function byStep(
  { alphaAt }: { readonly alphaAt: (step: number) => number },
  about: Pick<TrainLoss, 'level' | 'alpha' | 'firstAlpha' | 'omega'>,
  lossOf: (alpha: () => number) => TrainLoss['loss'],
): TrainLoss {
  let now = alphaAt(0);
  return {
    ...plain(lossOf(() => now)),
    ...about,
    beginStep: (step) => {
      now = alphaAt(step);
    },
  };
}

/** The loss with the α that a config asks for, by step; whether α changes; and what a run tells of it. */
function withWeight(
  config: BalancedConfig,
  data: TrainData,
  length: TrainingLength,
  observe?: (found: DeviceFindings) => void,
) {
  const { alpha, eta, imbalance, warmUp = 0 } = config;
  const inSteps = (epochs: number) => Math.round(epochs * length.stepsPerEpoch);
  const schedule = scheduleOf(alpha, (epochs = length.epochs - warmUp) => Math.max(1, inSteps(epochs)));
  const loss = classRectificationLoss({
    ...commonOptions(config, data, observe),
    ...(eta !== undefined && { eta }),
    ...(imbalance !== undefined && { imbalance }),
    ...(schedule === undefined ? { trainingLabels: trainingLabelsOf(data) } : { alpha: schedule }),
    warmUp: inSteps(warmUp),
  });
  const {
    alphaAt,
    omega,
    options: { level },
  } = loss;
  const changes = typeof schedule === 'object' || warmUp > 0;
  const about = {
    level,
    ...(omega === undefined ? {} : { omega }),
    alpha: alphaAt(Number.MAX_SAFE_INTEGER),
    ...(changes && { firstAlpha: alphaAt(0) }),
  };
  return { loss, changes, about };
}

/** The α that a config asks for, with its epochs in steps. */
function scheduleOf(alpha: BalancedConfig['alpha'], inSteps: (epochs: number | undefined) => number) {
  if (typeof alpha !== 'object') return alpha;
  if (!('kind' in alpha)) return { from: alpha.from, to: alpha.to, steps: inSteps(alpha.epochs) };
  return { ...without(alpha, 'epochs'), steps: inSteps(alpha.epochs) };
}

/** The schema, and the options that have nothing to do with α. */
function commonOptions(
  { alpha: _, eta: __, imbalance: ___, warmUp: ____, ...options }: BalancedConfig,
  data: TrainData,
  observe?: (found: DeviceFindings) => void,
) {
  return { ...schemaInput(data), ...options, ...(observe && { observe }) };
}

function trainingLabelsOf({ training: images, attributes, encoding }: TrainData) {
  if (attributes) return attributeLabels({ ...images, attributes });
  return encoding === 'categorical' ? singleLabels(images) : multiHotRows(images);
}

/**
 * A loss that is given each sample's features at length 1; features of zeros stay zeros, with a derivative of 0. Those
 * so long that the square of their length overflows become NaN.
 */
function ofUnitFeatures(loss: TrainLoss['loss']): TrainLoss['loss'] {
  return (labels, scores, features) =>
    tf.tidy(() => {
      if (features === undefined) return loss(labels, scores);
      const flat = tf.reshape(features, [features.shape[0] as number, -1]);
      const squared = tf.sum(tf.square(flat), 1, true);
      const unit = tf.div(flat, tf.sqrt(tf.maximum(squared, SMALLEST_SQUARE)));
      return loss(labels, scores, nanWhereInfinite(unit, squared));
    });
}

/**
 * The rows, or NaN where the square of a row's length overflowed: divided by an infinite length it would be zeros,
 * and the loss of zeros is finite (ruling: non-finite features).
 */
function nanWhereInfinite(rows: tf.Tensor, squared: tf.Tensor): tf.Tensor {
  return tf.customGrad((...given) => ({
    value: tf.where(tf.isFinite(squared), given[0] as tf.Tensor, Number.NaN),
    gradFunc: (upstream: tf.Tensor) => upstream,
  }))(rows);
}

/** Keeps the derivative of a root finite at 0; no feature that is in use has a length below 1e-12. */
const SMALLEST_SQUARE = 1e-24;

/** A loss that is the same in every step. */
function plain(loss: TrainLoss['loss']): TrainLoss {
  return { loss, level: 'class', beginEpoch: () => {}, beginStep: () => {} };
}

function without<T extends object, K extends keyof T>(given: T, key: K): Omit<T, K> {
  const { [key]: _, ...others } = given;
  return others;
}
