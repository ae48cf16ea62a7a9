/**
 * class-rectification: the Class Rectification Loss, specified, verified and ready to train with.
 *
 * @module
 */
export type { DeviceBalancedLoss } from '../backends/tfjs/index.js';
export type { KnownFailure, Report, SuiteChoices } from '../properties/index.js';
export { type InputError, isInputError } from '../spec/index.js';
export { type Explanation, explain } from './explain.js';
export type { AlphaAt, AlphaSchedule } from './loss/alpha-schedule.js';
export {
  type ClassRectificationLoss,
  type ClassRectificationOptions,
  classRectificationLoss,
  type FeatureLoss,
} from './loss/class-rectification-loss.js';
export type { TrainableModel } from './loss/features-of-layer.js';
export type { WeightOptions } from './loss/loss-weight.js';
export { every, type StatisticsObserver, type StepStatistics } from './loss/step-statistics.js';
export { type TrainStep, type TrainStepOptions, trainStep } from './loss/train-step.js';
export { type LayersLoss, trainingLoss } from './loss/training-loss.js';
export { CannotTrainError } from './support/cannot-train-error.js';
export {
  type BackendPropertiesOptions,
  backendProperties,
  PropertyFailedError,
  type TestFunction,
} from './verify/backend-properties.js';
export { BackendError } from './verify/check-backend.js';
export { type VerifyChoices, type VerifyOptions, verify } from './verify/verify.js';
