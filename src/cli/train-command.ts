/**
 * `crl train`: a config and flags to a trained model, gone on with if it was cut off.
 *
 * @module
 */
import { PackageMissingError } from '../support/optional-package.js';
import { startProgress } from '../support/progress.js';
import { readTrainConfig } from '../train/config/config.js';
import { readRawConfig, type TrainFlags } from '../train/config/raw-config.js';
import type { Evaluation } from '../train/evaluate.js';
import { writeRunReport } from '../train/report/write-report.js';
import { type EpochLine, type RunFacts, RunFolder } from '../train/run-folder.js';
import { DivergedError, type TrainHooks, train } from '../train/train.js';
import { table } from './table.js';

/** Flags of the command. */
export interface TrainCommandOptions extends TrainFlags {
  /** False: no HTML report. */
  readonly report?: boolean;
}

/**
 * Trains a model.
 *
 * @returns the exit code: 0, or 1 if the loss became no number
 */
export async function trainCommand(file: string | undefined, options: TrainCommandOptions): Promise<number> {
  const config = readTrainConfig(readRawConfig(file, options));
  const folder = new RunFolder(config.out);
  const before = folder.result;
  const progress = epochProgress(config.epochs);
  try {
    const result = await train(config, progress.hooks);
    progress.stop(before ? `${config.out} was finished before` : `Trained in ${clock(result.seconds)}`);
    if (options.report !== false) await writeReport(folder);
    print(evaluationTable({ validation: result.validation, ...(result.test && { test: result.test }) }));
    print(`In ${config.out}: ${folder.files.join(', ')}`);
    return 0;
  } catch (error) {
    progress.stop('Stopped');
    if (!(error instanceof DivergedError)) throw error;
    process.stderr.write(`crl: ${error.message}\n`);
    return 1;
  }
}

/** A run is whole without its report, which needs packages that may be missing. */
export async function writeReport(folder: RunFolder): Promise<void> {
  try {
    await writeRunReport(folder);
  } catch (error) {
    if (!(error instanceof PackageMissingError)) throw error;
    process.stderr.write(`No report.html: ${error.message}\n`);
  }
}

/** A bar over all steps with the time that is left; without a terminal a line an epoch. */
export function epochProgress(epochs: number, title = 'Training') {
  let bar: ReturnType<typeof startProgress> | undefined;
  let last = '';
  let [steps, made, began, total] = [0, 0, 0, 0];
  const left = () =>
    made === 0 ? '' : `, ${clock((((performance.now() - began) / made) * (total - made)) / 1000)} left`;
  const hooks: TrainHooks = {
    onBegin: (facts: RunFacts, done: number) => {
      if (facts.skipped.length > 0) {
        const more = facts.skipped.length > 3 ? `\n  … in run.json all ${facts.skipped.length}` : '';
        process.stderr.write(`Left out:\n  ${facts.skipped.slice(0, 3).join('\n  ')}${more}\n`);
      }
      if (done > 0) process.stderr.write(`Going on behind epoch ${done}\n`);
      steps = facts.stepsPerEpoch;
      total = (epochs - done) * steps;
      began = performance.now();
      bar = startProgress(title, total);
    },
    onStep: (epoch) => {
      made += 1;
      // no more than a line of a terminal holds beside the bar
      bar?.advance(`epoch ${epoch}/${epochs}${left()}${last}`);
      // where images are at hand nothing else lets the bar's timer in
      return process.stderr.isTTY ? new Promise<void>((resolve) => setTimeout(resolve)) : undefined;
    },
    onEpoch: (line) => {
      last = `; ${metricText(line)}`;
      if (!process.stderr.isTTY)
        process.stderr.write(
          `epoch ${line.epoch}/${epochs}: loss ${line.loss.toFixed(4)}, validation ${metricText(line)}, ${line.seconds.toFixed(1)} s${left()}\n`,
        );
    },
  };
  const stop = (message: string) => (bar ? bar.stop(message) : process.stderr.write(`${message}\n`));
  return { hooks, stop };
}

function metricText({ validation }: EpochLine): string {
  const { meanAveragePrecision, balancedAccuracy } = validation;
  return meanAveragePrecision === null
    ? `A_bln ${shown(balancedAccuracy)}`
    : `mAP ${shown(meanAveragePrecision)}`;
}

const METRICS: readonly (readonly [string, (of: Evaluation) => number | null])[] = [
  ['images', (of) => of.images],
  ['cross entropy', (of) => of.crossEntropy],
  ['class-balanced accuracy', (of) => of.balancedAccuracy],
  ['geometric mean', (of) => of.geometricMean],
  ['macro F1', (of) => of.macroF1],
  ['mAP', (of) => of.meanAveragePrecision],
  ['many-shot', (of) => of.shots.many],
  ['medium-shot', (of) => of.shots.medium],
  ['few-shot', (of) => of.shots.few],
];

/** Metrics of some sets, side by side. */
export function evaluationTable(sets: Readonly<Record<string, Evaluation>>): string {
  const rows = METRICS.map(([name, value]) => [name, ...Object.values(sets).map((set) => shown(value(set)))]);
  return table(
    ['', ...Object.keys(sets)],
    rows.filter((row) => row.slice(1).some((cell) => cell !== '–')),
  );
}

function shown(value: number | null): string {
  if (value === null) return '–';
  return Number.isInteger(value) && value > 1 ? String(value) : value.toFixed(4);
}

/** A time to read. */
export function clock(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
