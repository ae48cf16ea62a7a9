/**
 * Coverage of the law: in how many cases of a run each condition held that the rulings, the specification's
 * branches, and the drawing of cases know.
 *
 * @module
 */
export { type Aspect, apart, type Condition, canMeet, excludedBy } from './condition.js';
export {
  type ConditionCoverage,
  type Coverage,
  choicePairs,
  coverageOf,
  type ImpossiblePair,
  originOf,
  type PairCoverage,
} from './coverage-report.js';
export { Facts } from './facts.js';
export { caseConditions, conditions, mergedCoverage, type PropertyCoverage, Tally } from './tally.js';
export type { Way } from './way-conditions.js';
