/**
 * An answer that the protocol does not allow.
 *
 * @module
 */
import { shown } from '../../spec/rules.js';

/** What the process answered is not what the protocol asks for. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  constructor(where: string, expected: string, got: unknown) {
    super(`answer: ${where}: expected ${expected}, got ${shown(got)}`);
  }
}

/** The process of a backend failed, ended, or did not answer. Its cause is why it could not be started, if it could not. */
export class ProcessError extends Error {
  override readonly name: string = 'ProcessError';
}

/** The process of a backend did not answer in time: to ask again would take as long. */
export class NoAnswerError extends ProcessError {
  override readonly name = 'NoAnswerError';
}
