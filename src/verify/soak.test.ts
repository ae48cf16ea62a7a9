import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import { EngineUnavailableError } from '../../backends/tfjs/index.js';
import { type PropertyReport, planSuite } from '../../properties/index.js';
import { wrongBackends } from '../../properties/wrong-backends/index.js';
import { type SoakState, soak } from './soak.js';

const folder = mkdtempSync(join(tmpdir(), 'soak-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A clock that moves on by a second whenever it is read, so that time is a count of steps. */
function ticking(): () => number {
  let seconds = 0;
  return () => 1000 * seconds++;
}
/** Time for two properties: the clock is read four times for each. */
const TWO_STEPS = 8 / 60;

describe('soak', () => {
  it('counts, keeps what it found, and resumes where it stopped', async () => {
    const file = join(folder, 'right.json');
    const targets = [{ backend: 'reference', module: referenceBackend }];
    const first = await soak(targets, { minutes: TWO_STEPS, file, seed: 9 }, ticking());
    expect(first).toMatchObject({ seed: 9, failures: 0 });
    expect(first.cases).toBeGreaterThan(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(first);
    const ran: string[] = [];
    const onProgress = (_: SoakState, where: string) => ran.push(where);
    const second = await soak(targets, { minutes: TWO_STEPS, file, onProgress }, ticking());
    const next = planSuite().properties[(first.targets[0]?.steps as number) % planSuite().properties.length];
    expect(ran[0]).toBe(`reference: ${next?.id}`);
    expect(second.cases).toBeGreaterThan(first.cases);
    expect(second.minutes).toBeGreaterThan(first.minutes);
    expect(second.seed).toBe(9);
  });

  it('keeps a disagreement, and says why a target cannot run', async () => {
    const wrong = wrongBackends.find(({ id }) => id === 'rho-ignored')?.backend as never;
    const absent = () => Promise.reject(new EngineUnavailableError('quantum', 'get one'));
    const targets = [
      { backend: 'wrong', module: wrong },
      { backend: 'tfjs', engine: 'quantum', module: absent },
    ];
    const options = { minutes: TWO_STEPS, file: join(folder, 'wrong.json') };
    const state = await soak(targets, options, ticking());
    expect(state.failures).toBeGreaterThan(0);
    expect(state.targets[0]?.disagreements[0]?.counterexample?.document).toBeDefined();
    expect(state.targets[1]).toMatchObject({ cases: 0, unavailable: 'engine quantum: get one' });
  });

  it('shares its time among all targets', async () => {
    const targets = ['one', 'other'].map((backend) => ({ backend, module: referenceBackend }));
    const options = { minutes: 2 * TWO_STEPS, file: join(folder, 'shared.json') };
    const state = await soak(targets, options, ticking());
    expect(state.targets.map(({ steps, minutes }) => [steps, 60 * minutes])).toEqual([
      [2, 2],
      [2, 2],
    ]);
  });

  it('judges several properties of a target at once, counts them without a gap, and resumes behind them', async () => {
    const asked: { id: string; end: () => void }[] = [];
    const session = {
      backend: { name: 'fake' },
      close: async () => undefined,
      judge: (id: string) =>
        new Promise<PropertyReport>((end) => {
          asked.push({ id, end: () => end({ id, verdict: 'passed', cases: 1 } as PropertyReport) });
        }),
    };
    let isOver = false;
    const now = () => (isOver ? 60_000_000 : 0);
    const settled = () => new Promise((turn) => setImmediate(turn));
    const file = join(folder, 'several.json');
    const targets = [{ backend: 'fake', open: async () => session }];
    const run = (jobs: number) => soak(targets, { minutes: 1, file, jobs }, now);
    const ids = planSuite().properties.map(({ id }) => id);

    const first = run(2);
    while (asked.length < 2) await settled();
    asked[1]?.end(); // the second ends, and the third begins, while the first still runs
    while (asked.length < 3) await settled();
    expect(asked.map(({ id }) => id)).toEqual(ids.slice(0, 3));
    const written = JSON.parse(readFileSync(file, 'utf8')) as SoakState;
    expect(written.targets[0]).toMatchObject({ steps: 0, ahead: [1], cases: 1 });
    isOver = true;
    asked[0]?.end();
    asked[2]?.end();
    const state = await first;
    expect(state.targets[0]).toMatchObject({ steps: 3, cases: 3 });
    expect(state.targets[0]).not.toHaveProperty('ahead');

    // as it was written while the first still ran: the first is asked again, the second is not
    writeFileSync(file, JSON.stringify(written));
    isOver = false;
    asked.length = 0;
    const second = run(1);
    for (const count of [1, 2]) {
      while (asked.length < count) await settled();
      isOver = count === 2;
      asked[count - 1]?.end();
    }
    expect((await second).targets[0]).toMatchObject({ steps: 3, cases: 3 });
    expect(asked.map(({ id }) => id)).toEqual([ids[0], ids[2]]);
  });

  it('ends and closes its sessions if its file cannot be written, and has told what it found', async () => {
    const gone = join(folder, 'removed');
    mkdirSync(gone);
    let [opened, closed] = [0, 0];
    const open = async () => {
      opened += 1;
      return {
        backend: { name: 'fake' },
        judge: async (id: string) => {
          rmSync(gone, { recursive: true, force: true });
          return { id, verdict: 'passed', cases: 1 } as PropertyReport;
        },
        close: async () => {
          closed += 1;
          return undefined;
        },
      };
    };
    const told: number[] = [];
    const run = soak(
      ['fake', 'idle'].map((backend) => ({ backend, open })),
      { minutes: 1, file: join(gone, 'soak.json'), onProgress: ({ cases }) => told.push(cases) },
      ticking(),
    );
    await expect(run).rejects.toThrow('its folder does not exist');
    expect(told[0]).toBe(1);
    expect([opened, closed]).toEqual([2, 2]);
  });

  it('refuses a file with a field that no soak has written, by its name', async () => {
    const file = join(folder, 'changed.json');
    const targets = [{ backend: 'reference', module: referenceBackend }];
    const run = () => soak(targets, { minutes: TWO_STEPS, file }, ticking());
    const state = await run();
    const [target] = state.targets;
    const field = (part: object) => ({ ...state, ...part });
    const ofTarget = (part: object) => ({ ...state, targets: [{ ...target, ...part }] });
    for (const [changed, words] of [
      [field({ cases: 'many' }), 'with cases: a whole number'],
      [field({ seed: 0.5 }), 'with seed: a 32-bit integer'],
      [field({ runs: 2 ** 40 }), 'with runs: a whole number from 1 to 1000000'],
      [field({ minutes: null }), 'with minutes: a number from 0'],
      [field({ targets: [3] }), 'with targets: a list of objects'],
      [ofTarget({ steps: -1 }), 'with targets[0].steps: a whole number'],
      [ofTarget({ backend: 'a\u001b[2J' }), 'with targets[0].backend: a name of printable characters'],
      [
        ofTarget({ casesByProperty: { a: '3' } }),
        'with targets[0].casesByProperty: a whole number per property',
      ],
      [ofTarget({ disagreements: [{}] }), 'with targets[0].disagreements: a list of reports'],
      [null, 'with an object'],
    ] as const) {
      writeFileSync(file, JSON.stringify(changed));
      await expect(run(), words).rejects.toThrow(words);
    }
    writeFileSync(file, JSON.stringify(state));
    expect((await run()).cases).toBeGreaterThan(state.cases);
  });

  it('asks an exclusive target one property at a time', async () => {
    let [atOnce, most, judged] = [0, 0, 0];
    const session = {
      backend: { name: 'fake' },
      close: async () => undefined,
      judge: async (id: string) => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        await new Promise((turn) => setImmediate(turn));
        atOnce -= 1;
        judged += 1;
        return { id, verdict: 'passed', cases: 1 } as PropertyReport;
      },
    };
    const targets = [{ backend: 'gpu', isExclusive: true, open: async () => session }];
    const now = () => (judged >= 5 ? 60_000_000 : 0);
    await soak(targets, { minutes: 1, file: join(folder, 'exclusive.json'), jobs: 3 }, now);
    expect([most, judged]).toEqual([1, 5]);
  });

  it('refuses a file that is no soak, and leaves it as it was', async () => {
    const file = join(folder, 'other.json');
    writeFileSync(file, '{"a":1}');
    const targets = [{ backend: 'reference', module: referenceBackend }];
    await expect(soak(targets, { minutes: 1, file })).rejects.toThrow(
      'expected the state of an earlier soak',
    );
    expect(readFileSync(file, 'utf8')).toBe('{"a":1}');
    await expect(soak(targets, { minutes: 0, file: join(folder, 'x') })).rejects.toThrow('minutes');
  });
});
