/**
 * The report of a finished run, written into its folder.
 *
 * @module
 */
import { writeWhole } from '../../support/write-whole.js';
import type { RunFolder } from '../run-folder.js';
import { chartDrawer } from './charts.js';
import { classesCsv, confusionCsv, minorityShares } from './classes.js';
import { runPage } from './run-page.js';

/**
 * Writes `report.html`, and what a page cannot show of thousands of classes: `classes.csv` and, where each
 * image has one class, `confusion.csv`.
 *
 * @throws PackageMissingError - without vega and vega-lite
 * @throws WriteError
 */
export async function writeRunReport(folder: RunFolder): Promise<void> {
  const { config, facts, lines, result } = folder;
  if (result === undefined) return;
  const { classes } = facts;
  const evaluation = result.test ?? result.validation;
  const page = await runPage({ config, facts, lines, result }, await chartDrawer());
  writeWhole(
    folder.file('classes.csv'),
    classesCsv(facts, evaluation, minorityShares(lines, classes.length)),
  );
  if (evaluation.confusion)
    writeWhole(folder.file('confusion.csv'), confusionCsv(evaluation.confusion, classes));
  writeWhole(folder.file('report.html'), page);
}
