/**
 * What an engine is to this package: how to load it, what must hold once tfjs started it, and how to
 * see that it did the work.
 *
 * @module
 */

/** How to get an engine running, in the order of the calls. */
export interface Engine {
  /** The npm package that brings it. */
  readonly package: string;
  /** The name that tfjs registers it under. Default: its own. */
  readonly registered?: string;
  /** Imports its package, so that tfjs can start it, and switches hand-offs to other engines off. */
  load(): Promise<unknown>;
  /**
   * Called whenever it has become tfjs's current engine.
   *
   * @param backend - tfjs's backend object
   * @throws EngineUnavailableError - if it started on something else than its name promises
   */
  started?(backend: object): EngineWatch;
}

/** What an engine tells about its work. */
export interface EngineWatch {
  /** What it computes on, such as `SwiftShader driver 5.0.0 (software)`. */
  readonly adapter?: string;
  /** GPU programs run so far; only on a GPU engine. */
  readonly dispatches?: () => number;
  /** Ends when all work so far is done. @throws GpuFaultError - if some of it failed */
  readonly settle?: () => Promise<void>;
}

/** An engine that is tfjs's current one. */
export interface LoadedEngine extends EngineWatch {
  readonly name: string;
  /** The name that tfjs knows it by: `tensorflow` for `tensorflow-gpu`, else its own. */
  readonly registered: string;
}
