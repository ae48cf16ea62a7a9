/**
 * What is found among the labels, class sizes and minority classes of a case.
 *
 * @module
 */
import type { BalancedOptions, Batch, MinoritySelection } from '../../spec/index.js';
import { columnSum } from './column-sum.js';

/** What is found among labels, class sizes and minority classes. */
export type LabelFact =
  | 'unlabelled'
  | 'unlabelled-attribute'
  | 'all-zero-row'
  | 'two-labels'
  | 'empty-class'
  | 'single'
  | 'size-tie'
  | 'held-exactly'
  | 'held-short'
  | 'limit-fractional'
  | 'no-minority'
  | 'two-minority-classes'
  | 'two-attributes'
  | 'absent-minority'
  | 'present-minority'
  | 'halves'
  | 'whole-attribute'
  | 'late-class'
  | 'past-16-bits';

/** ρ·n_j and a sum of sizes closer than this differ by a rounding only. */
const ROUNDING = 1e-9;

export function labelFacts(
  batch: Batch,
  { rho }: BalancedOptions,
  { profile, minority }: MinoritySelection,
): ReadonlySet<LabelFact> {
  const found = new Set<LabelFact>();
  batch.attributes.forEach((_, j) => {
    const sizes = profile[j] as readonly number[];
    const chosen = minority[j] as readonly number[];
    const labelled = columnSum(batch.labelled, j);
    if (labelled < batch.size) found.add('unlabelled');
    if (labelled === 0) found.add('unlabelled-attribute');
    if (sizes.includes(0)) found.add('empty-class');
    if (sizes.includes(1)) found.add('single');
    if (!Number.isInteger(rho * labelled)) found.add('limit-fractional');
    if (chosen.length > 1) found.add('two-minority-classes');
    if (chosen.some((k) => k >= 256)) found.add('late-class');
    if (sizes.length > 2 ** 16) found.add('past-16-bits');
    const own = new Set(chosen);
    const left = sizes.flatMap((size, k) => (size > 1 && !own.has(k) ? [size] : []));
    const sizesLeft = new Set(left);
    if (chosen.some((k) => sizesLeft.has(sizes[k] as number))) found.add('size-tie');
    // classes of one sample come before every class that survives
    const singles = sizes.filter((size) => size === 1).length;
    const held = chosen.reduce((sum, k) => sum + (sizes[k] as number), singles);
    if (chosen.length > 0 && held === rho * labelled) found.add('held-exactly');
    const short = held + Math.min(...left) - rho * labelled;
    if (chosen.length + left.length > 0 && short > 0 && short < ROUNDING) found.add('held-short');
    if (chosen.some((k) => sizes[k] === labelled)) found.add('whole-attribute');
    if (batch.encoding !== 'multi-label') return;
    if (own.has(0)) found.add('absent-minority');
    if (own.has(1)) found.add('present-minority');
    if (sizes[0] === sizes[1] && labelled > 0) found.add('halves');
  });
  const held = minority.filter((classes) => classes.length > 0).length;
  if (held === 0) found.add('no-minority');
  if (held > 1) found.add('two-attributes');
  if (batch.encoding === 'one-attribute') {
    for (let i = 0; i < batch.size; i++) {
      let labels = 0;
      for (let c = 0; c < batch.columns.length; c++) labels += batch.membership.get(i, c);
      if (labels === 0) found.add('all-zero-row');
      if (labels > 1) found.add('two-labels');
    }
  }
  return found;
}
