/**
 * The stage that gave a wrong answer, where a property asks for more than its own stage.
 *
 * @module
 */
import type { Stage } from '../spec/index.js';
import { ThrownMarks } from './thrown-marks.js';

const STAGES_AT_FAULT = new ThrownMarks<Stage>();

/**
 * Asks an earlier stage than that of the property, and compares its answer. What is thrown there is reported for the
 * earlier stage, so that its author is not sent to a stage that is right.
 */
export function atStage<T>(stage: Stage, calls: () => Promise<T>): Promise<T> {
  return STAGES_AT_FAULT.on(stage, calls);
}

/** The stage that something was thrown in; undefined if that is the stage of the property. */
export function stageAtFault(error: unknown): Stage | undefined {
  return STAGES_AT_FAULT.of(error);
}
