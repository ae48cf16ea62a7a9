import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../backends/reference.js';
import { type Case, caseDocument, cases } from './cases/arbitraries.js';
import { numbered } from './cases/planned.js';
import { draw } from './check-cases.js';
import { judge, judgeLost } from './judge.js';
import { demandNear, type Property } from './property.js';
import { readToken } from './replay.js';
import { mutatedCase } from './search/mutated-case.js';

const backend = referenceBackend();
const how = { runs: 50, seed: 7, known: [], replay: { backend: 'reference' } };
const property = (check: (given: Case) => void): Property => ({
  id: 'small',
  stage: 'balancedLoss',
  source: 'a test',
  claim: 'Batches are small.',
  required: true,
  cases: () => cases(backend.supports),
  check: async (_, given) => check(given),
});

describe('judge', () => {
  it('tells the path of each case before it runs, as fast-check draws it again', async () => {
    const told: string[] = [];
    const sizes: number[] = [];
    const large = property(({ batch }) => {
      sizes.push(batch.size);
      if (batch.size > 5) throw new Error('large');
    });
    const report = await judge(large, { backend }, { ...how, onCase: (path) => told.push(path) });
    const arbitrary = cases(backend.supports);
    // drawing the case at a long path makes all that fast-check passed over before: a share of them will do
    const some = [...told.keys()].filter((at) => at % Math.ceil(told.length / 40) === 0);
    const redrawn = some.map((at) => draw(arbitrary, 7, told[at] as string)?.batch.size);
    expect(some.length).toBeGreaterThan(20);
    expect(redrawn).toEqual(some.map((at) => sizes[at]));
    expect(told.some((path) => path.split(':').length > 3)).toBe(true);
    expect(told).toContain(readToken(report.counterexample?.token as string).path);
  });

  it.each([
    ['a run', {}],
    ['a case alone', { path: '0' }],
  ])('gives a stage a plain batch before %s, once, and no other stage', async (_, only) => {
    const sizes: number[] = [];
    const counting = {
      ...backend,
      balancedLoss(...given: Parameters<typeof backend.balancedLoss>) {
        sizes.push(given[0].size);
        return backend.balancedLoss(...given);
      },
      selectMinority: () => {
        throw new Error('no property of this stage runs');
      },
    };
    for (let run = 0; run < 2; run++)
      expect(
        (
          await judge(
            property(() => {}),
            { backend: counting },
            { ...how, ...only },
          )
        ).verdict,
      ).toBe('passed');
    expect(sizes).toEqual([6]);
  });

  it('makes no smaller cases once the tries for them are used up', async () => {
    let made = 0;
    const all = cases(backend.supports).filter(({ batch }) => batch.size > 20);
    const failing: Property = {
      ...property(() => {
        throw new Error('always');
      }),
      cases: () =>
        all.map((given) => {
          made += 1;
          return given;
        }),
    };
    const madeWith = async (shrinks: number) => {
      made = 0;
      const report = await judge({ ...failing, shrinks }, { backend }, how);
      expect(report.counterexample?.shrinks).toBe(shrinks);
      return made;
    };
    const [none, five] = [await madeWith(0), await madeWith(5)];
    // some to find a case, one more than is tried, and the smallest again for the report; a step alone has dozens
    expect(none).toBeLessThan(10);
    expect(five).toBeLessThan(10 + 2 * 5);
  });

  it('fails a property whose process was lost, with the case that was being asked', () => {
    const never = property(() => {
      throw new Error('asked again');
    });
    const report = judgeLost(never, { backend }, how, { what: 'balancedLoss gave no answer', path: '3:0' });
    const given = draw(cases(backend.supports), 7, '3:0');
    expect(report).toMatchObject({
      verdict: 'failed',
      cases: 4,
      replay: expect.stringContaining('--seed 7'),
    });
    expect(report.reason).toBe('UnansweredError: balancedLoss gave no answer');
    expect(report.counterexample?.document.labels.length).toBe(given?.batch.size);
    expect(report.counterexample?.token).toBe('small@7@3:0');
  });

  it('knows a known failure also of a lost process, and one lost before its first case', () => {
    const known = [{ id: 'small', reason: 'hangs' }];
    const lost = judgeLost(
      property(() => {}),
      { backend },
      { ...how, known },
      { what: 'it ended' },
    );
    expect(lost).toMatchObject({ verdict: 'known', reason: 'hangs', cases: 0 });
    expect(
      judgeLost(
        property(() => {}),
        { backend },
        how,
        { what: 'it ended' },
      ),
    ).toMatchObject({
      verdict: 'failed',
      reason: 'it ended',
    });
  });

  it('searches near the limits of tolerances, and can draw again what it finds', async () => {
    const seen: number[] = [];
    /** A backend whose error grows with κ, and passes its limit above every κ that was drawn. */
    const drawn = fc.sample(numbered(cases(backend.supports), 7), { seed: 7, numRuns: 180 });
    const largest = Math.max(...drawn.map(({ options }) => options.kappa));
    const searched: Property = {
      ...property(({ options }) => {
        seen.push(options.kappa);
        demandNear('a number', options.kappa, 0, largest);
      }),
      search: true,
      shrinks: 20,
    };
    const report = await judge(searched, { backend }, { ...how, runs: 200 });
    expect(seen.slice(0, 180)).toEqual(drawn.map(({ options }) => options.kappa));
    expect(report).toMatchObject({ verdict: 'failed', worst: 1 });
    expect(report.cases).toBeGreaterThan(180);
    expect(report.reason).toContain('a number');
    const { path } = readToken(report.counterexample?.token as string);
    expect(path).toMatch(/^\d+\+\d/);
    const again = await judge(searched, { backend }, { ...how, path });
    expect(again.counterexample?.document).toEqual(report.counterexample?.document);
  });

  it('names the worst share of a tolerance, and none where no number is compared', async () => {
    const near = await judge(
      property(() => demandNear('a number', 1, 0, 4)),
      { backend },
      how,
    );
    expect(near.worst).toBe(0.25);
    expect(
      await judge(
        property(() => {}),
        { backend },
        how,
      ),
    ).not.toHaveProperty('worst');
  });

  it('changes a case alike for the same number, and leaves the case as it was', () => {
    const given = fc.sample(cases(backend.supports), { seed: 7, numRuns: 20 });
    const before = given.map(caseDocument);
    const changed = given.map((one) => [0, 1, 2].map((number) => caseDocument(mutatedCase(one, number))));
    expect(given.map(caseDocument)).toEqual(before);
    const again = given.map((one) => [0, 1, 2].map((number) => caseDocument(mutatedCase(one, number))));
    expect(again).toEqual(changed);
    expect(new Set(changed.flat().map((one) => JSON.stringify(one))).size).toBeGreaterThan(30);
  });
});
