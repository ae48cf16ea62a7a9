/**
 * `npm run bench:gpu`, and `./start.sh bench` in the bundle: times the loss of a training step on a GPU.
 *
 * @module
 */
import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { EngineUnavailableError } from '../../backends/tfjs/index.js';
import { versions } from '../../src/support/versions.js';
import { shown } from '../table.js';
import { type GpuReport, measureGpu } from './measure.js';

interface Flags {
  readonly engine: string;
  readonly sizes: readonly number[];
  readonly seconds: number;
  readonly graph: boolean;
  readonly out?: string;
}

const positive = (given: string): number => {
  if (!(Number(given) > 0)) throw new InvalidArgumentError(`expected a number > 0, got ${given}`);
  return Number(given);
};
const whole = (given: string): number => {
  if (!Number.isInteger(positive(given)))
    throw new InvalidArgumentError(`expected whole numbers > 0, got ${given}`);
  return Number(given);
};
const { out, ...plan } = new Command('bench')
  .description(
    'Times the loss of a training step and its gradient on a GPU engine. One loss in ten is read back, to know when all are done.',
  )
  .option('--engine <name>', 'engine, such as webgpu', 'webgpu')
  .option(
    '--sizes <n,…>',
    'samples per batch, separated by commas',
    (given) => given.split(',').map(whole),
    [1024, 8192],
  )
  .option('--seconds <s>', 'how long to time each case, after warming up', positive, 2)
  .option('--no-graph', 'leave out the graph of stock operations, which takes minutes on a software adapter')
  .option('--out <file>', 'also write the results as JSON')
  .parse()
  .opts<Flags>();

try {
  // written after each case, so that an interrupted run keeps what it measured
  const found = await measureGpu(plan, (soFar) => {
    if (out !== undefined) writeFileSync(out, `${JSON.stringify(report(soFar), null, 2)}\n`);
  });
  process.stdout.write(`${shown(found)}\n`);
  process.exit(0);
} catch (error) {
  // the message of a missing engine says how to get it
  if (!(error instanceof EngineUnavailableError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}

function report(found: GpuReport): object {
  return { engine: plan.engine, versions: versions(), date: new Date().toISOString(), ...found };
}
