/**
 * `crl compare`: several losses with several seeds, gone on with run by run.
 *
 * @module
 */
import { join } from 'node:path';
import { writeWhole } from '../support/write-whole.js';
import { compareRuns, type FinishedRun, planComparison } from '../train/compare.js';
import { comparisonMarkdown, comparisonNote, comparisonTables } from '../train/comparison-text.js';
import { readRawConfig, type TrainFlags } from '../train/config/raw-config.js';
import { RunFolder } from '../train/run-folder.js';
import { train } from '../train/train.js';
import { table } from './table.js';
import { epochProgress, writeReport } from './train-command.js';

/** Flags of the command. */
export interface CompareCommandOptions extends TrainFlags {
  readonly losses?: readonly string[];
  readonly seeds?: number;
  /** False: no HTML reports. */
  readonly report?: boolean;
}

/** Trains what is not trained yet, and compares. */
export async function compareCommand(
  file: string | undefined,
  options: CompareCommandOptions,
): Promise<number> {
  const { losses, seeds, ...flags } = options;
  const raw = readRawConfig(file, flags);
  const planned = planComparison(raw, { ...(losses && { losses }), ...(seeds !== undefined && { seeds }) });
  const finished: FinishedRun[] = [];
  for (const [at, { name, seed, config }] of planned.entries()) {
    const title = `${at + 1}/${planned.length} ${name}, seed ${seed}`;
    const progress = epochProgress(config.epochs, title);
    finished.push({ name, seed, result: await train(config, progress.hooks) });
    progress.stop(title);
    const folder = new RunFolder(config.out);
    if (options.report !== false && !folder.files.includes('report.html')) await writeReport(folder);
  }
  const comparison = compareRuns(finished);
  const out = String(raw.out);
  writeWhole(join(out, 'comparison.json'), `${JSON.stringify(comparison, null, 2)}\n`);
  writeWhole(join(out, 'comparison.md'), comparisonMarkdown(comparison));
  const { metrics, differences } = comparisonTables(comparison);
  const drawn = [metrics, differences].map(({ head, rows }) => table(head, rows));
  const files = `In ${join(out, 'comparison.json')} and comparison.md`;
  process.stdout.write(`${[comparisonNote(comparison), ...drawn, files].join('\n')}\n`);
  return 0;
}
