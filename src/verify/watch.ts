/**
 * Hears what a backend is asked before it is asked: after a crash, this is all that is known.
 *
 * @module
 */

/** Hears of every case and every call before it begins. */
export interface Watch {
  /** A case of a property begins; `path` is where fast-check finds it again. */
  readonly onCase: (property: string, path: string) => void;
  /** A call begins, such as `balancedLoss`; what it returns is called when the call has ended. */
  readonly onCall: (what: string) => () => void;
}

/** The name of the call that loads or makes a backend. */
export const LOADING = 'loading';

/** The name of what the calls of a backend have left to run once they have returned. */
export const LEFT_BEHIND = 'a timer or a promise that its calls left behind';

/** Watches nothing. */
export const UNWATCHED: Watch = { onCase: () => {}, onCall: () => () => {} };

/** A watch that also adds up how long calls took. */
export interface TimedWatch extends Watch {
  /** How long at least one call has been under way so far, in milliseconds. */
  readonly callTime: () => number;
}

/**
 * The same watch, which also adds up how long calls took. Calls within calls, and calls at once, count once.
 *
 * @param now - the clock, in milliseconds
 */
export function timedWatch(watch: Watch, now: () => number = () => performance.now()): TimedWatch {
  let [running, began, total] = [0, 0, 0];
  return {
    onCase: watch.onCase,
    onCall(what) {
      const ended = watch.onCall(what);
      if (running === 0) began = now();
      running += 1;
      return () => {
        running -= 1;
        if (running === 0) total += now() - began;
        ended();
      };
    },
    callTime: () => total + (running > 0 ? now() - began : 0),
  };
}
