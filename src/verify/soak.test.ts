import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import { EngineUnavailableError } from '../../backends/tfjs/index.js';
import { planSuite } from '../../properties/index.js';
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
