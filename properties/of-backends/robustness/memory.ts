/**
 * Memory: the layout of the input does not matter, and nothing is leaked.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import type { Batch } from '../../../spec/index.js';
import { bothForms, type Case, cases } from '../../cases/arbitraries.js';
import type { Way } from '../../coverage/index.js';
import { demand, demandCount, type Property, type Subject, type TrainingStep } from '../../property.js';
import { roundoff } from '../../tolerance/index.js';
import { specWalk } from '../../walk.js';
import { demandSameResults, plainResults, runStages } from './stages.js';

/** So many calls in a row that a leak of one buffer per call cannot hide. */
const MANY_CALLS = 1000;

/** The properties of memory. */
export const memory: readonly Property[] = [
  {
    id: 'layout-independent',
    stage: 'balancedLoss',
    source: 'contract: the arrays of a batch may have any strides and offset',
    claim:
      'Arrays that are transposed, strided or offset in memory give the same results as contiguous ones.',
    required: true,
    runs: (asked) => Math.ceil(0.75 * asked), // two walks per case, but there are many layouts
    cases: bothForms,
    ways: (_, { shuffle }) => [layoutOf(shuffle).way],
    async check({ backend }, given) {
      const { batch, options, shuffle } = given;
      const walk = specWalk(given);
      const plain = (results: Parameters<typeof plainResults>[0]) =>
        plainResults(results, backend.supports.gradient);
      const straight = plain(await runStages(backend, batch, options, walk));
      const { name, layout } = layoutOf(shuffle);
      const triplets = layout(0)(walk.triplets) as typeof walk.triplets;
      const moved = await runStages(backend, relaid(batch, layout), options, { ...walk, triplets });
      const what = `results of ${name} arrays`;
      demandSameResults(what, plain(moved), straight, given, roundoff(backend.supports));
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
function leakingStep({ batch, shuffle }: Case): TrainingStep {
  const weights = new Array<number>(batch.size).fill(0.5);
  const steps = [{}, { weights }, { observed: true, withoutAlpha: true }, { evaluated: true }];
  return steps[shuffle % steps.length] as TrainingStep;
}

/** What is counted of such a step, if the backend trains. */
function leakWays({ backend: { supports }, train }: Subject, given: Case): Way[] {
  if (train === undefined) return [];
  const { observed = false, withoutAlpha = false, evaluated = false, weights } = leakingStep(given);
  const isObserved = observed && supports.execution === 'tensor';
  const isInstance = given.options.level === 'instance';
  const found: Partial<Record<Way, boolean>> = {
    'leaks-step': true,
    'leaks-step-at-instance-level': isInstance,
    'leaks-step-evaluated': evaluated,
    'leaks-step-without-alpha': withoutAlpha,
    'leaks-step-observed': isObserved,
    'leaks-step-observed-at-instance-level': isObserved && isInstance,
    'leaks-step-weighted': weights !== undefined && supports.perSample === true,
  };
  return (Object.keys(found) as Way[]).filter((way) => found[way]);
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

/** Copies an array into another layout. */
type Layout = (array: NdArray) => NdArray;

/** The layouts of a case's arrays, and as what they are counted. */
interface Layouts {
  readonly name: string;
  readonly way: Way;
  /** The layout of array `at`. */
  readonly layout: (at: number) => Layout;
}

/** One layout for all arrays of a case; or a layout for each, so that no array can be read by the strides of another. */
function layoutOf(shuffle: number): Layouts {
  const drawn = DRAWN[shuffle % DRAWN.length] as (typeof DRAWN)[number];
  if (drawn === 'mixed') {
    const first = Math.floor(shuffle / DRAWN.length);
    const layout = (at: number) =>
      (LAYOUTS[(first + at) % LAYOUTS.length] as (typeof LAYOUTS)[number]).layout;
    return { name: 'differently laid out', way: 'layout-mixed', layout };
  }
  const { way, layout } = LAYOUTS[drawn] as (typeof LAYOUTS)[number];
  return { name: layout.name, way, layout: () => layout };
}

const LAYOUTS: readonly { readonly way: Way; readonly layout: Layout }[] = [
  {
    way: 'layout-transposed',
    layout: function transposed(array) {
      const [rows, columns] = array.shape as [number, number];
      return laid(array, rows * columns, [1, rows], 0);
    },
  },
  {
    way: 'layout-spread-out',
    layout: function spreadOut(array) {
      const [rows, columns] = array.shape as [number, number];
      return laid(array, rows * columns * 6, [3 * columns, 2], 0);
    },
  },
  {
    way: 'layout-offset',
    layout: function offset(array) {
      const [rows, columns] = array.shape as [number, number];
      return laid(array, rows * columns + 5, [columns, 1], 5);
    },
  },
  {
    way: 'layout-reversed',
    layout: function reversed(array) {
      const [rows, columns] = array.shape as [number, number];
      return laid(array, rows * columns, [-columns, 1], Math.max(0, rows - 1) * columns);
    },
  },
];

/** Every third case is transposed, since code of its own often handles arrays in column order; in as many, layouts differ. */
const DRAWN = [0, 1, 'mixed', 0, 2, 'mixed', 0, 3, 'mixed'] as const;

/** The memory between the entries holds a number that is no score and no label. */
const BETWEEN = 77;

function laid(array: NdArray, length: number, stride: [number, number], start: number): NdArray {
  const [rows, columns] = array.shape as [number, number];
  const memory = new (array.data.constructor as Float64ArrayConstructor)(Math.max(length, 1)).fill(BETWEEN);
  const copy = ndarray(memory, [rows, columns], stride, start);
  for (let i = 0; i < rows; i++) for (let c = 0; c < columns; c++) copy.set(i, c, array.get(i, c));
  return copy;
}

function relaid(batch: Batch, layout: Layouts['layout']): Batch {
  const { features } = batch;
  const matrices = features?.matrices.map((m, j) => layout(3 + j)(m) as Batch['scores']);
  return {
    ...batch,
    membership: layout(0)(batch.membership) as Batch['membership'],
    labelled: layout(1)(batch.labelled) as Batch['labelled'],
    scores: layout(2)(batch.scores) as Batch['scores'],
    ...(features && matrices ? { features: { ...features, matrices } } : {}),
  };
}
