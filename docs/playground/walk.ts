/**
 * What the specification finds in the batch of the page.
 *
 * @module
 */
import type { NdArray } from 'ndarray';
import {
  type BalancedOptions,
  type Batch,
  type BatchDocument,
  balancedLoss,
  type HardSamples,
  hingeArgument,
  type MinoritySelection,
  type Options,
  readDocument,
  toProbabilities,
  walkStages,
} from '../../spec/index.js';

/** A triplet with its term, where the comparison has one per triplet. */
export interface TripletTerm {
  readonly anchor: number;
  readonly positive: number;
  readonly negative: number;
  readonly attribute: number;
  readonly class: number;
  /** max(0, m + d(a,+) − d(a,−)) for the relative comparison. */
  readonly term?: number;
}

/** All that the page shows of a batch. */
export interface Found {
  readonly batch: Batch;
  readonly options: Options;
  readonly alpha: number;
  readonly selection: MinoritySelection;
  readonly anchors: HardSamples['anchors'];
  readonly triplets: readonly TripletTerm[];
  /** L_crl. */
  readonly rectification: number;
  /** L_ce and L; missing where the batch has no scores. */
  readonly crossEntropy?: number;
  readonly loss?: number;
  /** p of every sample for a class column; empty where the batch has no scores. */
  readonly probabilities: readonly (readonly number[])[];
  /** ∂L/∂scores, or ∂L/∂features at instance level of the first attribute. Empty where there is none. */
  readonly slopes: readonly (readonly number[])[];
}

const DEFAULT_ALPHA = 0.5;

/** Walks the document through all stages. */
export function walk(document: BatchDocument): Found {
  const { batch, options, alpha = DEFAULT_ALPHA } = readDocument(document);
  const probable = batch.scored ? toProbabilities(batch) : batch;
  const { selection, hard, triplets, rectification } = walkStages(probable, options);
  const count = triplets.shape[0] as number;
  const terms = Array.from({ length: count }, (_, t): TripletTerm => {
    const at = (column: number) => triplets.get(t, column);
    const row = { anchor: at(0), positive: at(1), negative: at(2), attribute: at(3), class: at(4) };
    if (options.comparison !== 'relative') return row;
    return { ...row, term: Math.max(0, hingeArgument(probable, triplets, t, options)) };
  });
  const atFeatures = options.level === 'instance';
  const whole = batch.scored ? balancedLoss(batch, { ...options, alpha } as BalancedOptions) : undefined;
  const slopes = atFeatures ? (whole?.featureGradient ?? rectification.gradient) : whole?.gradient;
  return {
    batch,
    options,
    alpha,
    selection,
    anchors: hard.anchors,
    triplets: terms,
    rectification: rectification.loss,
    ...(whole ? { crossEntropy: whole.crossEntropy, loss: whole.loss } : {}),
    probabilities: batch.scored ? rows(probable.scores) : [],
    slopes: slopes === undefined ? [] : rows(slopes.shape.length === 3 ? slopes.pick(0, null, null) : slopes),
  };
}

function rows(matrix: NdArray): number[][] {
  const [count, width] = matrix.shape as [number, number];
  return Array.from({ length: count }, (_, i) => Array.from({ length: width }, (_, j) => matrix.get(i, j)));
}
