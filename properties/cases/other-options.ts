/**
 * Options that differ from those of a case in one choice.
 *
 * @module
 */
import type { Backend, BalancedOptions, Batch } from '../../spec/index.js';
import type { Way } from '../coverage/index.js';
import type { Case } from './arbitraries.js';

/** α that differs by less than any rounding of it that a cache may be keyed by. */
const NEARBY = 2 ** -10;

/** Options that differ from others in one choice, and how that is counted. */
export interface OtherOptions {
  readonly way: Way;
  readonly options: BalancedOptions;
}

/** Options that differ in one choice, which decides something in this batch: a backend that caches must heed each. */
export function otherOptions(
  { supports }: Pick<Backend, 'supports'>,
  { batch, options, shuffle }: Case,
): OtherOptions {
  const [lo, hi] = options.range;
  const comparisons = supports.comparisons.filter((one) => one !== options.comparison);
  const anchors = (supports.anchors ?? ['all']).filter((one) => one !== options.anchors);
  const levels = supports.levels.filter((one) => one !== options.level && hasInputsOf(batch, one));
  const others: readonly (readonly [Way, Partial<BalancedOptions>])[] = [
    ['alpha-changes', { alpha: options.alpha === 0.5 ? 0.25 : 1 - options.alpha }],
    ['alpha-changes-slightly', { alpha: options.alpha + (options.alpha < 0.5 ? NEARBY : -NEARBY) }],
    ['kappa-changes', { kappa: options.kappa === 1 ? 2 : options.kappa - 1 }],
    ['rho-changes', { rho: options.rho === 1 ? 0.5 : 1 }],
    // more than once, since one case in three has histograms, and one in four several attributes
    ...(options.comparison === 'distribution'
      ? ([
          ['bins-change', { bins: options.bins + 3 }],
          ['range-changes', { range: [lo, hi + 1] }],
          ['bins-change', { bins: options.bins + 2 }],
          ['range-changes', { range: [lo - 1, hi] }],
          ['bins-change', { bins: 2 * options.bins }],
          ['range-changes', { range: [lo, hi + 0.5] }],
        ] as const)
      : ([
          ['margin-changes', { margin: options.margin.map((m) => m + 0.25) }],
          ['margin-changes', { margin: options.margin.map((m) => m + 0.5) }],
          ...(options.margin.length > 1
            ? new Array<readonly [Way, Partial<BalancedOptions>]>(4).fill([
                'last-margin-changes',
                { margin: withLastRaised(options.margin) },
              ])
            : []),
        ] as const)),
    ...comparisons.map((comparison): [Way, object] => ['comparison-changes', { comparison }]),
    ...(batch.scored ? anchors : []).map((choice): [Way, object] => ['anchors-change', { anchors: choice }]),
    // twice, since one case in two has the scores and features for both
    ...[...levels, ...levels].map((level): [Way, object] => ['level-changes', { level }]),
  ];
  const [way, change] = others[shuffle % others.length] as (typeof others)[number];
  return { way, options: { ...options, ...change } };
}

/**
 * Options that differ in all that any batch has, in every second case also in the comparison: one that is kept from
 * another call shows wherever it decides.
 */
export function allOtherOptions(
  { supports }: Pick<Backend, 'supports'>,
  { options, shuffle }: Pick<Case, 'options' | 'shuffle'>,
): BalancedOptions {
  const { alpha, kappa, rho, margin, bins, range, comparison } = options;
  const comparisons = shuffle % 2 === 0 ? [] : supports.comparisons.filter((one) => one !== comparison);
  return {
    ...options,
    alpha: alpha === 0.5 ? 0.25 : 0.5,
    kappa: kappa === 1 ? 2 : kappa - 1,
    rho: rho === 1 ? 0.5 : 1,
    margin: margin.map((m) => m + 0.25),
    bins: bins + 3,
    range: [range[0], range[1] + 1],
    comparison: comparisons[Math.floor(shuffle / 2) % comparisons.length] ?? comparison,
  };
}

function withLastRaised(margin: readonly number[]): number[] {
  return margin.map((m, j) => (j === margin.length - 1 ? m + 0.25 : m));
}

function hasInputsOf({ scored, features }: Batch, level: BalancedOptions['level']): boolean {
  return level === 'class' ? scored : features !== undefined;
}
