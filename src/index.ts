/**
 * class-rectification: the Class Rectification Loss, ready to train with.
 *
 * Other entries: `verify` judges a backend, `explain` walks a batch, `spec` is the executable
 * specification.
 *
 * @module
 */
export type { DeviceFindings } from '../backends/tfjs/walk.js';
export {
  type InputError,
  type InputErrorCode,
  type InputErrorDetail,
  InputRangeError,
  InputTypeError,
  isInputError,
} from '../spec/rules.js';
export type { AlphaAt, AlphaLine, AlphaSchedule, DclSchedule } from './loss/alpha-schedule.js';
export {
  type ClassRectificationLoss,
  type ClassRectificationOptions,
  classRectificationLoss,
} from './loss/class-rectification-loss.js';
export type { TrainableModel } from './loss/features-of-layer.js';
export type { WeightOptions } from './loss/loss-weight.js';
export { every, type StatisticsObserver, type StepStatistics } from './loss/step-statistics.js';
export { type StepWeights, type TrainStep, type TrainStepOptions, trainStep } from './loss/train-step.js';
export { CannotTrainError } from './support/cannot-train-error.js';
export type { CheckLabels, SampleWeights } from './support/loss-input/loss-inputs.js';
