/**
 * `crl forecast` on the command line; what it does is loaded when it is called.
 *
 * @module
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ANCHORS } from '../../spec/rules.js';
import { withLabelFlags } from './data-flags.js';
import type { ForecastCommandOptions } from './forecast-command.js';
import type { CommandTools } from './train-commands.js';

const HELP = `
Examples:
  crl forecast train.csv --classes 28 --batch 32
  crl forecast train.csv --classes 28 --encoding multi-label --batch 64 --chart forecast.svg
  crl forecast --counts 5000,500,50 --batch 128 --sampler class-aware --per-class 2

An estimate that comes from drawn batches has its standard error behind ±; all others are exact.
Exit codes: 0 forecast, 2 could not run.`;

/** Adds the command. */
export function addForecastCommand(
  program: Command,
  { run, whole }: Pick<CommandTools, 'run' | 'whole'>,
): void {
  const positive = whole(1, Number.MAX_SAFE_INTEGER);
  const command = program
    .command('forecast')
    .description('say what CRL will find in the batches of some labels, before anything is trained')
    .argument('[labels]', 'a label file, Id,Target; no image is read');
  withLabelFlags(command)
    .option('--allow-empty', 'images may have no label, or no class of an attribute')
    .option('--skip-bad', 'skip bad lines, and list them')
    .option('--counts <n,n,…>', 'samples of each class, instead of a label file', counts)
    .option('--batch <n>', 'samples in a batch', positive, 32)
    .option('--rho <x>', 'ρ, in (0, 1] (default: 0.5)', number)
    .option('--kappa <n>', 'κ, at least 1 (default: 3)', positive)
    .addOption(
      new Option('--anchors <name>', 'which samples of a minority class are anchors (default: all)').choices(
        ANCHORS,
      ),
    )
    .option('--eta <x>', 'η (default: 0.01)', number)
    .option('--alpha <x>', 'α, instead of η·Ω', number)
    .addOption(
      new Option('--imbalance <name>', 'how Ω is measured').choices(['shortfall', 'transport', 'ratio']),
    )
    .addOption(
      new Option('--sampler <name>', 'how batches are drawn')
        .choices(['plain', 'class-aware'])
        .default('plain'),
    )
    .addOption(
      new Option(
        '--by <name>',
        'class-aware: whether classes are drawn equally often, or by their samples (default: class)',
      ).choices(['class', 'sample']),
    )
    .option('--per-class <n>', 'class-aware: samples of a class each time it is drawn (default: 1)', positive)
    .option('--batches <n>', 'batches that are drawn where nothing exact is known', whole(2, 1e9))
    .option('--seed <n>', 'decides the batches that are drawn (default: 0)', whole(-(2 ** 31), 2 ** 31 - 1))
    .option('--chart <file>', 'draw how often each class is a minority, as an .svg file')
    .option('--json', 'print the forecast as JSON, by schemas/forecast.schema.json')
    .addHelpText('after', HELP)
    .action((labels: string | undefined, options: ForecastCommandOptions) =>
      run(async () => (await import('./forecast-command.js')).forecastCommand(labels, options)),
    );
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidArgumentError(`expected a number, got ${text}.`);
  return value;
}

function counts(text: string): number[] {
  const read = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (read.some((count) => !Number.isSafeInteger(count) || count < 0))
    throw new InvalidArgumentError(`expected whole numbers separated by commas, got ${text}.`);
  return read;
}
