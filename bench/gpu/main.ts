/**
 * `npm run bench:gpu`, and `./start.sh bench` in the bundle: times the loss of a training step on a GPU.
 *
 * @module
 */
import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { EngineUnavailableError, fusedBackend } from '../../backends/tfjs/index.js';
import { table } from '../../src/cli/table.js';
import { interval } from '../../src/interval.js';
import { versions } from '../../src/versions.js';
import type { Row } from '../section.js';
import { CROSS_ENTROPY, type GpuCase, GRAPH_UP_TO, gpuCases } from './steps.js';

/** Steps that are queued before the last one's loss is read: then all are done, and the wait is shared. */
const QUEUED = 10;

interface Flags {
  readonly engine: string;
  readonly sizes: readonly number[];
  readonly seconds: number;
  readonly graph: boolean;
  readonly out?: string;
}

/** A row, with the programs that a step handed to the GPU. */
type GpuRow = Row & { readonly dispatches?: number };

const positive = (given: string): number => {
  if (!(Number(given) > 0)) throw new InvalidArgumentError(`expected a number > 0, got ${given}`);
  return Number(given);
};
const { engine, sizes, seconds, graph, out } = new Command('bench')
  .description(
    'Times the loss of a training step with its derivative on a GPU engine; one loss in ten is read, to know when all are done.',
  )
  .option('--engine <name>', 'such as webgpu', 'webgpu')
  .option('--sizes <n,…>', 'samples a batch', (given) => given.split(',').map(positive), [1024, 8192])
  .option('--seconds <s>', 'for each case, after warming up', positive, 2)
  .option('--no-graph', 'without the graph of stock operations, which takes a software adapter minutes')
  .option('--out <file>', 'JSON, too')
  .parse()
  .opts<Flags>();

try {
  const { adapter } = await fusedBackend({ engine });
  process.stdout.write(`${engine}${adapter ? ` on ${adapter}` : ''}\n`);
  const rows: GpuRow[] = [];
  for (const n of sizes) {
    for (const one of await gpuCases(engine, n, graph)) {
      const row = await timed(one, seconds);
      const base = rows.find(({ setting, subject }) => setting === row.setting && subject === CROSS_ENTROPY);
      const ratio = base && { ratio: { to: CROSS_ENTROPY, value: row.milliseconds / base.milliseconds } };
      rows.push({ ...row, ...ratio });
      // as it goes: a long run that is cut off leaves what it had
      if (out !== undefined) writeFileSync(out, `${JSON.stringify(report(adapter, rows), null, 2)}\n`);
    }
  }
  process.stdout.write(
    `${shown(rows)}\nThe graph is left out beyond n ${GRAPH_UP_TO}, which it has no memory for, and with --no-graph.\n`,
  );
  process.exit(0);
} catch (error) {
  // an engine that is missing says how to get it
  if (!(error instanceof EngineUnavailableError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}

function report(adapter: string | undefined, rows: readonly GpuRow[]): object {
  return { engine, adapter: adapter ?? null, versions: versions(), date: new Date().toISOString(), rows };
}

/** Times a step, so many of them queued at a time. */
async function timed({ subject, setting, step, dispatches }: GpuCase, seconds: number): Promise<GpuRow> {
  const run = async (count: number): Promise<void> => {
    for (let k = 1; k < count; k++) step().dispose();
    const last = step();
    await last.data();
    last.dispose();
  };
  await run(2); // programs are compiled
  const before = dispatches?.();
  await run(1);
  const programs = before === undefined ? undefined : (dispatches as () => number)() - before;
  const times: number[] = [];
  const end = performance.now() + 1000 * seconds;
  while (times.length < 3 || performance.now() < end) {
    const begin = performance.now();
    await run(QUEUED);
    times.push((performance.now() - begin) / QUEUED);
  }
  const { mean, reach } = interval(times);
  const milliseconds = [...times].sort((a, b) => a - b)[times.length >> 1] as number;
  const samples = times.length * QUEUED;
  return {
    subject,
    setting,
    milliseconds,
    margin: (100 * (reach ?? 0)) / mean,
    samples,
    ...(programs === undefined ? {} : { dispatches: programs }),
  };
}

function shown(rows: readonly GpuRow[]): string {
  return table(
    ['setting', 'subject', 'ms a step', '±', 'steps', 'programs', 'ratio to cross entropy'],
    rows.map(({ setting, subject, milliseconds, margin, samples, dispatches, ratio }) => [
      setting,
      subject,
      milliseconds.toPrecision(3),
      `${margin.toFixed(1)} %`,
      samples,
      dispatches ?? '',
      ratio?.value.toPrecision(3) ?? '',
    ]),
  );
}
