/**
 * Why an engine could not be installed.
 *
 * @module
 */

/** An engine could not be installed. The message says why, and how to go on. */
export class EngineInstallError extends Error {
  override readonly name = 'EngineInstallError';
}
