/**
 * `crl train`: from a config and flags to a trained model; a run that was cut off is resumed.
 *
 * @module
 */
import { startProgress } from '../support/progress.js';
import { readTrainConfig } from '../train/config/config.js';
import { readRawConfig, type TrainFlags } from '../train/config/raw-config.js';
import type { Evaluation } from '../train/evaluate.js';
import { writeRunReport } from '../train/report/write-report.js';
import { type EpochLine, type RunFacts, RunFolder } from '../train/run-folder.js';
import { DivergedError, InterruptedError, type TrainChoices, train } from '../train/train.js';
import { checkProgress } from './data-command.js';
import { withStopSignals } from './stop-signals.js';
import { table } from './table.js';

/** Flags of the command. */
export interface TrainCommandOptions extends TrainFlags {
  /** False: no HTML report. */
  readonly report?: boolean;
  /** False: images are not checked before the first step. */
  readonly check?: boolean;
  /** Take the folder from a run that may still live. */
  readonly takeOver?: boolean;
}

/**
 * Trains a model.
 *
 * @returns the exit code: 0; 1 if the loss became NaN or infinite; 129, 130 or 143 if a signal stopped it
 */
export async function trainCommand(file: string | undefined, options: TrainCommandOptions): Promise<number> {
  const config = readTrainConfig(readRawConfig(file, options));
  const folder = new RunFolder(config.out);
  const { takeOver = false } = options;
  const progress = epochProgress(config.epochs);
  return withStopSignals(async ({ signal, begin, code }) => {
    try {
      const hooks = begunBy(forecastFirst(progress.hooks), begin);
      const result = await train(config, { ...hooks, signal, takeOver, check: options.check !== false });
      progress.stop(
        progress.begun() ? `Trained in ${clock(result.seconds)}` : `${config.out} was finished before`,
      );
      if (options.report !== false) await writeReport(folder);
      print(evaluationTable({ validation: result.validation, ...(result.test && { test: result.test }) }));
      if (config.keep === 'best')
        print(`Evaluated: the best epoch, ${result.epoch} of ${result.epochs}, whose model is in best`);
      print(`In ${config.out}: ${folder.files.join(', ')}`);
      return code() ?? 0; // a signal may come while the report is written
    } catch (error) {
      // what is refused before the first step has not stopped anything
      if (progress.begun()) progress.stop('Stopped');
      if (!(error instanceof DivergedError || error instanceof InterruptedError)) throw error;
      process.stderr.write(`crl: ${error.message}\n`);
      return error instanceof InterruptedError ? (code() ?? 1) : 1;
    }
  });
}

/** Says what CRL should find in the batches before the first step. */
function forecastFirst(hooks: TrainChoices): TrainChoices {
  return {
    ...hooks,
    onBegin: (facts, done) => {
      for (const line of facts.forecast?.summary ?? []) process.stderr.write(`${line}\n`);
      hooks.onBegin?.(facts, done);
    },
  };
}

/** From its first step on, a run has something to save when a signal comes. */
export function begunBy(hooks: TrainChoices, begin: () => void): TrainChoices {
  return {
    ...hooks,
    onBegin: (facts, done) => {
      begin();
      hooks.onBegin?.(facts, done);
    },
  };
}

/** A run is whole without its report, which needs packages that may be missing. */
export async function writeReport(folder: RunFolder): Promise<void> {
  try {
    await writeRunReport(folder);
  } catch (error) {
    process.stderr.write(`No report.html: ${(error as Error).message}\n`);
  }
}

/** A bar over all steps with the time that is left; without a terminal one line per epoch. */
export function epochProgress(epochs: number, title = 'Training') {
  let bar: ReturnType<typeof startProgress> | undefined;
  let last = '';
  let [made, began, total] = [0, 0, 0];
  const left = () =>
    made === 0 ? '' : `, ${clock((((performance.now() - began) / made) * (total - made)) / 1000)} left`;
  const hooks: TrainChoices = {
    onChecked: checkProgress(),
    onNote: (message) => (bar ? bar.note(message) : process.stderr.write(`${message}\n`)),
    onWarning: (message) => process.stderr.write(`Warning: ${message}\n`),
    onBegin: (facts: RunFacts, done) => {
      if (facts.skipped.length > 0) {
        const more = facts.skipped.length > 3 ? `\n  … all ${facts.skipped.length} are in run.json` : '';
        process.stderr.write(`Left out:\n  ${facts.skipped.slice(0, 3).join('\n  ')}${more}\n`);
      }
      if (done.step > 0)
        process.stderr.write(`Resuming in epoch ${done.epochs + 1} after step ${done.step}\n`);
      else if (done.epochs > 0) process.stderr.write(`Resuming after epoch ${done.epochs}\n`);
      total = (epochs - done.epochs) * facts.stepsPerEpoch - done.step;
      began = performance.now();
      bar = startProgress(title, total);
    },
    onStep: (epoch) => {
      made += 1;
      // the bar itself shows the time that is left
      bar?.advance(`epoch ${epoch}/${epochs}${last}`);
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
  return { hooks, stop, begun: () => bar !== undefined };
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
