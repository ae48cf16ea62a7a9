/**
 * α from step to step: a number, a line or a function, after a warm-up of plain cross entropy.
 *
 * @module
 */

import { outOfRange, readAlpha, refuseUnknownFields, wrongType } from '../../spec/rules.js';

/**
 * α of the training steps, counted from 0 after the warm-up: a function of the step, or a line from one α to
 * another, which is reached after `steps` steps and kept.
 */
export type AlphaSchedule =
  | ((step: number) => number)
  | { readonly from: number; readonly to: number; readonly steps: number };

/** α of a training step, counted from 0. */
export type AlphaAt = (step: number) => number;

/**
 * α of every step.
 *
 * @param alpha - a number, or a schedule
 * @param warmUp - steps of plain cross entropy, α 0, before the schedule begins. Default 0
 * @throws InputTypeError, InputRangeError - now, and in a step for which the function returns no valid α
 */
export function alphaAt(alpha: number | AlphaSchedule, warmUp = 0): AlphaAt {
  readSteps('warmUp', warmUp, 0);
  const afterWarmUp = typeof alpha === 'number' ? constant(readAlpha(alpha, 'alpha')) : scheduled(alpha);
  return (step) => {
    readSteps('alphaAt(step)', step, 0);
    return step < warmUp ? 0 : afterWarmUp(step - warmUp);
  };
}

const constant = (alpha: number): AlphaAt => {
  return () => alpha;
};

function scheduled(schedule: AlphaSchedule): AlphaAt {
  if (typeof schedule === 'function') return (step) => readAlpha(schedule(step), `alpha(${step})`);
  if (typeof schedule !== 'object' || schedule === null) {
    wrongType('wrong-type', 'alpha', 'a number in [0, 1], a function of the step, or a line', schedule);
  }
  refuseUnknownFields(schedule, ['from', 'to', 'steps'], 'alpha.');
  const from = readAlpha(schedule.from, 'alpha.from');
  const to = readAlpha(schedule.to, 'alpha.to');
  const { steps } = schedule;
  readSteps('alpha.steps', steps, 1);
  // a weighted mean of both ends: from + (to − from)·x may round past the end
  return (step) => (step < steps ? from * (1 - step / steps) + to * (step / steps) : to);
}

function readSteps(where: string, steps: unknown, least: number): void {
  const expected = `an integer ≥ ${least}`;
  if (typeof steps !== 'number') wrongType('wrong-type', where, expected, steps);
  if (!Number.isSafeInteger(steps) || steps < least)
    outOfRange('option-out-of-range', where, expected, steps);
}
