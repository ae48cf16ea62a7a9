/**
 * A batch in which an anchor outside the list of hard positives is tied with the last one in it.
 *
 * @module
 */
import { type BalancedOptions, type Batch, createBatch, resolveOptions } from '../../spec/index.js';

/** The batch, with the options that make it so: of five members three are listed at κ 2, and two are not. */
export function tiedAnchor(): { readonly batch: Batch; readonly options: BalancedOptions } {
  const members = [0.125, 0.25, 0.25, 0.25, 0.875];
  const batch = createBatch({
    attributes: [2],
    labels: [...members.map(() => [0]), ...members.map(() => [1]), [1]],
    scores: [...members.map((p) => [p, 0.5]), ...members.map((p) => [p / 2, 0.5]), [0, 0.5]],
  });
  return { batch, options: { ...resolveOptions(batch, { kappa: 2 }), alpha: 1 } };
}
