/**
 * What a verification can be asked for. No engine is loaded to read this.
 *
 * @module
 */
import type { SuiteChoices, SuitePlan } from '../../properties/index.js';
import type { SessionJudgement } from './session.js';

/** Which properties to run, and how long to wait for an answer. */
export interface VerifyChoices extends SuiteChoices {
  /**
   * How long a promise of the backend may take, in seconds, at most 2,000,000. Default 120. A stage that takes
   * longer fails the property and is not asked again.
   */
  readonly timeout?: number;
}

/** How a plan judges each of its properties. */
export function howOf({ runs, seed, path, level, known }: SuitePlan): SessionJudgement {
  return {
    runs,
    seed,
    known,
    ...(path === undefined ? {} : { path }),
    ...(level === undefined ? {} : { level }),
  };
}
