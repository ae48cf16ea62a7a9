/**
 * A backend, asked with care: what it answers has the shape that the contract says, and it answers
 * in time.
 *
 * @module
 */

import type { Backend } from '../../spec/index.js';
import { STAGES } from '../../spec/index.js';
import { answeringInTime } from './answer-in-time.js';
import { checkAnswer } from './check-answer.js';

/** All members of the contract: one that is added must be listed, or it would be lost on the way. */
const MEMBERS = Object.keys({
  name: true,
  engine: true,
  adapter: true,
  supports: true,
  selectMinority: true,
  mineHardSamples: true,
  formTriplets: true,
  rectificationLoss: true,
  balancedLoss: true,
  tensorLoss: true,
  resources: true,
  dispatches: true,
  dispose: true,
} satisfies Record<keyof Backend, true>) as (keyof Backend)[];

/**
 * The same backend, guarded: a stage that answers in another shape fails with a TypeError, one that
 * does not answer within so many seconds, or `dispose`, with an UnansweredError.
 */
export function guarded(backend: Backend, seconds: number): Backend {
  const { gradient } = backend.supports;
  const members = MEMBERS.filter((key) => backend[key] !== undefined).map((key) => {
    const member = backend[key] as unknown;
    if (typeof member !== 'function') return [key, member];
    const stage = STAGES.find((name) => name === key);
    if (key === 'dispose') return [key, answeringInTime(key, member.bind(backend), seconds)];
    if (stage === undefined) return [key, member.bind(backend)];
    const ask = (...given: unknown[]) => {
      const answer = member.apply(backend, given);
      return typeof answer?.then === 'function'
        ? answer.then((settled: unknown) => checkAnswer(stage, settled, gradient))
        : checkAnswer(stage, answer, gradient);
    };
    return [key, answeringInTime(stage, ask, seconds)];
  });
  return Object.fromEntries(members);
}
