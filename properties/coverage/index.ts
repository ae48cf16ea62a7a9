/**
 * Coverage of the law: in how many cases of a run each condition held that the rulings, the specification's
 * branches, and the drawing of cases know.
 *
 * @module
 */
export { apart, type Condition, excludedBy } from './condition.js';
export {
  type ConditionCoverage,
  type Coverage,
  choicePairs,
  coverageOf,
  type ImpossiblePair,
  type PairCoverage,
} from './coverage-report.js';
export { Facts } from './facts.js';
export { conditions, mergedCoverage, type PropertyCoverage, Tally } from './tally.js';
