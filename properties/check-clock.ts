/**
 * Where the time of a property goes.
 *
 * @module
 */
import type { Property } from './property.js';
import type { Timing } from './report.js';

/** Tells the time of the backend, of the rest of a check, and of drawing apart. */
export class CheckClock {
  readonly #backendTime: (() => number) | undefined;
  readonly #before: number;
  #checking = 0;

  /** @param backendTime - how long the backend has been busy so far, in milliseconds; undefined if that is not known */
  constructor(backendTime: (() => number) | undefined) {
    this.#backendTime = backendTime;
    this.#before = backendTime?.() ?? 0;
  }

  /** The same check, whose time counts. */
  timed(check: Property['check']): Property['check'] {
    return async (subject, given) => {
      const began = performance.now();
      try {
        await check(subject, given);
      } finally {
        this.#checking += performance.now() - began;
      }
    };
  }

  /** @param whole - the time of the property, in milliseconds */
  timing(whole: number): Timing | undefined {
    if (this.#backendTime === undefined || this.#checking === 0) return undefined;
    const backend = this.#backendTime() - this.#before;
    const rounded = (milliseconds: number) => Math.max(0, Math.round(milliseconds));
    return {
      drawing: rounded(whole - this.#checking),
      specification: rounded(this.#checking - backend),
      backend: rounded(backend),
    };
  }
}
