/**
 * What to know of a counterexample before its values: whether it needs earlier calls, and what was done to its
 * batch.
 *
 * @module
 */
import { type Counterexample, NEEDS_EARLIER_CALLS } from '../../../properties/index.js';

/** A note with the word that it begins with. */
export interface CounterexampleNote {
  readonly word: string;
  readonly text: string;
}

/** The notes of a counterexample, in the order in which they are shown. */
export function counterexampleNotes({
  needsEarlierCalls,
  transformation,
}: Counterexample): CounterexampleNote[] {
  return [
    ...(needsEarlierCalls ? [{ word: 'state', text: NEEDS_EARLIER_CALLS }] : []),
    ...(transformation === undefined ? [] : [{ word: 'after', text: transformation }]),
  ];
}
