/**
 * The error of threads that cannot be started.
 *
 * @module
 */

/** Threads are not available here. The message says why, and what to do; `cause` is what happened. */
export class ThreadsUnavailableError extends Error {
  override readonly name = 'ThreadsUnavailableError';
  constructor(reason: string, options?: ErrorOptions) {
    super(`threads: ${reason}`, options);
  }
}
