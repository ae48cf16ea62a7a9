import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import type { BalancedOptions, Batch, Capabilities } from '../../spec/index.js';
import type { Case } from '../cases/arbitraries.js';
import { properties } from '../of-backends/index.js';
import type { Property, Subject, TrainingStep } from '../property.js';
import { rightly } from '../wrong-backends/training.js';
import { canMeet, conditions, type Way } from './index.js';

const ABLE = { execution: 'tensor', perSample: true, sharding: 'global' } as const;

/** A right backend that trains, and that others are told of its calls. */
function subject(supports: Partial<Capabilities> = ABLE): Subject {
  const backend = { ...referenceBackend(), resources: () => 0 };
  return {
    backend: { ...backend, supports: { ...backend.supports, ...supports } },
    train: async (batch, options, { weights } = {}) => rightly(batch, options, weights),
  };
}

const named = (id: string) => properties.find((property) => property.id === id) as Property;
const drawn = ({ cases }: Property, numRuns: number, seed = 1) =>
  fc.sample(cases(subject().backend.supports), { seed, numRuns });

/** In how many of the cases a property tells each way. */
function told({ ways }: Property, cases: readonly Case[]): Partial<Record<Way, number>> {
  const counts: Partial<Record<Way, number>> = {};
  for (const given of cases)
    for (const way of ways?.(subject(), given) ?? []) counts[way] = (counts[way] ?? 0) + 1;
  return counts;
}

describe('ways of asking', () => {
  const ways = conditions.filter(({ aspect }) => aspect !== undefined);

  it('are told by the properties that are said to tell them, and by no other', () => {
    for (const property of properties) {
      const found = Object.keys(told(property, property.ways ? drawn(property, 30) : []));
      const may = ways.filter((way) => canMeet(way, property)).map(({ id }) => id);
      expect(found.filter((id) => !may.includes(id), property.id)).toEqual([]);
      expect(property.ways !== undefined, property.id).toBe(may.length > 0);
    }
  });

  it('name properties that exist', () => {
    const ids = properties.map(({ id }) => id);
    for (const { by = [], needs = [] } of ways)
      expect(ids).toEqual(expect.arrayContaining([...by, ...needs]));
  });

  it('are each told by some property', () => {
    const all = properties.filter((property) => property.ways && !/at-scale/.test(property.id));
    const found = new Set(all.flatMap((property) => Object.keys(told(property, drawn(property, 150)))));
    expect(ways.map(({ id }) => id).filter((id) => !found.has(id))).toEqual([]);
  });

  it('leaves out what a backend does not do', () => {
    const leaks = named('nothing-leaks');
    const cases = drawn(leaks, 40);
    const of = (one: Subject) => new Set(cases.flatMap((given) => [...(leaks.ways?.(one, given) ?? [])]));
    expect(of(subject())).toContain('leaks-step-observed');
    expect(of(subject())).toContain('leaks-step-weighted');
    expect(of(subject({ execution: 'sync' }))).not.toContain('leaks-step-observed');
    expect(of(subject({ ...ABLE, perSample: false }))).not.toContain('leaks-step-weighted');
    expect(of({ backend: subject().backend })).toEqual(new Set());
  });
});

/** A call of `balancedLoss` as a backend sees it: the objects, and a copy of what they held. */
interface Call {
  readonly batch: Batch;
  readonly options: BalancedOptions;
  readonly held: { readonly labels: number[]; readonly scores: number[]; readonly features: number[] };
  readonly choices: string;
}

function callOf(batch: Batch, options: BalancedOptions): Call {
  const held = {
    labels: [...batch.membership.data, ...batch.labelled.data],
    scores: [...batch.scores.data],
    features: batch.features?.matrices.flatMap(({ data }) => [...data]) ?? [],
  };
  return { batch, options, held, choices: JSON.stringify(options) };
}

/** The calls that a property makes of each case. */
async function logged(property: Property, cases: readonly Case[]): Promise<Call[][]> {
  const right = subject();
  const all: Call[][] = [];
  for (const given of cases) {
    const calls: Call[] = [];
    const balancedLoss: typeof right.backend.balancedLoss = (batch, options) => {
      calls.push(callOf(batch, options));
      return right.backend.balancedLoss(batch, options);
    };
    await property.check({ ...right, backend: { ...right.backend, balancedLoss } }, given);
    all.push(calls);
  }
  return all;
}

/** The calls of a case one after the other, in pairs. */
const steps = (calls: readonly Call[]) =>
  calls.slice(1).map((next, at) => [calls[at] as Call, next] as const);
const differs = (one: unknown, other: unknown) => JSON.stringify(one) !== JSON.stringify(other);

describe('what is counted of state is what a backend sees', () => {
  it('of arrays and options that are written to', async () => {
    const property = named('refilled-batch-heeded');
    const cases = drawn(property, 80);
    const seen = { arrays: 0, 'new-batch': 0, options: 0 };
    for (const calls of await logged(property, cases)) {
      for (const [first, next] of steps(calls)) {
        const isSameMemory = first.batch.scores.data === next.batch.scores.data;
        if (first.options === next.options && first.choices !== next.choices) seen.options += 1;
        else if (isSameMemory) seen[first.batch === next.batch ? 'arrays' : 'new-batch'] += 1;
      }
    }
    expect(seen).toEqual({
      arrays: told(property, cases)['arrays-refilled'],
      'new-batch': told(property, cases)['arrays-refilled-in-a-new-batch'],
      options: told(property, cases)['options-refilled'],
    });
  });

  it('of options that change while a batch stays', async () => {
    const property = named('options-heeded');
    const cases = drawn(property, 150);
    const found: Partial<Record<Way, number>> = {};
    const wayOf = {
      kappa: 'kappa-changes',
      rho: 'rho-changes',
      bins: 'bins-change',
    };
    const more = {
      range: 'range-changes',
      comparison: 'comparison-changes',
      level: 'level-changes',
      anchors: 'anchors-change',
    };
    for (const calls of await logged(property, cases)) {
      for (const [first, next] of steps(calls)) {
        expect(next.batch).toBe(first.batch);
        const names = Object.keys(next.options) as (keyof BalancedOptions)[];
        const [name, ...rest] = names.filter((key) => differs(first.options[key], next.options[key]));
        expect(rest).toEqual([]);
        const change = Math.abs(next.options.alpha - first.options.alpha);
        const ofAlpha = change < 2 ** -9 ? 'alpha-changes-slightly' : 'alpha-changes';
        const { margin } = first.options;
        const ofMargin =
          margin.length > 1 && margin[0] === next.options.margin[0]
            ? 'last-margin-changes'
            : 'margin-changes';
        const ofOne: Readonly<Record<string, string>> = { alpha: ofAlpha, margin: ofMargin };
        const way = ofOne[name as string] ?? { ...wayOf, ...more }[name as keyof typeof wayOf];
        found[way as Way] = (found[way as Way] ?? 0) + 1;
      }
    }
    const { 'state-of-60-samples': large, ...ways } = told(property, cases);
    expect(found).toEqual(ways);
    expect(large).toBe(cases.filter(({ batch }) => batch.size >= 60).length);
  });

  it('of labels, scores and features that change while the others stay', async () => {
    const property = named('batch-parts-heeded');
    const cases = drawn(property, 80).filter(({ batch }) => batch.size > 1);
    const found = { labels: 0, scores: 0, features: 0 };
    for (const calls of await logged(property, cases)) {
      for (const [first, next] of steps(calls)) {
        if (first.batch.membership !== next.batch.membership) found.labels += 1;
        if (first.batch.scores !== next.batch.scores && next.batch.scored) found.scores += 1;
        const isRead = next.options.level === 'instance';
        if (first.batch.features !== next.batch.features && isRead) found.features += 1;
      }
    }
    expect(found).toEqual({
      labels: told(property, cases)['labels-change'],
      scores: told(property, cases)['scores-change'],
      features: told(property, cases)['features-change'],
    });
  });

  it('of calls that wait at once', async () => {
    const property = named('calls-independent');
    const cases = drawn(property, 12);
    const right = subject();
    let [waiting, most] = [0, 0];
    const mosts: number[] = [];
    for (const given of cases) {
      [waiting, most] = [0, 0];
      const balancedLoss: typeof right.backend.balancedLoss = async (batch, options) => {
        waiting += 1;
        most = Math.max(most, waiting);
        await new Promise(setImmediate);
        waiting -= 1;
        return right.backend.balancedLoss(batch, options);
      };
      const execution = 'async' as const;
      const supports = { ...right.backend.supports, execution };
      await property.check({ backend: { ...right.backend, balancedLoss, supports } }, given);
      mosts.push(most);
    }
    const nine = mosts.filter((count) => count >= 9).length;
    expect(nine).toBe(told(property, cases)['nine-calls-at-once']);
    expect(mosts.length - nine).toBe(mosts.filter((count) => count === 3).length);
  });
});

describe('what is counted of training is what a loss is asked', () => {
  const trainers = properties.filter(
    ({ id, ways }) => /^training-/.test(id) && ways !== undefined && id !== 'training-at-scale',
  );

  it.each(trainers.map((property) => [property.id, property] as const))('by %s', async (_, property) => {
    const cases = drawn(property, 25, 3);
    const asked: TrainingStep[] = [];
    const right = subject();
    const train: typeof right.train = async (batch, options, how = {}) => {
      asked.push(how);
      const { before = [], observed, evaluated, beside, weights } = how;
      const result = rightly(batch, options, weights);
      return {
        ...result,
        ...(observed ? { observed: 1 + before.length + (beside?.isSameLoss ? 2 : 0) } : {}),
        ...(evaluated ? { evaluated: result.loss } : {}),
        ...(beside ? { beside: rightly(beside.batch, beside.options) } : {}),
      };
    };
    for (const given of cases) await property.check({ ...right, train }, given);
    const count = (holds: (how: TrainingStep, at: number) => boolean) =>
      asked.filter(holds).length || undefined;
    const ways = told(property, cases);
    expect(asked.length).toBe(cases.length);
    expect(ways).toMatchObject({
      'caller-tensors-kept': cases.length,
      'step-labels-float32': count(({ labels = 'float32' }) => labels === 'float32'),
    });
    for (const [way, holds] of [
      ['step-without-alpha', ({ withoutAlpha }) => withoutAlpha === true],
      ['upstream-one', ({ weight = 1 }) => weight === 1],
      ['upstream-below-zero', ({ weight = 1 }) => weight < 0],
      ['value-without-derivative', ({ evaluated }) => evaluated === true],
      ['step-observed', ({ observed }) => observed === true],
      ['steps-before', ({ before = [] }) => before.length > 0],
      ['two-losses-in-one-tape', ({ beside }) => beside !== undefined && !beside.isSameLoss],
      ['one-loss-twice-in-one-tape', ({ beside }) => beside?.isSameLoss === true],
      [
        'both-forms-in-one-tape',
        ({ beside, weights }) => beside?.isSameLoss === true && weights !== undefined,
      ],
      ['step-weighted', ({ weights }) => weights !== undefined],
      [
        'step-weights-zero',
        ({ weights }) => weights !== undefined && !Array.from(weights).some((w) => w > 0),
      ],
    ] satisfies [Way, (how: TrainingStep) => boolean][])
      expect(ways[way as Way], way).toBe(count(holds as (how: TrainingStep) => boolean));
  });
});
