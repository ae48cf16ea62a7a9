/**
 * The protocol: one line of JSON for each question, and one for its answer.
 *
 * @module
 */
import type {
  Attribute,
  Averaging,
  BalancedOptions,
  Batch,
  Capabilities,
  Encoding,
  Features,
  HardSamples,
  MinoritySelection,
  Options,
  Stage,
} from '../../spec/index.js';
import { matrixToWire, rowMajor, toWire, type WireArray } from './arrays.js';

/** The version of the protocol. It grows where an older program would no longer understand a question. */
export const PROTOCOL_VERSION = 1;

/** A batch in a message. */
export interface WireBatch {
  readonly encoding: Encoding;
  /** K_j, the number of classes of each attribute. */
  readonly attributes: readonly number[];
  readonly fromLogits: boolean;
  /** n. */
  readonly size: number;
  /** n×labelWidth, int32: class indices, −1 for unlabelled; in the other encodings 0, 1 and −1. */
  readonly labels: WireArray;
  /** n×S, float64. Not given where the batch has no scores, as instance level allows. */
  readonly scores?: WireArray;
  /** n×d, or J×n×d, float64. */
  readonly features?: WireArray;
}

/** How a step of training is taken. */
export interface WireTraining {
  /** α that the loss is made with; `options.alpha` is that of this step. */
  readonly madeAt: number;
  /** The derivative that the loss is given from what follows it. */
  readonly upstream: number;
  /** n weights of the samples, float64. */
  readonly weights?: WireArray;
  /** Batches that the same loss is given before, in steps of their own at 1 − `options.alpha`. */
  readonly before: readonly WireBatch[];
  /** Whether L is also asked without a derivative, before the step. */
  readonly evaluated: boolean;
  /** A second loss, which steps first and is then differentiated together with this one; or the same loss, twice. */
  readonly beside?: {
    readonly batch: WireBatch;
    readonly options: BalancedOptions;
    readonly sameLoss?: boolean;
  };
}

/** A question. */
export type Question =
  | { readonly ask: 'hello'; readonly protocol: number }
  | { readonly ask: 'selectMinority'; readonly batch: WireBatch; readonly options: Options }
  | {
      readonly ask: 'mineHardSamples';
      readonly batch: WireBatch;
      readonly selection: MinoritySelection;
      readonly options: Options;
    }
  | { readonly ask: 'formTriplets'; readonly hard: HardSamples; readonly options: Options }
  | {
      readonly ask: 'rectificationLoss';
      readonly batch: WireBatch;
      readonly hard: HardSamples;
      /** |T|×5, int32: anchor, positive, negative, attribute, class. */
      readonly triplets: WireArray;
      readonly options: Options;
    }
  | { readonly ask: 'balancedLoss'; readonly batch: WireBatch; readonly options: BalancedOptions }
  | {
      readonly ask: 'train';
      readonly batch: WireBatch;
      readonly options: BalancedOptions;
      readonly training: WireTraining;
    }
  | {
      readonly ask: 'lossOnReplicas';
      /** W batches of one schema, in the order of the ranks; some may have size 0. */
      readonly shards: readonly WireBatch[];
      readonly options: BalancedOptions;
      readonly averaging: Averaging;
      /** The weights of each shard's samples, float64. */
      readonly weights?: readonly WireArray[];
    }
  | { readonly ask: 'goodbye' };

/** Questions that are no stages: a step of training, and a step of replicas. */
export const EXTRAS = ['train', 'lossOnReplicas'] as const;
export type Extra = (typeof EXTRAS)[number];

/** The answer to `hello`. */
export interface Hello {
  readonly protocol: number;
  readonly name: string;
  /** Such as `python 3.12`. */
  readonly language: string;
  readonly engine?: string;
  readonly supports: Omit<Capabilities, 'execution'>;
  /** What it answers beside `balancedLoss`. */
  readonly answers: readonly (Stage | Extra)[];
}

/** An answer: a result, or why there is none. */
export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  /** Null counts as none. */
  readonly error?: { readonly name: string; readonly message: string } | null;
}

/** A batch as a message holds it. */
export function batchToWire(batch: Batch): WireBatch {
  const { encoding, attributes, fromLogits, size, scored, features } = batch;
  return {
    encoding,
    attributes: attributes.map(({ classes }) => classes.length),
    fromLogits,
    size,
    labels: labelsToWire(batch),
    ...(scored ? { scores: matrixToWire('float64', batch.scores) } : {}),
    ...(features ? { features: featuresToWire(features, size) } : {}),
  };
}

/** Labels as a caller gives them, read back from the membership matrix. */
function labelsToWire({ size, encoding, attributes, labelWidth, membership }: Batch): WireArray {
  const labels = new Int32Array(size * labelWidth);
  const labelOf = (i: number, at: number) => {
    if (encoding === 'one-attribute') return membership.get(i, at); // each label is a class of its own
    // −1, none, where the sample is unlabelled
    return (attributes[at] as Attribute).columns.findIndex((column) => membership.get(i, column) === 1);
  };
  for (let i = 0; i < size; i++)
    for (let at = 0; at < labelWidth; at++) labels[i * labelWidth + at] = labelOf(i, at);
  return toWire('int32', labels, [size, labelWidth]);
}

function featuresToWire({ width, perAttribute, matrices }: Features, size: number): WireArray {
  const all = new Float64Array(matrices.length * size * width);
  matrices.forEach((matrix, j) => {
    all.set(rowMajor(matrix), j * size * width);
  });
  if (!perAttribute) return toWire('float64', all, [size, width]);
  return toWire('float64', all, [matrices.length, size, width]);
}
