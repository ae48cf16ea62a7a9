/**
 * class-rectification: the Class Rectification Loss, specified, verified and ready to train with.
 *
 * @module
 */
export type { DeviceBalancedLoss } from '../backends/tfjs/index.js';
export type { KnownFailure, Report, SuiteChoices } from '../properties/index.js';
export { type InputError, isInputError } from '../spec/index.js';
export type { AlphaAt, AlphaSchedule } from './alpha-schedule.js';
export {
  type BackendPropertiesOptions,
  backendProperties,
  PropertyFailedError,
  type TestFunction,
} from './backend-properties.js';
export { BackendError } from './check-backend.js';
export {
  type ClassRectificationLoss,
  type ClassRectificationOptions,
  classRectificationLoss,
  type FeatureLoss,
} from './class-rectification-loss.js';
export { type Explanation, explain } from './explain.js';
export type { TrainableModel } from './features-of-layer.js';
export type { WeightOptions } from './loss-weight.js';
export { every, type StatisticsObserver, type StepStatistics } from './statistics.js';
export { type TrainStep, type TrainStepOptions, trainStep } from './train-step.js';
export { CannotTrainError, type LayersLoss, trainingLoss } from './training-loss.js';
export { type VerifyChoices, type VerifyOptions, verify } from './verify.js';
