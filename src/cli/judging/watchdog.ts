/**
 * Tells when a judging process has gone on for too long with the same call, or between two of them.
 *
 * @module
 */
import { LOADING } from '../../verify/watch.js';
import type { FlightRecord } from './flight-recorder.js';

/** A call in time is settled by the process itself; only one that blocks it is left after this many seconds more. */
const GRACE = 1;
/** Loading modules may take this long, in seconds, however short the time for a call. */
const LONGEST_LOADING = 60;
/** A whole case may take this long between calls, in seconds: the specification's part of it may be slow. */
const LONGEST_CASE = 600;

/** Watches over one request. */
export class Watchdog {
  readonly #timeout: number;
  #last: FlightRecord | undefined;
  #since: number;

  /**
   * @param timeout - how long a call may take, in seconds
   * @param now - when the request was made, in seconds
   */
  constructor(timeout: number, now: number) {
    this.#timeout = timeout;
    this.#since = now;
  }

  /**
   * The limit that was passed, in seconds; undefined if none was.
   *
   * @param record - what the process does; undefined if it has recorded nothing, or is recording it
   * @param now - in seconds
   */
  look(record: FlightRecord | undefined, now: number): number | undefined {
    const isOther = record !== undefined && record.entry !== this.#last?.entry;
    if (isOther) this.#last = record;
    // a process that has recorded nothing has loaded nothing of the backend
    if (isOther || this.#last === undefined) {
      this.#since = now;
      return undefined;
    }
    const limit = this.#limit(this.#last);
    return now - this.#since < limit + GRACE ? undefined : limit;
  }

  #limit({ call, property }: FlightRecord): number {
    const loading = Math.max(this.#timeout, LONGEST_LOADING);
    if (call === LOADING) return loading;
    if (call !== '') return this.#timeout;
    // before the first case there is little to do but to draw it
    return property === '' ? loading + this.#timeout : Math.max(this.#timeout, LONGEST_CASE);
  }
}
