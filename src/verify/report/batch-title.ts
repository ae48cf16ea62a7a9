/**
 * How a counterexample's batch is announced.
 *
 * @module
 */
import type { Counterexample } from '../../../properties/index.js';

/** What the message of a case begins with whose call gave no answer, or ended its process. */
const UNANSWERED = 'UnansweredError: ';

/** What the batch is, and how it was found, such as `smallest batch found` and `3 shrinks`. */
export function batchTitle({ message, shrinks }: Counterexample): {
  readonly what: string;
  readonly how: string;
} {
  // no smaller case is looked for: each try may cost a process, or the whole timeout
  if (!message.startsWith(UNANSWERED)) return { what: 'smallest batch found', how: `${shrinks} shrinks` };
  const how = shrinks === 0 ? 'not made smaller' : `after ${shrinks} shrinks`;
  return { what: 'the batch that was being asked', how };
}
