/**
 * α from step to step: a number, a line, the schedule of DCL or a function, after a warm-up of plain cross entropy.
 *
 * @module
 */

import { outOfRange, readAlpha, refuseUnknownFields, wrongType } from '../../spec/rules.js';

/** α of the training steps, counted from 0 after the warm-up: a function of the step, a line, or the schedule of DCL. */
export type AlphaSchedule = ((step: number) => number) | AlphaLine | DclSchedule;

/** A line from one α to another, which is reached after `steps` steps and kept. */
export interface AlphaLine {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
}

/**
 * The loss schedule of Dynamic Curriculum Learning (DCL, Wang et al., 2019, arXiv 1901.06783), which minimises
 * L_ce + f(l)·L_crl. With L steps in all, f(l) = (1 + cos(πl/L))/2 + ε for l < p·L, and f(l) = ε from there on.
 * α = f/(1+f) gives both losses the same proportion: L of Eq. 8 is then the loss of DCL divided by 1 + f.
 *
 * DCL counts l in epochs; here it is counted in steps, so that α also falls within an epoch.
 *
 * @example
 * ```ts
 * import { classRectificationLoss } from 'class-rectification';
 *
 * const alpha = { kind: 'dcl', steps: 1000 } as const;
 * const loss = classRectificationLoss({ attributes: [3], anchors: 'easy', alpha });
 * [0, 299, 300].map((step) => loss.alphaAt(step).toFixed(3)); // → ['0.502', '0.446', '0.010']
 * ```
 */
export interface DclSchedule {
  readonly kind: 'dcl';
  /** L: how many steps the training has, without those of the warm-up. */
  readonly steps: number;
  /** p in [0, 1]: the share of the steps after which f stays at its floor. Default 0.3. */
  readonly until?: number;
  /** ε ≥ 0, the least f. Default 0.01. */
  readonly floor?: number;
}

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
    const expected = "a number in [0, 1], a function of the step, a line, or the schedule { kind: 'dcl' }";
    wrongType('wrong-type', 'alpha', expected, schedule);
  }
  return 'kind' in schedule ? dcl(schedule) : line(schedule);
}

function line(schedule: AlphaLine): AlphaAt {
  refuseUnknownFields(schedule, ['from', 'to', 'steps'], 'alpha.');
  const from = readAlpha(schedule.from, 'alpha.from');
  const to = readAlpha(schedule.to, 'alpha.to');
  const { steps } = schedule;
  readSteps('alpha.steps', steps, 1);
  // a weighted mean of both ends: from + (to − from)·x may round past the end
  return (step) => (step < steps ? from * (1 - step / steps) + to * (step / steps) : to);
}

function dcl(schedule: DclSchedule): AlphaAt {
  refuseUnknownFields(schedule, ['kind', 'steps', 'until', 'floor'], 'alpha.');
  const { kind, steps, until = 0.3, floor = 0.01 } = schedule;
  if (kind !== 'dcl') outOfRange('option-out-of-range', 'alpha.kind', 'dcl', kind);
  readSteps('alpha.steps', steps, 1);
  readNumber('alpha.until', until, 'a number in [0, 1]', (x) => x >= 0 && x <= 1);
  readNumber('alpha.floor', floor, 'a finite number ≥ 0', (x) => x >= 0 && Number.isFinite(x));
  return (step) => {
    const falling = step < until * steps ? (1 + Math.cos((Math.PI * step) / steps)) / 2 : 0;
    const f = falling + floor;
    return f / (1 + f);
  };
}

function readNumber(where: string, given: unknown, expected: string, holds: (x: number) => boolean): void {
  if (typeof given !== 'number') wrongType('wrong-type', where, expected, given);
  if (!holds(given)) outOfRange('option-out-of-range', where, expected, given);
}

function readSteps(where: string, steps: unknown, least: number): void {
  const expected = `an integer ≥ ${least}`;
  if (typeof steps !== 'number') wrongType('wrong-type', where, expected, steps);
  if (!Number.isSafeInteger(steps) || steps < least)
    outOfRange('option-out-of-range', where, expected, steps);
}
