/**
 * `crl compare`: several losses with several seeds; a comparison that was cut off is resumed run by run.
 *
 * @module
 */
import { join } from 'node:path';
import { indentedJson } from '../support/json-text.js';
import { removeLeftovers, writeWhole } from '../support/write-whole.js';
import {
  compareRuns,
  type DivergedRun,
  type FinishedRun,
  type PlannedRun,
  planComparison,
} from '../train/compare.js';
import {
  comparisonMarkdown,
  comparisonNote,
  comparisonTables,
  divergedNote,
} from '../train/comparison-text.js';
import { comparisonFlags, readRawConfig, type TrainFlags } from '../train/config/raw-config.js';
import { FolderLock } from '../train/folder-lock.js';
import { makeFolder, RunFolder } from '../train/run-folder.js';
import { DivergedError, InterruptedError, type TrainChoices, train } from '../train/train.js';
import { withStopSignals } from './stop-signals.js';
import { table } from './table.js';
import { begunBy, epochProgress, writeReport } from './train-command.js';

/** The files of a comparison, beside the folders of its runs. */
const COMPARISON_FILES = ['comparison.json', 'comparison.md'];

/** Flags of the command. */
export interface CompareCommandOptions extends TrainFlags {
  readonly losses?: readonly string[];
  readonly seeds?: number;
  /** False: no HTML reports. */
  readonly report?: boolean;
  /** False: images are not checked before the first step. */
  readonly check?: boolean;
  /** Take the folder from a comparison that may still live. */
  readonly takeOver?: boolean;
}

/**
 * Trains the runs that are not finished, and compares all.
 *
 * @returns the exit code: 0; 1 if the loss of some run became NaN or infinite; 129, 130 or 143 if a signal
 * stopped it
 */
export async function compareCommand(
  file: string | undefined,
  { losses, seeds, report = true, check = true, takeOver = false, ...flags }: CompareCommandOptions,
): Promise<number> {
  const { others, lossOptions, fields } = comparisonFlags(flags);
  const raw = readRawConfig(file, others);
  const planned = planComparison(raw, {
    ...(losses && { losses }),
    ...(seeds !== undefined && { seeds }),
    lossOptions,
    flagged: fields,
  });
  const out = String(raw.out);
  makeFolder(out);
  const lock = FolderLock.take(out, { takeOver });
  try {
    removeLeftovers(out, COMPARISON_FILES);
    return await withStopSignals(async ({ signal, begin, code }) => {
      try {
        const { finished, diverged } = await runAll(planned, {
          report,
          choices: { signal, takeOver, check },
          begin,
        });
        lock.check();
        tell(out, finished, diverged);
        return code() ?? (diverged.length > 0 ? 1 : 0);
      } catch (error) {
        if (!(error instanceof InterruptedError)) throw error;
        process.stderr.write(`crl: ${error.message}\n`);
        return code() ?? 1;
      }
    });
  } finally {
    lock.release();
  }
}

/** How runs are made. */
interface RunAllOptions {
  readonly report: boolean;
  readonly choices: TrainChoices;
  readonly begin: () => void;
}

/** Trains one run after the other; if the loss of one becomes NaN or infinite, the others continue. */
async function runAll(planned: readonly PlannedRun[], { report, choices, begin }: RunAllOptions) {
  const finished: FinishedRun[] = [];
  const diverged: DivergedRun[] = [];
  // the same images are loaded once for all runs
  const checked = new Set<string>();
  for (const [at, { name, seed, config }] of planned.entries()) {
    if (choices.signal?.aborted) throw new InterruptedError('stopped between two runs');
    const title = `${at + 1}/${planned.length} ${name}, seed ${seed}`;
    const progress = epochProgress(config.epochs, title);
    const images = JSON.stringify(config.data);
    const { onChecked, ...hooks } = progress.hooks;
    const told = (done: number, all: number) => {
      if (done === all) checked.add(images);
      onChecked?.(done, all);
    };
    const check = choices.check !== false && !checked.has(images);
    try {
      const result = await train(config, { ...begunBy(hooks, begin), ...choices, check, onChecked: told });
      finished.push({ name, seed, result });
      progress.stop(title);
      const folder = new RunFolder(config.out);
      if (report && !folder.files.includes('report.html')) await writeReport(folder);
    } catch (error) {
      progress.stop(`${title}: stopped`);
      if (!(error instanceof DivergedError)) throw error;
      diverged.push({ name, seed, message: error.message });
      process.stderr.write(`crl: ${divergedNote({ name, seed, message: error.message })}\n`);
    }
  }
  return { finished, diverged };
}

function tell(out: string, finished: readonly FinishedRun[], diverged: readonly DivergedRun[]): void {
  const comparison = compareRuns(finished, diverged);
  writeWhole(join(out, 'comparison.json'), `${indentedJson(comparison)}\n`);
  writeWhole(join(out, 'comparison.md'), comparisonMarkdown(comparison));
  const { metrics, differences } = comparisonTables(comparison);
  const drawn = [metrics, differences].map(({ head, rows }) => table(head, rows));
  const files = `In ${join(out, 'comparison.json')} and comparison.md`;
  process.stdout.write(`${[comparisonNote(comparison), ...drawn, files].join('\n')}\n`);
}
