/**
 * Stages with one part replaced: the choice of samples, the distance, the chain rule.
 *
 * @module
 */

import type { NdArray } from 'ndarray';
import { addDistanceSlope, zeroGradient } from '../../spec/gradient.js';
import {
  type Anchor,
  type Batch,
  type ClassColumn,
  type Compared,
  classScore,
  featureDistance,
  featuresOf,
  formPairs,
  type HardSamples,
  histogram,
  type Level,
  mineHardSamples,
  type Options,
  type Pair,
  type Pairs,
  pairDistance,
  rectificationGradient,
  rectificationLoss,
  type Side,
  selectMinority,
  type Triplets,
  tripletPairs,
} from '../../spec/index.js';
import { compare } from '../../spec/rectification.js';
import { type Stages, scaled } from './compose.js';

/** Selection and mining of a batch that is read wrongly. */
export function misread(read: (batch: Batch, options: Options) => Batch): Partial<Stages> {
  return {
    selectMinority: (batch, options) => selectMinority(read(batch, options), options),
    mineHardSamples: (batch, selection, options) => mineHardSamples(read(batch, options), selection, options),
  };
}

/** An anchor as it was mined, and the candidates that it was mined from. */
export interface AnchorAndCandidates extends Anchor {
  /** Other samples of the class. */
  readonly companions: readonly number[];
  /** Labelled samples not of the class. */
  readonly others: readonly number[];
}

/** The input of a choice of hard samples. */
export interface Choice {
  readonly batch: Batch;
  readonly options: Options;
  readonly kappa: number;
  /** How close a sample is to the anchor: the closer, the harder as a negative and the easier as a positive. */
  closeness(i: number): number;
}

/** Mining that chooses wrongly for each anchor, at the levels given. */
export function mining(
  levels: readonly Level[],
  choose: (own: AnchorAndCandidates, choice: Choice) => Partial<Pick<Anchor, 'positives' | 'negatives'>>,
): Partial<Stages> {
  return {
    mineHardSamples(batch, selection, options) {
      const right = mineHardSamples(batch, selection, options);
      if (!levels.includes(options.level)) return right;
      const all = Array.from({ length: batch.size }, (_, i) => i);
      const anchors = right.anchors.map((anchor) => {
        const { attribute: j, class: k, sample } = anchor;
        const column = batch.attributes[j]?.columns[k] as number;
        const labelled = all.filter((i) => batch.labelled.get(i, j) === 1);
        const companions = labelled.filter((i) => i !== sample && batch.membership.get(i, column) === 1);
        const others = labelled.filter((i) => batch.membership.get(i, column) === 0);
        const closeness =
          options.level === 'class'
            ? (i: number) => classScore(batch, i, column)
            : (i: number) => -featureDistance(featuresOf(batch, j), sample, i);
        const own = { ...anchor, companions, others };
        return { ...anchor, ...choose(own, { batch, options, kappa: options.kappa, closeness }) };
      });
      return { anchors };
    },
  };
}

/** What L_crl is computed from. */
export interface LossWalk {
  readonly batch: Batch;
  readonly options: Options;
  readonly hard: HardSamples;
  readonly triplets: Triplets;
  readonly pairs: Pairs;
  distance(pair: Pair, side: Side): number;
  /** L_crl of the specification. */
  readonly loss: number;
}

/** L_crl with a wrong value but the right gradient, so that only the value can give it away. */
export function lossBy(value: (walk: LossWalk) => number): Partial<Stages> {
  return {
    rectificationLoss(batch, hard, triplets, options) {
      const right = rectificationLoss(batch, hard, triplets, options);
      const distance = (pair: Pair, side: Side) => pairDistance(batch, options, pair, side);
      const pairs = formPairs(hard);
      const walk = { batch, options, hard, triplets, pairs, distance, loss: right.loss };
      return { ...right, loss: value(walk) };
    },
  };
}

/** L_crl of wrong distances, by the comparison that the options name. */
export function compareBy(
  { options, triplets, pairs }: LossWalk,
  distance: (pair: Pair, side: Side) => number,
): number {
  const margin = ({ attribute }: Pair) => options.margin[attribute] as number;
  if (options.comparison === 'relative') {
    return mean(
      Array.from({ length: triplets.shape[0] as number }, (_, t) => {
        const { positive, negative } = tripletPairs(triplets, t);
        const excess = margin(positive) + distance(positive, 'positive') - distance(negative, 'negative');
        return Math.max(0, excess);
      }),
    );
  }
  const near = pairs.positive.map((pair) => distance(pair, 'positive'));
  const far = pairs.negative.map((pair) => distance(pair, 'negative'));
  if (options.comparison === 'absolute') {
    const short = pairs.negative.map((pair, r) => Math.max(0, margin(pair) - (far[r] as number)));
    return 0.5 * (mean(near.map((d) => d * d)) + mean(short.map((d) => d * d)));
  }
  if (near.length === 0 || far.length === 0) return 0;
  return overlap(histogram(near, options), histogram(far, options));
}

/** Σ_t h+_t Σ_{k≤t} h−_k. */
export function overlap(positives: readonly number[], negatives: readonly number[]): number {
  let held = 0;
  return positives.reduce((loss, h, t) => {
    held += negatives[t] as number;
    return loss + h * held;
  }, 0);
}

/** The mean; 0 of no values. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}

/** The sum. */
export function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

/** The right L_crl with wrong slopes with respect to the distances. */
export function slopesBy(
  change: (compared: Compared, walk: Pick<LossWalk, 'batch' | 'options' | 'hard' | 'triplets'>) => Compared,
): Partial<Stages> {
  return {
    rectificationLoss(batch, hard, triplets, options) {
      const compared = compare(batch, hard, triplets, options);
      const changed = change(compared, { batch, options, hard, triplets });
      return { loss: compared.loss, gradient: rectificationGradient(batch, options, changed) };
    },
  };
}

/** Adds the slope of a pair's distance to the gradient. */
export type Add = typeof addDistanceSlope;

/** The right L_crl with a wrong chain rule. */
export function chainRule(add: Add): Partial<Stages> {
  return {
    rectificationLoss(batch, hard, triplets, options) {
      const { loss, divisor, visitSlopes } = compare(batch, hard, triplets, options);
      const gradient = zeroGradient(batch, options);
      visitSlopes((pair, side, slope) => {
        add(gradient, batch, options, pair, side, slope);
      });
      return { loss, gradient: divisor === 0 ? gradient : scaled(gradient, 1 / divisor) };
    },
  };
}

/** A chain rule that multiplies the share of the anchor and of the other sample by factors. */
export function shares(anchor: number, other: number, levels: readonly Level[]): Add {
  return (gradient, batch, options, pair, side, slope) => {
    if (!levels.includes(options.level)) {
      addDistanceSlope(gradient, batch, options, pair, side, slope);
      return;
    }
    const rows = rowsOf(gradient, pair);
    const width = rows.shape[1] as number;
    const row = (i: number) => Array.from({ length: width }, (_, s) => rows.get(i, s));
    const [ofAnchor, ofOther] = [row(pair.anchor), row(pair.other)];
    addDistanceSlope(gradient, batch, options, pair, side, slope);
    for (let s = 0; s < width; s++) {
      const [a, o] = [ofAnchor[s] as number, ofOther[s] as number];
      if (anchor !== 1) rows.set(pair.anchor, s, a + anchor * (rows.get(pair.anchor, s) - a));
      if (other !== 1) rows.set(pair.other, s, o + other * (rows.get(pair.other, s) - o));
    }
  };
}

/** The rows of a gradient that belong to the attribute of a pair. */
export function rowsOf(gradient: NdArray<Float64Array>, { attribute }: Pair): NdArray<Float64Array> {
  return gradient.shape.length === 3 ? gradient.pick(attribute, null, null) : gradient;
}

/** The class column of a pair. */
export function columnOf(batch: Batch, { attribute, class: k }: Pair): ClassColumn {
  return batch.columns[batch.attributes[attribute]?.columns[k] as number] as ClassColumn;
}
