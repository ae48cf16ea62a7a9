/**
 * What is known of an engine that was tried.
 *
 * @module
 */

/**
 * What is known of an engine.
 *
 * - `works`: what it computed is right.
 * - `missing`: a package is not installed; `reason` is the command that gets it.
 * - `unavailable`: this machine lacks what it computes on, such as a GPU.
 * - `broken`: it is installed, and does not load, crashes, or computes wrongly.
 */
export type EngineState = 'works' | 'missing' | 'unavailable' | 'broken';

/** What the process of an engine answers. */
export interface CheckAnswer {
  readonly state: EngineState;
  /** Why it does not work, or the command that gets it. */
  readonly reason?: string;
  /** What it computes on. */
  readonly device?: string;
  readonly version?: string;
  /** Products of two matrices of 256×256 in one second, read back; of tfjs in Node only. */
  readonly products?: number;
}
