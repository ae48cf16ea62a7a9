/**
 * The error of an engine that is not available. No engine silently stands in for another.
 *
 * @module
 */

/** An engine is not available here. The message says how to get it, and `cause` what happened. */
export class EngineUnavailableError extends Error {
  override readonly name = 'EngineUnavailableError';
  constructor(
    readonly engine: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`engine ${engine}: ${reason}`, options);
  }
}
