/**
 * What each property costs, and how often it fails, measured: shares of a run are balanced by the one, and ordered
 * by both.
 *
 * @module
 */

/**
 * Time of each property in thousandths of a default run, as the mean over `reference`, `host` and `tfjs` on
 * `wasm`. It only balances shares, so that rough numbers do; a property that is not listed costs
 * {@link USUAL_COST}.
 */
export const COSTS: Readonly<Record<string, number>> = {
  'minority-agrees': 70,
  'classes-renamed-minority': 10,
  'mining-agrees': 14,
  'mining-agrees-on-oddities': 22,
  'anchors-complete': 8,
  'mined-roles': 12,
  'mined-hardest': 33,
  'classes-renamed-mining': 12,
  'mining-at-block-edges': 8,
  'mining-at-many-samples': 30,
  'mining-at-many-triplets': 1,
  'mining-at-many-classes': 23,
  'minority-prefix-maximal': 4,
  'minority-paired': 3,
  'samples-permuted-minority': 5,
  'triplets-agree': 9,
  'triplets-bounded': 10,
  'loss-agrees': 22,
  'gradient-agrees': 33,
  'loss-nonnegative': 9,
  'nothing-to-compare': 6,
  'balanced-agrees': 26,
  'balanced-gradient-agrees': 44,
  'balanced-logits-agree': 34,
  'training-agrees': 49,
  'training-steps-independent': 10,
  'training-schedule-agrees': 6,
  'balanced-agrees-on-oddities': 29,
  'triplets-bounded-walk': 9,
  'nothing-to-compare-walk': 6,
  'samples-permuted-loss': 26,
  'training-sample-losses-agree': 8,
  'training-weighs-samples': 10,
  'balanced-at-many-samples': 48,
  'balanced-at-many-triplets': 3,
  'balanced-at-many-classes': 44,
  'logits-at-many-classes': 8,
  'training-at-scale': 26,
  'results-unaliased': 42,
  'options-heeded': 11,
  'calls-independent': 54,
  'nothing-leaks': 12,
  'nothing-leaks-in-long-runs': 38,
  'non-finite-probability-surfaces': 9,
  'non-finite-logit-surfaces': 9,
  'mining-agrees-on-combinations': 39,
  'balanced-agrees-on-combinations': 118,
  'training-agrees-on-combinations': 38,
  'runs-on-its-engine': 1,
};

/** The cost of a property that is not listed. */
export const USUAL_COST = 18;

/**
 * How many of a hundred wrong backends each property caught in 60 cases, of every second one of
 * `wrong-backends/`. A property that is not listed caught none.
 */
export const CAUGHT: Readonly<Record<string, number>> = {
  'balanced-agrees-when-mostly-right': 95,
  'balanced-logits-agree': 90,
  'balanced-agrees-on-oddities': 90,
  'balanced-agrees': 83,
  'options-heeded': 78,
  'balanced-gradient-agrees': 73,
  'minority-agrees': 34,
  'minority-prefix-maximal': 32,
  'mining-agrees': 29,
  'nothing-to-compare-walk': 24,
  'mining-agrees-on-oddities': 24,
  'loss-agrees': 24,
  'mined-hardest': 17,
  'gradient-agrees': 17,
  'mined-roles': 12,
  'triplets-bounded-walk': 12,
  'samples-permuted-loss': 12,
  'gradient-finite-differences': 12,
  'classes-renamed-minority': 10,
  'classes-renamed-loss': 10,
  'anchors-complete': 10,
  'layout-independent': 10,
  'samples-permuted-mining': 7,
  'triplets-agree': 7,
  'minority-paired': 5,
  'classes-renamed-mining': 5,
  'samples-permuted-minority': 2,
  'triplets-bounded': 2,
  'loss-nonnegative': 2,
  'nothing-to-compare': 2,
  'input-unchanged': 2,
  'results-unaliased': 2,
  'calls-independent': 2,
};
