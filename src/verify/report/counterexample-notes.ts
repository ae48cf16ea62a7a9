/**
 * What to know of a counterexample before its values: whether it needs earlier calls, what was done to its batch, and
 * whether another failure comes first.
 *
 * @module
 */
import {
  type Counterexample,
  NEEDS_EARLIER_CALLS,
  type PropertyReport,
  type Report,
} from '../../../properties/index.js';
import { beforeState } from './start-with.js';

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

/** The notes of a failed property, in the light of the other failures. */
export function failureNotes(report: Report, property: PropertyReport): CounterexampleNote[] {
  const { counterexample } = property;
  if (counterexample === undefined) return [];
  const before = beforeState(report, property);
  const text =
    before && `${before.id} fails too, and does not ask about state: look at it before you look for state`;
  return [...counterexampleNotes(counterexample), ...(text === undefined ? [] : [{ word: 'first', text }])];
}
