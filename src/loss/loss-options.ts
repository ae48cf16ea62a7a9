/**
 * The options of the loss, checked by name before anything is made of them.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { OPTION_NAMES, refuseUnknownFields, wrongType } from '../../spec/rules.js';

/** Every option of `classRectificationLoss`. */
const KNOWN = [
  'attributes',
  'encoding',
  'preset',
  'fromLogits',
  'trainingLabels',
  'imbalance',
  'eta',
  'alpha',
  'warmUp',
  ...OPTION_NAMES,
  'check',
  'backend',
  'observe',
] as const;

/**
 * Refuses options that are not an object, unknown options, and an invalid backend or observer.
 *
 * @throws InputTypeError, InputRangeError
 */
export function checkLossOptions(input: unknown): void {
  const expected = 'an object with attributes, such as { attributes: [10], alpha: 0.1 }';
  if (input instanceof tf.Tensor) {
    // model.compile({ loss: classRectificationLoss }) calls it with labels and scores
    const advice = `${expected}: give compile what classRectificationLoss({ … }) returns`;
    wrongType('wrong-type', 'options', advice, input);
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    wrongType('wrong-type', 'options', expected, input);
  }
  refuseUnknownFields(input, KNOWN);
  const { backend, observe } = input as { backend?: unknown; observe?: unknown };
  if (backend !== undefined) checkBackendOption(backend);
  if (observe !== undefined && typeof observe !== 'function')
    wrongType('wrong-type', 'options.observe', 'a function', observe);
}

function checkBackendOption(backend: unknown): void {
  const expected = 'a backend, an object with supports and balancedLoss';
  if (backend instanceof Promise)
    wrongType('wrong-type', 'options.backend', `${expected}: await it`, backend);
  if (typeof backend === 'function')
    wrongType('wrong-type', 'options.backend', `${expected}: call the function that makes it`, backend);
  const { supports, balancedLoss } = Object(backend) as { supports?: unknown; balancedLoss?: unknown };
  if (typeof supports !== 'object' || supports === null || typeof balancedLoss !== 'function')
    wrongType('wrong-type', 'options.backend', expected, backend);
}
