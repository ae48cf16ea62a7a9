/**
 * What batches are expected to hold: sums over batches, drawn or weighted by their probability.
 *
 * @module
 */

import type { AnchorChoice } from '../../spec/rules.js';

/** Of one class: means over batches. */
export interface ClassMoments {
  /** The probability of being a surviving minority class. */
  share: number;
  /** Anchors of the class in a batch, 0 where it does not survive. */
  anchors: number;
  triplets: number;
  /** Hard positives of all its anchors together; divided by the anchors, what one anchor gets. */
  positives: number;
  negatives: number;
}

/** Of one attribute. */
export interface AttributeMoments {
  readonly classes: readonly ClassMoments[];
  /** The probability that a batch has no triplet of this attribute. */
  readonly nothing: number;
}

/** Moments that are all 0. */
export function noMoments(classes: number): ClassMoments[] {
  return Array.from({ length: classes }, () => ({
    share: 0,
    anchors: 0,
    triplets: 0,
    positives: 0,
    negatives: 0,
  }));
}

/** How many hard samples an anchor has at most, and which samples are anchors. */
export interface Mining {
  readonly kappa: number;
  readonly anchors: AnchorChoice;
}

/** The anchors of a class of this size (rulings: anchors, easy anchors). */
export function anchorsOf(size: number, { kappa, anchors }: Mining): number {
  return anchors === 'easy' ? Math.min(size, kappa) : size;
}

/**
 * Adds a class that survives in a batch: its anchors, each with up to κ hard positives of the
 * others and up to κ hard negatives of the samples that are not of the class (ruling: fewer than κ).
 *
 * @param size - h_k in the batch
 * @param labelled - n_j
 * @param weight - the probability of the batch; 1 where batches are drawn
 * @returns its triplets
 */
export function addSurvivor(
  to: ClassMoments,
  size: number,
  labelled: number,
  mining: Mining,
  weight = 1,
): number {
  const { kappa } = mining;
  const anchors = anchorsOf(size, mining);
  const positives = Math.min(kappa, size - 1);
  const negatives = Math.min(kappa, labelled - size);
  const triplets = anchors * positives * negatives;
  to.share += weight;
  to.anchors += weight * anchors;
  to.triplets += weight * triplets;
  to.positives += weight * anchors * positives;
  to.negatives += weight * anchors * negatives;
  return triplets;
}
