/**
 * Errors that show only under a condition: the size of a batch, an option, or several of them at once.
 *
 * @module
 */
import ndarray from 'ndarray';
import type { Batch, Options } from '../../spec/index.js';
import { composeBackend, RIGHT, type Stages } from './compose.js';
import type { WrongBackend } from './wrong-backend.js';

/** Whether an error shows in a batch. */
export type Condition = (batch: Batch, options: Options) => boolean;

/** The stages that are given a batch and its options. */
type StagesOfBatches = Omit<Stages, 'toProbabilities' | 'formTriplets'>;

/** Stages that are wrong where the condition holds, and right elsewhere. */
export function where(shows: Condition, wrong: Partial<StagesOfBatches>): StagesOfBatches {
  const faulty: StagesOfBatches = { ...RIGHT, ...wrong };
  const chosen = (batch: Batch, options: Options) => (shows(batch, options) ? faulty : RIGHT);
  return {
    selectMinority: (batch, options) => chosen(batch, options).selectMinority(batch, options),
    mineHardSamples: (batch, selection, options) =>
      chosen(batch, options).mineHardSamples(batch, selection, options),
    rectificationLoss: (batch, hard, triplets, options) =>
      chosen(batch, options).rectificationLoss(batch, hard, triplets, options),
    balance: (batch, options, found) => chosen(batch, options).balance(batch, options, found),
  };
}

/** Batches of more than this many samples. */
export function above(samples: number): Condition {
  return ({ size }) => size > samples;
}

/** All stages, with some options read wrongly. */
export function readingOptions(read: (options: Options, batch: Batch) => Partial<Options>): StagesOfBatches {
  const misread = <O extends Options>(options: O, batch: Batch): O => ({
    ...options,
    ...read(options, batch),
  });
  return {
    selectMinority: (batch, options) => RIGHT.selectMinority(batch, misread(options, batch)),
    mineHardSamples: (batch, selection, options) =>
      RIGHT.mineHardSamples(batch, selection, misread(options, batch)),
    rectificationLoss: (batch, hard, triplets, options) =>
      RIGHT.rectificationLoss(batch, hard, triplets, misread(options, batch)),
    balance: RIGHT.balance,
  };
}

/** Stages 1, 2 and 4 with a batch that is read wrongly; its cross entropy is right. */
export function readingBatch(read: (batch: Batch, options: Options) => Batch): Partial<StagesOfBatches> {
  return {
    selectMinority: (batch, options) => RIGHT.selectMinority(read(batch, options), options),
    ...readingInputs(read),
  };
}

/** Stages 2 and 4 with scores or features that are read wrongly; the minority classes are right. */
export function readingInputs(
  read: (batch: Batch, options: Options) => Batch,
): Pick<StagesOfBatches, 'mineHardSamples' | 'rectificationLoss'> {
  return {
    mineHardSamples: (batch, selection, options) =>
      RIGHT.mineHardSamples(read(batch, options), selection, options),
    rectificationLoss: (batch, hard, triplets, options) =>
      RIGHT.rectificationLoss(read(batch, options), hard, triplets, options),
  };
}

/** Of categorical labels, only the first attributes have minority classes. */
export function minorityOfFirst(attributes: number): Pick<StagesOfBatches, 'selectMinority'> {
  return {
    selectMinority(batch, options) {
      const { profile, minority } = RIGHT.selectMinority(batch, options);
      const kept = batch.encoding === 'categorical' ? attributes : minority.length;
      return { profile, minority: minority.map((classes, j) => (j < kept ? classes : [])) };
    },
  };
}

/** L with another α. */
export function readingAlpha(
  read: (alpha: number, batch: Batch, options: Options) => number,
): Pick<StagesOfBatches, 'balance'> {
  return {
    balance: (batch, options, found) =>
      RIGHT.balance(batch, { ...options, alpha: read(options.alpha, batch, options) }, found),
  };
}

/** The batch with all samples labelled for every attribute, although they are of no class. */
export function allLabelled(batch: Batch): Batch {
  const { size, attributes } = batch;
  const labelled = ndarray(new Uint8Array(size * attributes.length).fill(1), [size, attributes.length]);
  return { ...batch, labelled };
}

/** A backend whose stages are wrong where it is given logits, and right for probabilities. */
export function wrongFromLogits(
  id: string,
  error: string,
  caughtBy: string,
  wrong: Partial<Stages>,
): WrongBackend {
  const right = composeBackend(id, {});
  const faulty = composeBackend(id, wrong);
  return {
    id,
    error,
    caughtBy,
    backend: {
      ...right,
      balancedLoss: (batch, options) => (batch.fromLogits ? faulty : right).balancedLoss(batch, options),
    },
  };
}

/** The batch with the features of its first attribute for all attributes. */
export function withFirstFeatures(batch: Batch): Batch {
  if (batch.features === undefined) return batch;
  const { matrices } = batch.features;
  const [first] = matrices as [Batch['scores']];
  return { ...batch, features: { ...batch.features, matrices: matrices.map(() => first) } };
}
