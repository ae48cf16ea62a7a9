/**
 * Times the loss of a training step on a GPU, and counts its GPU programs and read-backs.
 *
 * @module
 */
import { fusedBackend } from '../../backends/tfjs/backend.js';
import { settleEngine } from '../../backends/tfjs/index.js';
import { interval } from '../../src/support/interval.js';
import type { LeftOut, Row } from '../section.js';
import { refusalOf } from './refusal.js';
import { stepCounts } from './step-counts.js';
import { CROSS_ENTROPY, type GpuCase, gpuCases } from './steps.js';

/** The most steps that are queued before the loss of the last one is read: they share the wait for it. */
const MOST_QUEUED = 10;

/** The fewest measurements of a case, each of as many steps as are queued. */
const LEAST = 3;

/** What to time. */
export interface GpuPlan {
  /** Such as `webgpu`. */
  readonly engine: string;
  /** Samples per batch, ascending. */
  readonly sizes: readonly number[];
  /** How long to time each case, after warming up. */
  readonly seconds: number;
  /** Whether the graph of stock operations is timed too. */
  readonly graph: boolean;
}

/** The results. */
export interface GpuReport {
  /** The adapter, as it names itself; null if the engine names none. */
  readonly adapter: string | null;
  readonly rows: readonly Row[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Times every case. A case that is too large for the device is left out, with the device's message.
 *
 * @param onCase - called as each case ends, with all results so far
 * @throws EngineUnavailableError - if the engine is not available here
 */
export async function measureGpu(
  { engine, sizes, seconds, graph }: GpuPlan,
  onCase: (soFar: GpuReport) => void = () => {},
): Promise<GpuReport> {
  const { adapter } = await fusedBackend({ engine });
  const rows: Row[] = [];
  const leftOut: LeftOut[] = [];
  const report = { adapter: adapter ?? null, rows, leftOut };
  for (const n of sizes) {
    const { cases, leftOut: not, dispose } = await gpuCases(engine, n, graph);
    leftOut.push(...not);
    for (const one of cases) {
      const { subject, setting } = one;
      try {
        const row = { subject, setting, ...(await timed(one, seconds)) };
        const base = rows.find((each) => each.setting === setting && each.subject === CROSS_ENTROPY);
        const ratio = base && { ratio: { to: CROSS_ENTROPY, value: row.milliseconds / base.milliseconds } };
        rows.push({ ...row, ...ratio });
      } catch (error) {
        leftOut.push({ subject, setting, reason: await refusalOf(error) });
      }
      onCase(report);
    }
    dispose();
  }
  return report;
}

/** Times a case's step, and counts what it does. */
async function timed(one: GpuCase, seconds: number): Promise<Omit<Row, 'subject' | 'setting'>> {
  const { step } = one;
  const run = async (count: number): Promise<number> => {
    const begin = performance.now();
    for (let k = 1; k < count; k++) step().dispose();
    const last = step();
    await last.data();
    last.dispose();
    return performance.now() - begin;
  };
  await run(1); // programs are compiled
  await settleEngine();
  const counts = stepCounts(one);
  const slow = await run(1);
  const queued = Math.max(1, Math.min(MOST_QUEUED, Math.floor((1000 * seconds) / (LEAST * slow))));
  const times: number[] = [];
  const end = performance.now() + 1000 * seconds;
  while (times.length < LEAST || performance.now() < end) times.push((await run(queued)) / queued);
  await settleEngine();
  const { mean, reach } = interval(times);
  return {
    milliseconds: [...times].sort((a, b) => a - b)[times.length >> 1] as number,
    margin: (100 * (reach ?? 0)) / mean,
    samples: times.length * queued,
    ...counts,
  };
}
