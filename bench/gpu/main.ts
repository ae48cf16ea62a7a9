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
    'Times the loss of a training step with its derivative on a GPU engine; one loss in ten is read, to know when all are done.',
  )
  .option('--engine <name>', 'such as webgpu', 'webgpu')
  .option('--sizes <n,…>', 'samples a batch', (given) => given.split(',').map(whole), [1024, 8192])
  .option('--seconds <s>', 'for each case, after warming up', positive, 2)
  .option('--no-graph', 'without the graph of stock operations, which takes a software adapter minutes')
  .option('--out <file>', 'JSON, too')
  .parse()
  .opts<Flags>();

try {
  // as it goes: a long run that is cut off leaves what it had
  const found = await measureGpu(plan, (soFar) => {
    if (out !== undefined) writeFileSync(out, `${JSON.stringify(report(soFar), null, 2)}\n`);
  });
  process.stdout.write(`${shown(found)}\n`);
  process.exit(0);
} catch (error) {
  // an engine that is missing says how to get it
  if (!(error instanceof EngineUnavailableError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}

function report(found: GpuReport): object {
  return { engine: plan.engine, versions: versions(), date: new Date().toISOString(), ...found };
}
