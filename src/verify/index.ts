/**
 * Verify a backend: the property suite, its reports and its soak, and a backend of your own as a loss.
 *
 * @module
 */
export * from '../../properties/index.js';
export { canTrain, trainableBackend, trainingLoss } from '../loss/training-loss.js';
export { CannotTrainError } from '../support/cannot-train-error.js';
export {
  type BackendPropertiesOptions,
  backendProperties,
  PropertyFailedError,
  type TestFunction,
} from './backend-properties.js';
export * from './certificate/index.js';
export { BackendError } from './check-backend.js';
export * from './report/index.js';
export type { BackendHead, Session, SessionJudgement } from './session.js';
export {
  type SoakedTarget,
  SoakFileError,
  type SoakOptions,
  type SoakState,
  type SoakTarget,
  soak,
} from './soak.js';
export { type VerifyOptions, verify } from './verify.js';
export type { VerifyChoices } from './verify-choices.js';
