/** A backend that cannot be used as a training loss; the message says why. */
export class CannotTrainError extends Error {
  override readonly name = 'CannotTrainError';
}
