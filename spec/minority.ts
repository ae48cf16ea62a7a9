/**
 * Stage 1, `selectMinority`: the class profile of the batch, and its minority classes (Eq. 3).
 *
 * @module
 */
import ndarray from 'ndarray';
import ops from 'ndarray-ops';
import type { Batch, MinoritySelection, Options } from './contract.js';
import { classProfile } from './labels.js';
import { minorityClasses } from './minority-classes.js';

/**
 * The class profile and the surviving minority classes of every attribute.
 *
 * @example
 * ```ts
 * import { createBatch, resolveOptions, selectMinority } from 'class-rectification/spec';
 * const batch = createBatch({ attributes: [2], labels: [[0], [0], [1], [1], [1]], scores: Array(5).fill([0.5, 0.5]) });
 * selectMinority(batch, resolveOptions(batch)); // → { profile: [[2, 3]], minority: [[0]] }
 * ```
 */
export function selectMinority(batch: Batch, options: Options): MinoritySelection {
  const profile = classProfile(batch, (member) => visitMembers(batch, member)); // h^j_k
  const minority = profile.map((sizes, j) => {
    const labelled = ops.sum(batch.labelled.pick(null, j)); // n_j: the paper prints n_bs
    return minorityClasses(sizes, labelled, options.rho);
  });
  return { profile, minority };
}

/** The column c of every sample of every class of a batch: Y_ic = 1. */
function visitMembers({ size, columns, membership }: Batch, member: (column: number) => void): void {
  const C = columns.length;
  const rows = ndarray(new Uint8Array(size * C), [size, C]);
  ops.assign(rows, membership); // row by row, however they lie in the batch
  const entries = rows.data;
  for (let at = entries.indexOf(1); at >= 0; at = entries.indexOf(1, at + 1)) {
    member(at % C);
  }
}
