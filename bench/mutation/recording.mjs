import { fingerprint } from './fingerprint.mjs';

/** The operations of a backend whose calls are recorded and repeated on every mutant. */
const STAGES = ['selectMinority', 'mineHardSamples', 'formTriplets', 'rectificationLoss', 'balancedLoss'];

/** Other members of a backend. A property that uses them judges more than single answers. */
const BEYOND_ANSWERS = ['tensorLoss', 'resources', 'dispatches'];

/**
 * A call that a property made to the right backend: its arguments, their fingerprint before the call, and a
 * fingerprint of the answer.
 *
 * @typedef {{ stage: string, given: unknown[], before: number, answer: number }} Call
 */

/**
 * Runs a property and records every call.
 *
 * @param {import('../../spec/index.js').Backend} backend
 * @param {(backend: object) => Promise<string | undefined>} failureOf
 * @returns {Promise<{ calls: Call[], replayable: boolean, failure: string | undefined }>} `replayable` is
 * false if the property looks at more than the answers of single calls
 */
export async function record(backend, failureOf) {
  /** @type {Call[]} */
  const calls = [];
  let replayable = true;
  let pending = 0;
  const watched = { ...backend };
  for (const name of BEYOND_ANSWERS) {
    if (typeof backend[name] !== 'function') continue;
    watched[name] = (...given) => {
      replayable = false;
      return backend[name](...given);
    };
  }
  for (const stage of STAGES) {
    if (typeof backend[stage] !== 'function') continue;
    watched[stage] = (...given) => {
      const before = fingerprint(given);
      if (pending > 0) replayable = false;
      const keep = (answer) => calls.push({ stage, given, before, answer: fingerprint(answer) });
      let answer;
      try {
        answer = backend[stage](...given);
      } catch (error) {
        keep(error);
        throw error;
      }
      if (typeof answer?.then !== 'function') {
        keep(answer);
        return answer;
      }
      pending += 1;
      return answer.then(
        (settled) => {
          pending -= 1;
          keep(settled);
          return settled;
        },
        (error) => {
          pending -= 1;
          keep(error);
          throw error;
        },
      );
    };
  }
  const failure = await failureOf(watched);
  return { calls: replayable ? calls : [], replayable, failure };
}

/**
 * Repeats recorded calls on a backend.
 *
 * @returns {Promise<'same' | 'other' | 'wrote'>} whether every answer is the same to the last bit; `wrote` if
 * the backend wrote to its arguments or to an earlier answer
 */
export async function replay(backend, calls, onCall = () => {}) {
  let last;
  for (const { stage, given, before, answer } of calls) {
    onCall();
    const found = await answerOf(backend, stage, given);
    if (fingerprint(given) !== before) return 'wrote';
    if (last !== undefined && fingerprint(last.found) !== last.answer) return 'wrote';
    if (fingerprint(found) !== answer) return 'other';
    last = { found, answer };
  }
  return 'same';
}

async function answerOf(backend, stage, given) {
  try {
    return await backend[stage](...given);
  } catch (error) {
    return error;
  }
}
