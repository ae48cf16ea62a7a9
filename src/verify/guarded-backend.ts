/**
 * A backend whose answers are checked: they have the shape that the contract demands, and come in time.
 *
 * @module
 */

import type { Backend } from '../../spec/index.js';
import { STAGES } from '../../spec/index.js';
import { type Asking, answeringInTime, watched } from './answer-in-time.js';
import { checkAnswer } from './check-answer.js';

/** All members of the contract. The type makes sure that a new member is listed, and so not dropped here. */
const MEMBERS = Object.keys({
  name: true,
  engine: true,
  adapter: true,
  versions: true,
  supports: true,
  selectMinority: true,
  mineHardSamples: true,
  formTriplets: true,
  rectificationLoss: true,
  balancedLoss: true,
  tensorLoss: true,
  train: true,
  lossOnReplicas: true,
  resources: true,
  dispatches: true,
  dispose: true,
} satisfies Record<keyof Backend, true>) as (keyof Backend)[];

/**
 * The same backend, guarded: a stage that answers in another shape fails with a TypeError; a stage or `dispose`
 * that does not answer in time fails with an UnansweredError.
 */
export function guarded(backend: Backend, asking: Asking): Backend {
  const { gradient } = backend.supports;
  const members = MEMBERS.filter((key) => backend[key] !== undefined).map((key) => {
    const member = backend[key] as unknown;
    if (typeof member !== 'function') return [key, member];
    const stage = STAGES.find((name) => name === key);
    if (key === 'dispose' || key === 'lossOnReplicas')
      return [key, answeringInTime(key, member.bind(backend), asking)];
    if (stage === undefined)
      return [key, (...given: unknown[]) => watched(asking.watch, key, () => member.apply(backend, given))];
    const ask = (...given: unknown[]) => {
      const answer = member.apply(backend, given);
      return typeof answer?.then === 'function'
        ? Promise.resolve(answer).then((settled: unknown) => checkAnswer(stage, settled, gradient))
        : checkAnswer(stage, answer, gradient);
    };
    return [key, answeringInTime(stage, ask, asking)];
  });
  return Object.fromEntries(members);
}
