/**
 * Robustness: a backend leaves its input as it was, answers the same twice, and keeps nothing.
 *
 * @module
 */
import type { BalancedLoss } from '../spec/index.js';
import { type Case, cases } from './arbitraries.js';
import { demand, demandSame, type Property, type Subject } from './property.js';
import { entries, plainAnchors, plainSelection, specWalk, type Walk } from './walk.js';

/** The properties of robustness. */
export const robustness: readonly Property[] = [
  {
    id: 'input-unchanged',
    stage: 'balancedLoss',
    source: 'contract: arguments must not be written to',
    claim: 'No stage writes to the batch, the options or the results of earlier stages.',
    required: true,
    cases: (supports) => cases(supports),
    async check(subject, given) {
      const walk = specWalk(given);
      const before = snapshot(given, walk);
      await runAllStages(subject, given, walk);
      demandSame('what the backend was given', snapshot(given, walk), before);
    },
  },
  {
    id: 'results-unaliased',
    stage: 'balancedLoss',
    source: 'contract: results never alias scratch memory',
    claim: 'A result stays as it was when the backend is called again, and the same call gives it again.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, { batch, options }) {
      const slopes = (of: BalancedLoss) => (backend.supports.gradient ? entries(of.gradient) : []);
      const first = await backend.balancedLoss(batch, options);
      const gradient = slopes(first);
      const other = { ...options, alpha: 1 - options.alpha, kappa: options.kappa + 1 };
      await backend.balancedLoss(batch, other);
      demandSame('gradient after another call', slopes(first), gradient);
      const again = await backend.balancedLoss(batch, options);
      demandSame('the same call again', [again.loss, slopes(again)], [first.loss, gradient]);
    },
  },
  {
    id: 'nothing-leaks',
    stage: 'balancedLoss',
    source: 'contract: resources',
    claim: 'The number of live tensors or buffers is the same after a walk as before.',
    required: true,
    inapplicable: ({ backend }) =>
      backend.resources || backend.supports.execution === 'tensor'
        ? undefined
        : 'the backend holds no tensors and does not count its resources (contract: resources)',
    cases: (supports) => cases(supports),
    async check(subject, given) {
      demand(
        subject.backend.resources !== undefined,
        'resources',
        'a count, of a backend that holds tensors',
        'none',
      );
      const resources = () => subject.backend.resources?.() as number;
      const before = resources();
      await runAllStages(subject, given, specWalk(given));
      if (given.options.level === 'class') await subject.train?.(given.batch, given.options);
      const after = resources();
      demand(after === before, 'live resources after a walk', before, after);
    },
  },
];

async function runAllStages({ backend }: Subject, { batch, options }: Case, walk: Walk): Promise<void> {
  await backend.selectMinority?.(batch, options);
  await backend.mineHardSamples?.(batch, walk.selection, options);
  await backend.formTriplets?.(walk.hard, options);
  await backend.rectificationLoss?.(batch, walk.hard, walk.triplets, options);
  await backend.balancedLoss(batch, options);
}

function snapshot({ batch, options }: Case, { selection, hard, triplets }: Walk): unknown {
  return [
    entries(batch.membership),
    entries(batch.labelled),
    entries(batch.scores),
    batch.features?.matrices.map(entries) ?? [],
    batch.columns,
    options,
    plainSelection(selection),
    plainAnchors(hard),
    entries(triplets),
  ];
}
