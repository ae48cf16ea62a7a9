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

/** Watches nothing. */
export const UNWATCHED: Watch = { onCase: () => {}, onCall: () => () => {} };
