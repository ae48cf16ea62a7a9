/**
 * The property suite: takes any backend and finds where it differs from the specification.
 *
 * @module
 */
export { type Budget, budgetOf, isReduced, LARGE, LARGE_COLUMNS } from './budgets.js';
export { type Case, type CaseOptions, caseDocument, cases } from './cases/arbitraries.js';
export { shuffled } from './cases/shuffle.js';
export {
  CONFORMANCE_LEVELS,
  type ConformanceLevel,
  LEVEL_TERMS,
  type LevelReport,
  type LevelTerms,
  type LevelVerdict,
  levelsOf,
} from './conformance.js';
export {
  type Condition,
  type ConditionCoverage,
  type Coverage,
  conditions,
  mergedCoverage,
  originOf,
  type PairCoverage,
  type PropertyCoverage,
} from './coverage/index.js';
export { Disagreement } from './disagreement.js';
export { type Afresh, type Judgement, judge, judgeLost, type LostProcess } from './judge.js';
export { KeptCases } from './kept-cases.js';
export {
  DEFAULT_RUNS,
  MOST_RUNS,
  type Property,
  type Subject,
  type TrainingLoss,
  type TrainingResult,
  type TrainingStep,
  UnansweredError,
} from './property.js';
export {
  pathParts,
  type ReplayTarget,
  type ReplayToken,
  readToken,
  replayCommand,
  replayTokenCommand,
  writeToken,
} from './replay.js';
export * from './report.js';
export { costOf, sharesOf } from './shares.js';
export * from './suite.js';
export { thrownPlace } from './thrown-place.js';
