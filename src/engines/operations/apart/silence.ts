/**
 * Notices that the process or page of an engine has gone silent.
 *
 * @module
 */
import { JudgeEndedError } from './judge-apart.js';

/** How long an engine may take to start, and to be judged on one claim, in seconds. */
export const LONGEST_SILENCE = 120;

/** Rejects once nothing was heard for a time. */
export class Silence {
  /** Never resolves. @throws JudgeEndedError */
  readonly broken: Promise<never>;
  #reject: (error: JudgeEndedError) => void = () => {};
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly who: string,
    readonly seconds: number = LONGEST_SILENCE,
  ) {
    this.broken = new Promise((_, reject) => {
      this.#reject = reject;
    });
    this.broken.catch(() => {}); // it may be too late for anyone to wait
    this.heard();
  }

  /** To be called whenever something is heard. */
  heard(): void {
    clearTimeout(this.#timer);
    const error = new JudgeEndedError(`${this.who} did not answer within ${this.seconds} s`);
    this.#timer = setTimeout(() => this.#reject(error), this.seconds * 1000);
  }

  /** To be called at the end. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
