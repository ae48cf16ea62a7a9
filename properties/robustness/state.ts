/**
 * State: a backend leaves its input as it was, and calls leave no trace in each other.
 *
 * @module
 */
import type { BalancedOptions } from '../../spec/index.js';
import { checkParts } from '../agreement.js';
import { type Case, cases } from '../arbitraries.js';
import { permutation, permuteSamples } from '../permute.js';
import { demandSame, type Property } from '../property.js';
import { roundoff } from '../tolerance.js';
import { specWalk } from '../walk.js';
import { plainGiven, plainResults, runStages } from './stages.js';

/** The properties of state. */
export const state: readonly Property[] = [
  {
    id: 'input-unchanged',
    stage: 'balancedLoss',
    source: 'contract: arguments must not be written to',
    claim: 'No stage writes to the batch, the options or the results of earlier stages.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, given) {
      const walk = specWalk(given);
      const before = plainGiven(given, walk);
      await runStages(backend, given.batch, given.options, walk);
      demandSame('what the backend was given', plainGiven(given, walk), before);
    },
  },
  {
    id: 'results-unaliased',
    stage: 'balancedLoss',
    source: 'contract: results never alias scratch memory',
    claim: 'A result stays as it was when the backend is called again, and the same call gives it again.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, given) {
      const { batch, options } = given;
      const plain = (results: Parameters<typeof plainResults>[0]) =>
        plainResults(results, backend.supports.gradient);
      const walk = specWalk(given);
      const first = await runStages(backend, batch, options, walk);
      const before = plain(first);
      const other = otherOptions(options);
      // one anchor less, and the rest from the back: memory that is used again now holds something else
      const hard = { anchors: [...walk.hard.anchors].reverse().slice(1) };
      const elsewhere = permuteSamples(batch, permutation(batch.size, given.shuffle));
      const moved = specWalk({ batch: elsewhere, options: other });
      await runStages(backend, elsewhere, other, { ...moved, hard });
      demandSame('results after other calls', plain(first), before);
      demandSame('the same calls again', plain(await runStages(backend, batch, options, walk)), before);
    },
  },
  {
    id: 'options-heeded',
    stage: 'balancedLoss',
    source: 'contract: every call stands by itself',
    claim: 'The same batch with other options gives what those options ask for.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, { batch, options, shuffle }) {
      await backend.balancedLoss(batch, options);
      const other = otherOptions(options);
      const got = await backend.balancedLoss(batch, other);
      checkParts({ batch, options: other, shuffle }, got, roundoff(backend.supports));
    },
  },
  {
    id: 'calls-independent',
    stage: 'balancedLoss',
    source: 'contract: every call stands by itself',
    claim: 'Calls in any order, and several at once, give what each gives alone.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, given) {
      const all: Pick<Case, 'batch' | 'options'>[] = [
        given,
        { batch: given.batch, options: otherOptions(given.options) },
        {
          batch: permuteSamples(given.batch, permutation(given.batch.size, given.shuffle)),
          options: given.options,
        },
      ];
      const call = async ({ batch, options }: Pick<Case, 'batch' | 'options'>) =>
        plainResults({ balanced: await backend.balancedLoss(batch, options) }, backend.supports.gradient);
      const alone: unknown[] = [];
      for (const one of all) alone.push(await call(one));
      demandSame('calls at once', await Promise.all(all.map(call)), alone);
      const backwards: unknown[] = [];
      for (const one of [...all].reverse()) backwards.unshift(await call(one));
      demandSame('calls in the opposite order', backwards, alone);
    },
  },
];

/** Another κ and another α. */
function otherOptions(options: BalancedOptions): BalancedOptions {
  const alpha = options.alpha === 0.5 ? 0.25 : 1 - options.alpha;
  return { ...options, alpha, kappa: options.kappa === 1 ? 2 : options.kappa - 1 };
}
