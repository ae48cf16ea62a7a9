/**
 * How this package treats a tfjs engine: how to load it, what must hold once tfjs has started it, and how
 * to see that it did the work.
 *
 * @module
 */

/** How to start an engine. Members stand in the order in which they are used. */
export interface Engine {
  /** The npm package that provides it. */
  readonly package: string;
  /** The command that gets it. Default: `npm install` of the package. */
  readonly command?: string;
  /** The name that tfjs registers it under. Default: its own. */
  readonly registered?: string;
  /** Imports its package, so that tfjs can start it, and switches off hand-offs to other engines. */
  load(): Promise<unknown>;
  /**
   * Called each time it has become tfjs's current engine.
   *
   * @param backend - tfjs's backend object
   * @throws EngineUnavailableError - if it runs on something other than its name promises
   */
  started?(backend: object): EngineWatch;
}

/** What can be seen of an engine's work. */
export interface EngineWatch {
  /** What it computes on, such as `SwiftShader driver 5.0.0 (software)`. */
  readonly adapter?: string;
  /** GPU programs run so far; only on a GPU engine. */
  readonly dispatches?: () => number;
  /** Resolves when all work so far is done. @throws GpuFaultError - if some of it failed */
  readonly settle?: () => Promise<void>;
}

/** An engine that has been made tfjs's current one. */
export interface LoadedEngine extends EngineWatch {
  readonly name: string;
  /** The name that tfjs knows it by: `tensorflow` for `tensorflow-gpu`, else its own. */
  readonly registered: string;
}
