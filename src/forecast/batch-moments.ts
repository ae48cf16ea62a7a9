/**
 * What batches are expected to hold: sums over batches, drawn or weighted by their probability.
 *
 * @module
 */

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

/**
 * Adds a class that survives in a batch: each of its samples is an anchor, with up to κ hard positives of the
 * others and up to κ hard negatives of the samples that are not of the class (rulings: anchors, fewer than κ).
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
  kappa: number,
  weight = 1,
): number {
  const positives = Math.min(kappa, size - 1);
  const negatives = Math.min(kappa, labelled - size);
  const triplets = size * positives * negatives;
  to.share += weight;
  to.anchors += weight * size;
  to.triplets += weight * triplets;
  to.positives += weight * size * positives;
  to.negatives += weight * size * negatives;
  return triplets;
}
