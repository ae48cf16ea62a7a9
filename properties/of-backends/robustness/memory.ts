/**
 * Memory: the layout of the input does not matter, and nothing is leaked.
 *
 * @module
 */
import { bothForms, type Case, cases } from '../../cases/arbitraries.js';
import type { CaseCapabilities } from '../../cases/case-capabilities.js';
import { combined } from '../../cases/combined.js';
import { layoutOf, relaid } from '../../cases/layouts.js';
import { DIFFERENCES, inOneMemory } from '../../cases/one-memory.js';
import { halfTwice } from '../../cases/permute.js';
import { alternating } from '../../cases/planned.js';
import type { Way } from '../../coverage/index.js';
import { demand, demandCount, type Property, type Subject, type TrainingStep } from '../../property.js';
import { roundoff } from '../../tolerance/index.js';
import { transformed } from '../../transformation.js';
import { specWalk } from '../../walk.js';
import { hasMissingLabels, LABEL_TYPES } from '../training-checks.js';
import { demandSameResults, plainResults, runStages } from './stages.js';

/** So many calls in a row that a leak of one buffer per call cannot hide. */
const MANY_CALLS = 1000;

/** Of so many cases, one is asked once more after a batch of the same memory: the other layouts were tested before. */
const ONE_MEMORY_EVERY = 5;

/** The properties of memory. */
export const memory: readonly Property[] = [
  {
    id: 'layout-independent',
    stage: 'balancedLoss',
    source: 'contract: the arrays of a batch may have any strides and offset',
    claim:
      'Arrays that are transposed, strided or offset in memory give the same results as contiguous ones, also after a batch of the same memory that was read in another way.',
    required: true,
    cases: withSeveralMatrices,
    ways: (_, { shuffle }) => [layoutOf(shuffle).way, ...memoryWay(shuffle)],
    async check({ backend }, given) {
      const { batch, options, shuffle } = given;
      const walk = specWalk(given);
      const plain = (results: Parameters<typeof plainResults>[0]) =>
        plainResults(results, backend.supports.gradient);
      const straight = plain(await runStages(backend, batch, options, walk));
      const layouts = layoutOf(shuffle);
      const triplets = layouts.layout(0)(walk.triplets) as typeof walk.triplets;
      const moved = await runStages(backend, relaid(batch, layouts), options, { ...walk, triplets });
      const what = `results of arrays that are ${layouts.name}`;
      demandSameResults(what, plain(moved), straight, given, roundoff(backend.supports));
      const differs = differenceInMemory(shuffle);
      if (differs === undefined) return;
      const { other, same } = inOneMemory(batch, shuffle, differs);
      await backend.balancedLoss(other, options);
      await transformed(`a batch of the same memory was given before, of other ${differs}`, async () => {
        const again = await runStages(backend, same, options, walk);
        const after = 'results after another batch of the same memory';
        demandSameResults(after, plain(again), straight, given, roundoff(backend.supports));
      });
    },
  },
  {
    id: 'nothing-leaks',
    stage: 'balancedLoss',
    source: 'contract: resources',
    claim: 'A walk, or a step of training, leaves as many live tensors or buffers as there were before.',
    required: false,
    runs: (asked) => Math.ceil(asked / 3), // what leaks in one walk leaks in every walk of its kind
    inapplicable: countsNothing,
    cases: (supports) => cases(supports),
    ways: leakWays,
    async check(subject, given) {
      const before = resources(subject);
      await runStages(subject.backend, given.batch, given.options, specWalk(given));
      await subject.train?.(given.batch, given.options, leakingStep(given));
      const after = resources(subject);
      demand(after === before, 'live resources after a walk', before, after);
    },
  },
  {
    id: 'nothing-leaks-in-long-runs',
    stage: 'balancedLoss',
    source: 'contract: resources',
    claim: `After ${MANY_CALLS.toLocaleString('en')} calls there are as many live tensors or buffers as after the first.`,
    required: false,
    inapplicable: countsNothing,
    runs: () => 1,
    cases: (supports) => cases(supports, { samples: 8, blockEdges: false }),
    async check(subject, { batch, options }) {
      await subject.backend.balancedLoss(batch, options); // what is made once, in the first call, may stay
      const before = resources(subject);
      for (let call = 0; call < MANY_CALLS; call++) await subject.backend.balancedLoss(batch, options);
      const after = resources(subject);
      demand(after === before, `live resources after ${MANY_CALLS} calls`, before, after);
    },
  },
];

/** A step of training after which leaks are looked for. */
function leakingStep({ batch, options, shuffle }: Case): TrainingStep {
  const weights = new Array<number>(batch.size).fill(0.5);
  const observed = { observed: true, withoutAlpha: true };
  const steps = [
    {},
    { weights },
    observed,
    { evaluated: true },
    observed, // twice, since half of these steps are at instance level, which has slopes of its own to dispose of
    { before: [halfTwice(batch, shuffle)] },
    { beside: { batch: halfTwice(batch, shuffle), options, isSameLoss: true } },
  ];
  const labels = LABEL_TYPES[Math.floor(shuffle / steps.length) % LABEL_TYPES.length];
  return { ...steps[shuffle % steps.length], labels } as TrainingStep;
}

/** What is counted of such a step, if the backend trains. */
function leakWays({ backend: { supports }, train }: Subject, given: Case): Way[] {
  if (train === undefined) return [];
  const { observed = false, withoutAlpha = false, evaluated = false, weights, labels } = leakingStep(given);
  const isObserved = observed && supports.execution === 'tensor';
  const isInstance = given.options.level === 'instance';
  const found: Partial<Record<Way, boolean>> = {
    'leaks-step': true,
    'leaks-step-at-instance-level': isInstance,
    'leaks-step-evaluated': evaluated,
    'leaks-step-without-alpha': withoutAlpha,
    'leaks-step-observed': isObserved,
    'leaks-step-observed-at-instance-level': isObserved && isInstance,
    'leaks-step-of-bool-labels': labels === 'bool' && !hasMissingLabels(given.batch),
    'leaks-step-weighted': weights !== undefined && supports.perSample === true,
  };
  return (Object.keys(found) as Way[]).filter((way) => found[way]);
}

/** Ordinary batches, and in every fourth case one with features for each of several attributes. */
function withSeveralMatrices(supports: CaseCapabilities) {
  const ordinary = bothForms(supports);
  const several = combined(supports, {
    sizes: ['ordinary'],
    only: { attributes: ['several'], featuresBy: ['attribute'] },
  });
  return alternating(ordinary, ordinary, ordinary, several);
}

function countsNothing({ backend }: Subject): string | undefined {
  return backend.resources || backend.supports.execution === 'tensor'
    ? undefined
    : 'the backend holds no tensors and does not count its resources (contract: resources)';
}

function resources({ backend }: Subject): number {
  const { resources: count } = backend;
  demand(count !== undefined, 'resources', 'a count, of a backend that holds tensors', 'none');
  return demandCount('resources()', (count as () => unknown)());
}

/** In what the batch differs from one of the same memory that was given before; undefined if none was. */
function differenceInMemory(shuffle: number): (typeof DIFFERENCES)[number] | undefined {
  if (shuffle % ONE_MEMORY_EVERY !== 0) return undefined;
  return DIFFERENCES[Math.floor(shuffle / ONE_MEMORY_EVERY) % DIFFERENCES.length];
}

function memoryWay(shuffle: number): Way[] {
  const differs = differenceInMemory(shuffle);
  return differs === undefined ? [] : [`memory-of-other-${differs}`];
}
