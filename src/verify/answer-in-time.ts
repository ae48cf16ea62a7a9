/**
 * Answers that come in time, or count as not given: a promise that never settles would end the
 * process without a verdict.
 *
 * @module
 */
import { UnansweredError } from '../../properties/index.js';
import { outOfRange } from '../../spec/errors.js';

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

/**
 * A function whose promises settle in time. Once one did not, it is not asked again: each further
 * call would take as long, and there are thousands.
 *
 * @param what - names it in the error, an {@link UnansweredError}
 */
export function answeringInTime<A extends unknown[], R>(
  what: string,
  ask: (...given: A) => R,
  seconds: number,
): (...given: A) => R {
  let hung = false;
  return (...given) => {
    const none = `no answer within ${seconds} s`;
    if (hung) throw new UnansweredError(`${what} is not asked again: it gave ${none} to an earlier case`);
    const answer = ask(...given);
    if (!isPromise(answer)) return answer;
    const timely = inTime(answer, seconds, () => {
      hung = true;
      return new UnansweredError(`${what} gave ${none}`);
    });
    // training drops the promise of a backend that claims to be `sync`: that is told elsewhere
    timely.catch(() => {});
    return timely as R;
  };
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}
