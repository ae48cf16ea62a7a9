/**
 * Answers that come in time or count as missing: a promise that never settles would end the process without a
 * verdict.
 *
 * @module
 */
import { NoAnswerError } from '../../backends/command/protocol-error.js';
import { UnansweredError } from '../../properties/property.js';
import { outOfRange } from '../../spec/rules.js';
import type { Watch } from './watch.js';

/** How long a promise of a backend may take by default, in seconds. */
export const DEFAULT_TIMEOUT = 120;

/** A timer takes no more than 2³¹ milliseconds, which is 24 days. */
export const LONGEST_TIMEOUT = 2_000_000;

/**
 * How long a promise may take, in seconds.
 *
 * @throws InputRangeError - if no timer can wait that long
 */
export function readTimeout(seconds: number = DEFAULT_TIMEOUT): number {
  if (typeof seconds === 'number' && seconds > 0 && seconds <= LONGEST_TIMEOUT) return seconds;
  const expected = `seconds above 0, at most ${LONGEST_TIMEOUT}`;
  return outOfRange('option-out-of-range', 'timeout', expected, seconds);
}

/** What a promise settles to; rejects with what `late` makes if it takes longer. */
export function inTime<T>(promise: PromiseLike<T>, seconds: number, late: () => Error): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), seconds * 1000);
  });
  return Promise.race([promise, overdue]).finally(() => clearTimeout(timer));
}

/** How calls of a backend are made. */
export interface Asking {
  /** How long a promise may take, in seconds. */
  readonly seconds: number;
  /** Is told of each call. */
  readonly watch: Watch;
  /** What is not asked again, with what became of it; entries are added as calls go unanswered. */
  readonly unanswered: Map<string, string>;
}

/**
 * A function whose promises settle in time. Once a call went unanswered, no further one is made: each of the
 * thousands would take as long.
 *
 * @param what - names the function in the error, an {@link UnansweredError}
 */
export function answeringInTime<A extends unknown[], R>(
  what: string,
  ask: (...given: A) => R,
  { seconds, watch, unanswered }: Asking,
): (...given: A) => R {
  return (...given) => {
    const earlier = unanswered.get(what);
    if (earlier !== undefined)
      throw new UnansweredError(`${what} is not asked again: it ${earlier} in an earlier case`, false);
    const answer = watched(watch, what, () => ask(...given));
    if (!isPromise(answer)) return answer;
    const late = () => {
      unanswered.set(what, `gave no answer within ${seconds} s`);
      return new UnansweredError(`${what} gave no answer within ${seconds} s`);
    };
    // a backend in a process of its own keeps the time itself, and stops its process
    const told = Promise.resolve(answer).then(undefined, (error: unknown) => {
      throw error instanceof NoAnswerError ? late() : error;
    });
    const timely = inTime(told, seconds, late);
    // training drops the promise of a backend that claims to be `sync`; another property reports that
    timely.catch(() => {});
    return timely as R;
  };
}

/**
 * Makes a call that the watch is told of, until its promise settles, or it has returned and what it left to run at
 * once (microtasks) has run too: whoever waits for the answer waits for these.
 */
export function watched<R>(watch: Watch, what: string, call: () => R): R {
  const ended = watch.onCall(what);
  let answer: R;
  let isPending: boolean;
  try {
    answer = call();
    isPending = isPromise(answer);
  } catch (error) {
    ended();
    throw error;
  }
  // made a promise: the method of what a backend returns may do anything
  if (isPending) Promise.resolve(answer).then(ended, ended);
  else queueMicrotask(ended);
  return answer;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}
