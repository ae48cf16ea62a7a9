/**
 * The stage that gave a wrong answer, where a property asks for more than its own stage.
 *
 * @module
 */
import type { Stage } from '../spec/index.js';

const STAGES_AT_FAULT = new WeakMap<object, Stage>();

/**
 * Asks an earlier stage than that of the property, and compares its answer. What is thrown there is reported for the
 * earlier stage, so that its author is not sent to a stage that is right.
 */
export async function atStage<T>(stage: Stage, calls: () => Promise<T>): Promise<T> {
  try {
    return await calls();
  } catch (error) {
    if (typeof error === 'object' && error !== null) STAGES_AT_FAULT.set(error, stage);
    throw error;
  }
}

/** The stage that something was thrown in; undefined if that is the stage of the property. */
export function stageAtFault(error: unknown): Stage | undefined {
  return typeof error === 'object' && error !== null ? STAGES_AT_FAULT.get(error) : undefined;
}
