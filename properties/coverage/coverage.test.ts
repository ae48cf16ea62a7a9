import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import { type Capabilities, createBatch, resolveOptions, rulings } from '../../spec/index.js';
import { bothForms, type Case } from '../cases/arbitraries.js';
import { makeReport, type PropertyReport } from '../report.js';
import { properties } from '../suite.js';
import {
  caseConditions,
  choicePairs,
  conditions,
  coverageOf,
  Facts,
  mergedCoverage,
  Tally,
} from './index.js';
import { MINIMUMS, MINIMUMS_OF_WAYS, minimumsOf } from './minimums.js';
import { pairName } from './tally.js';

const { supports } = referenceBackend();

/** Rulings that no case of a backend meets, and why. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'ρ, κ': 'its values are counted as choices',
  gradient: 'it holds for every case',
  margin: 'its values are counted as choices',
  'per replica': 'its spreads over replicas are those of the global batch, and counted as these',
  Ω: 'it is computed from a training set, before any backend',
  'prediction and A_bln': 'no backend predicts',
};

/** Ids of the conditions that hold for a batch of one or several attributes at class level. */
function met(given: Partial<Case['batch']> | object, options: object = {}, alpha = 0.5): string[] {
  const batch = createBatch(given as Parameters<typeof createBatch>[0]);
  const tally = new Tally('balancedLoss');
  tally.add(new Facts({ batch, options: { ...resolveOptions(batch, options), alpha } }));
  return Object.keys(tally.coverage().conditions);
}

describe('conditions', () => {
  it('have distinct names', () => {
    const ids = conditions.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(rulings.map(({ name }) => name))('know the ruling %s, or why it has none', (name) => {
    const sources = new Set(conditions.map(({ source }) => source));
    expect(sources.has(name) || name in ELSEWHERE).toBe(true);
    expect(sources.has(name) && name in ELSEWHERE).toBe(false);
  });

  it('name rulings that exist', () => {
    const names = rulings.map(({ name }) => name);
    for (const { source } of conditions) if (source !== undefined) expect(names).toContain(source);
  });

  it.each([
    ['size-tie-decides', { attributes: [2], labels: [[0], [0], [1], [1]] }, { rho: 0.5 }],
    ['held-exactly', { attributes: [2], labels: [[0], [0], [1], [1]] }, { rho: 0.5 }],
    ['held-short', { attributes: [2], labels: [[0], [0], [1], [1]] }, { rho: 0.5 * (1 - 2 ** -53) }],
    ['whole-attribute', { attributes: [2], labels: [[0], [0]] }, { rho: 1 }],
    ['no-negatives', { attributes: [2], labels: [[0], [0]] }, { rho: 1 }],
    ['attribute-unlabelled', { attributes: [2], labels: [[-1], [-1]] }, {}],
    ['positive-tie-at-limit', { attributes: [2], labels: [[0], [0], [0], [0]] }, { rho: 1, kappa: 1 }],
    ['anchor-among-hardest', { attributes: [2], labels: [[0], [0], [0], [0]] }, { rho: 1, kappa: 1 }],
    ['scores-equal', { attributes: [2], labels: [[0], [0], [1], [1]] }, {}],
    ['hinge-at-kink', { attributes: [2], labels: [[0], [0], [1], [1]] }, { margin: 0 }],
    ['no-triplets', { attributes: [2], labels: [[0], [1]] }, {}],
    ['positives-alone', { attributes: [2], labels: [[0], [0]] }, { rho: 1 }],
    [
      'distance-at-node',
      { attributes: [2], labels: [[0], [0], [1], [1]] },
      { comparison: 'distribution', bins: 5 },
    ],
    ['margins-differ', { attributes: [2, 2], labels: [[0, 0]] }, { margin: [0, 1] }],
  ] as const)('%s is found, and not in a batch without it', (id, batch, options) => {
    const width = batch.attributes.reduce<number>((sum, classes) => sum + classes, 0);
    const scores = batch.labels.map(() => new Array<number>(width).fill(0.5));
    const plain = {
      attributes: [2],
      labels: [[0], [0], [1], [1], [1]],
      scores: [0.1, 0.2, 0.4, 0.7, 0.9].map((p) => [p, 1 - p]),
    };
    expect(met({ ...batch, scores }, options)).toContain(id);
    expect(met(plain)).not.toContain(id);
  });
});

describe('what is mined', () => {
  const oneMinority = (scores: readonly number[], options: object) =>
    met(
      { attributes: [2], labels: [[0], [0], [0], [1], [1], [1]], scores: scores.map((p) => [p, 1 - p]) },
      { rho: 0.5, ...options },
    );
  /** Samples 0 and 1 are one class of the first attribute, and 0 and another are one of the second. */
  const twoAttributes = (other: 1 | 2) =>
    met({
      attributes: [2, 2],
      labels: [0, 1, 2, 3, 4].map((i) => [i < 2 ? 0 : 1, i === 0 || i === other ? 0 : 1]),
      scores: [0, 1, 2, 3, 4].map((i) => [i / 8, 1 - i / 8, i / 8, 1 - i / 8]),
    });

  it('tells the same pair under two classes from one sample that is an anchor of both', () => {
    expect(twoAttributes(1)).toEqual(
      expect.arrayContaining(['sample-anchored-twice', 'pair-of-two-classes']),
    );
    expect(twoAttributes(2)).toContain('sample-anchored-twice');
    expect(twoAttributes(2)).not.toContain('pair-of-two-classes');
  });

  it('finds two samples that are each a hard positive of the other among the anchors alone', () => {
    const scores = [0.1, 0.2, 0.9, 0.3, 0.4, 0.5];
    expect(oneMinority(scores, { kappa: 1 })).toContain('pair-both-ways');
    expect(oneMinority(scores, { kappa: 1, anchors: 'easy' })).not.toContain('pair-both-ways');
  });

  it('finds members that are no easy anchors', () => {
    const scores = [0.1, 0.2, 0.9, 0.3, 0.4, 0.5];
    expect(oneMinority(scores, { kappa: 2, anchors: 'easy' })).toContain('easy-anchors-left-out');
    expect(oneMinority(scores, { kappa: 3, anchors: 'easy' })).not.toContain('easy-anchors-left-out');
  });

  it('finds an anchor among the hardest only where another member was left out for it', () => {
    const scores = [0.1, 0.2, 0.3, 0.9, 0.8, 0.4];
    expect(oneMinority(scores, { kappa: 1 })).toContain('anchor-among-hardest');
    expect(oneMinority(scores, { kappa: 2 })).not.toContain('anchor-among-hardest');
  });

  it('compares the last that was mined with those that were left out, on each side', () => {
    const [positive, negative] = ['positive-tie-at-limit', 'negative-tie-at-limit'];
    const tiedNegatives = oneMinority([0.1, 0.2, 0.3, 0.9, 0.9, 0.4], { kappa: 1 });
    expect(tiedNegatives).toContain(negative);
    expect(tiedNegatives).not.toContain(positive);
    const tiedPositives = oneMinority([0.1, 0.1, 0.1, 0.9, 0.8, 0.4], { kappa: 1 });
    expect(tiedPositives).toContain(positive);
    expect(tiedPositives).not.toContain(negative);
    expect(oneMinority([0.1, 0.1, 0.1, 0.9, 0.8, 0.4], { kappa: 2 })).not.toContain(positive);
  });
});

describe('a tally', () => {
  const cases = fc.sample(bothForms(supports), { seed: 3, numRuns: 150 });

  it('counts one value of every choice at most, and never two values that cannot be together', () => {
    const { impossible } = choicePairs();
    expect(impossible.length).toBeGreaterThan(0);
    const violations = cases.flatMap((given) => {
      const facts = new Facts(given);
      const held = caseConditions.filter(({ holds }) => holds(facts));
      const choices = held.flatMap(({ choice }) => choice ?? []);
      const ids = new Set(held.map(({ id }) => id));
      const together = impossible.filter(({ pair }) => pair.every(({ id }) => ids.has(id)));
      return [
        ...(new Set(choices).size < choices.length ? [choices] : []),
        ...together.map(({ reason }) => reason),
      ];
    });
    expect(violations).toEqual([]);
  });

  it('counts for a property only what its stage is affected by', () => {
    const tally = new Tally('selectMinority');
    for (const given of cases) tally.add(new Facts(given));
    const { conditions: counted } = tally.coverage();
    expect(counted).toHaveProperty('size-tie-decides');
    expect(counted).not.toHaveProperty('class-level');
    expect(counted).not.toHaveProperty('tie-mined');
  });

  it('is the sum of its parts', () => {
    const tallied = (some: readonly Case[]) => {
      const tally = new Tally('balancedLoss');
      for (const given of some) tally.add(new Facts(given));
      return tally.coverage();
    };
    const parts = [cases.slice(0, 50), cases.slice(50)].map(tallied);
    expect(mergedCoverage(parts)).toEqual(tallied(cases));
  });
});

describe('the coverage of a run', () => {
  const head = {
    seed: 1,
    runs: 300,
    backend: 'reference',
    engine: null,
    adapter: null,
    versions: {},
    started: '2026-01-01T00:00:00Z',
    milliseconds: 0,
  };
  const allPairs = Object.fromEntries(
    choicePairs().possible.map(([one, other]) => [pairName(one, other), 1]),
  );
  /** One passed property whose cases met every condition as often as required, but for some. */
  const passing = (unmet: readonly string[], verdict: PropertyReport['verdict'] = 'passed') => {
    const met = conditions.filter(({ id }) => !unmet.includes(id)).map(({ id }) => [id, 1000]);
    const coverage = { conditions: Object.fromEntries(met), pairs: allPairs };
    const [{ id, stage, source, claim } = {} as never] = properties;
    return {
      id,
      stage,
      source,
      claim,
      required: true,
      verdict,
      cases: 1,
      milliseconds: 0,
      replay: '',
      coverage,
    };
  };
  const report = (property: PropertyReport, able: Capabilities = supports, notEnforced?: string) =>
    makeReport({ ...head, supports: able }, [property], ['selectMinority'], [], { notEnforced });

  it('fails a default run that met a condition too rarely, and names it', () => {
    expect(report(passing([])).passed).toBe(true);
    const short = report(passing(['size-tie-decides']));
    expect(short.passed).toBe(false);
    expect(short.problems).toEqual([expect.stringContaining('size-tie-decides (one class is')]);
  });

  it('asks for as many cases as the default run reaches many times over', () => {
    const ids = conditions.map(({ id }) => id);
    expect(Object.keys(MINIMUMS).filter((id) => !ids.includes(id))).toEqual([]);
    const alone = Object.values(MINIMUMS).filter((least) => typeof least === 'number');
    expect(alone.every((least) => Number.isInteger(least) && least > 1)).toBe(true);
    for (const { id, required } of caseConditions)
      expect([0, minimumsOf(id).required], id).toContain(required);
    expect(Object.keys(MINIMUMS_OF_WAYS).filter((id) => !ids.includes(id))).toEqual([]);
    for (const { id, aspect, requiredInFull = 0 } of conditions)
      expect(requiredInFull > 0, id).toBe(aspect !== undefined || typeof MINIMUMS[id] === 'object');
    const most = Math.max(...alone);
    const met = conditions.map(({ id }) => [id, most - 1] as const);
    const [only] = [passing([])];
    const short = report({
      ...only,
      coverage: { conditions: Object.fromEntries(met), pairs: allPairs },
    } as never);
    expect(short.problems).toEqual([expect.stringContaining(`: ${most - 1} of at least ${most})`)]);
  });

  it('only tells where fewer cases ran, or a property ended early', () => {
    const notEnforced = 'only 3 of 60 properties ran';
    const some = report(passing(['size-tie-decides']), supports, notEnforced);
    expect(some.passed).toBe(true);
    expect(some.coverage).toMatchObject({ enforced: false, notEnforced, short: ['size-tie-decides'] });
    expect(report(passing(['size-tie-decides'], 'known')).coverage?.enforced).toBe(false);
  });

  it('asks nothing of a backend that it cannot meet', () => {
    const classOnly = { ...supports, levels: ['class'] as const };
    const instance = conditions.filter(({ domain }) => domain.level?.every((level) => level === 'instance'));
    const ids = instance.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(0);
    expect(report(passing(ids), classOnly).passed).toBe(true);
    expect(report(passing(ids)).passed).toBe(false);
  });

  it.each([
    ['one-attribute' as const, ['attributes-2-8', 'attributes-9+', 'margins-differ']],
    ['multi-label' as const, ['classes-9-64', 'classes-65+']],
  ])('asks for no numbers of attributes or classes that %s batches cannot have', (encoding, ids) => {
    const others = conditions.filter(({ domain }) => domain.encoding && !domain.encoding.includes(encoding));
    const unmet = [...ids, ...others.map(({ id }) => id)];
    expect(report(passing(unmet), { ...supports, encodings: [encoding] }).problems).toEqual([]);
    expect(report(passing(ids)).passed).toBe(false);
  });

  const skipped = (id: string): PropertyReport => ({
    ...(passing([]) as PropertyReport),
    id,
    verdict: 'skipped',
    reason: 'the backend cannot train',
    cases: 0,
    coverage: { conditions: {}, pairs: {} },
  });
  const runOf = (all: readonly PropertyReport[], engine: string | null = null) =>
    makeReport(
      { ...head, engine, supports: { ...supports, execution: 'tensor' } },
      all,
      ['selectMinority'],
      [],
      {},
    );
  const training = conditions.filter(({ aspect }) => aspect === 'training');
  const trainers = [...new Set(training.flatMap(({ by = [] }) => by))];

  it('fails where a property of training never asks in a way that is required, and names it', () => {
    const evaluating = { ...passing(['value-without-derivative']), id: 'training-evaluates' };
    expect(runOf([evaluating]).problems).toEqual([expect.stringContaining('value-without-derivative (L is')]);
    expect(runOf([{ ...evaluating, ...passing([]), id: evaluating.id }]).problems).toEqual([]);
  });

  it('asks for no way of training where all properties of training were skipped', () => {
    const unmet = conditions.filter(({ aspect }) => aspect === 'training' || aspect === 'leaks');
    const rest = passing(unmet.map(({ id }) => id));
    expect(trainers.length).toBeGreaterThan(5);
    expect(runOf([rest, ...trainers.map(skipped)]).problems).toEqual([]);
    const [first, ...others] = trainers as [string, ...string[]];
    const ran = { ...rest, id: first };
    expect(runOf([ran, ...others.map(skipped)]).problems).toEqual([
      expect.stringContaining('step-labels-int32'),
    ]);
    const row = runOf([rest, ...trainers.map(skipped)]).coverage?.conditions.find(
      ({ id }) => id === 'step-labels-int32',
    );
    expect(row).toMatchObject({ excluded: 'the backend cannot train', aspect: 'training' });
  });

  it('asks for less where the engine gets a part of the cases', () => {
    const rare = conditions.filter(
      ({ required, requiredInFull = 0 }) => required === 0 && requiredInFull > 0,
    );
    expect(rare.length).toBeGreaterThan(0);
    const unmet = passing(rare.map(({ id }) => id));
    expect(runOf([unmet], 'cpu').problems).toEqual([]);
    expect(runOf([unmet]).coverage?.short).toEqual(rare.map(({ id }) => id));
  });

  it('tells the ways out', () => {
    const [problem] = runOf([passing(['rho-one'])]).problems;
    expect(problem).toContain('rho-one (ρ is 1: 0 of at least 30)');
    expect(problem).toContain('Run more cases (--runs 600)');
    expect(problem).toContain('`supports`');
  });

  it('fails where two choices that every run has together were not, and names some', () => {
    const names = Object.keys(allPairs);
    const [all] = [passing([]) as PropertyReport];
    const without = (count: number): PropertyReport => {
      const pairs = Object.fromEntries(names.slice(count).map((name) => [name, 1]));
      return { ...all, coverage: { conditions: all.coverage?.conditions ?? {}, pairs } };
    };
    expect(runOf([without(0)]).problems).toEqual([]);
    const [first] = names as [string];
    expect(runOf([without(1)]).problems).toEqual([
      expect.stringContaining(`no case met ${first.replace(' & ', ' with ')}. Run more`),
    ]);
    expect(runOf([without(9)]).problems[0]).toContain('and 4 more pairs');
    const cpu = runOf([without(1)], 'cpu');
    expect(cpu.passed).toBe(true);
    expect(cpu.coverage?.pairs.notEnforced).toBe('the engine gets only a part of the cases');
    const narrow = report(without(1), { ...supports, encodings: ['categorical', 'multi-label'] });
    expect(narrow.coverage?.pairs.notEnforced).toBe('the backend does not support all encodings');
    expect(report(without(1), supports, 'few cases').passed).toBe(true);
  });

  it('counts pairs, and lists those that were never met', () => {
    const tally = new Tally('balancedLoss');
    for (const given of fc.sample(bothForms(supports), { seed: 3, numRuns: 50 })) tally.add(new Facts(given));
    const { pairs } = coverageOf([{ id: 'drawn', cases: 50, coverage: tally.coverage() }], supports);
    expect(pairs.met + pairs.missing.length).toBe(pairs.possible);
    expect(pairs.missing.length).toBeGreaterThan(0);
    expect(pairs.rarest[0]?.cases).toBe(1);
  });
});
