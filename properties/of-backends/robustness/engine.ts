/**
 * The engine: a backend that claims to run on a GPU must run there.
 *
 * @module
 */
import { cases } from '../../cases/arbitraries.js';
import { demand, demandCount, type Property, type Subject } from '../../property.js';

/** The properties of engines. */
export const engine: readonly Property[] = [
  {
    id: 'runs-on-its-engine',
    stage: 'balancedLoss',
    source: 'contract: dispatches',
    claim: 'On a GPU engine, every walk and every step of training runs programs on the GPU.',
    required: false,
    inapplicable: ({ backend }: Subject) =>
      backend.dispatches ? undefined : 'the backend does not run on a GPU engine (contract: dispatches)',
    cases: (supports) => cases(supports, { samples: 8, blockEdges: false }),
    async check({ backend, train }, { batch, options }) {
      const count = () => demandCount('dispatches()', backend.dispatches?.());
      const before = count();
      await backend.balancedLoss(batch, options);
      const after = count();
      demand(after > before, 'GPU programs run in a walk', 'at least 1', after - before);
      if (train === undefined || options.level !== 'class') return;
      await train(batch, options);
      const trained = count();
      demand(trained > after, 'GPU programs run in a step of training', 'at least 1', trained - after);
    },
  },
];
