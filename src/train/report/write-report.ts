/**
 * The report of a finished run, written into its folder.
 *
 * @module
 */
import { writeWhole } from '../../support/write-whole.js';
import type { RunFolder } from '../run-folder.js';
import { chartDrawer } from './charts.js';
import { runPage } from './run-page.js';

/**
 * Writes `report.html`.
 *
 * @throws PackageMissingError - without vega and vega-lite
 */
export async function writeRunReport(folder: RunFolder): Promise<void> {
  const { config, facts, lines, result } = folder;
  if (result === undefined) return;
  writeWhole(
    folder.file('report.html'),
    await runPage({ config, facts, lines, result }, await chartDrawer()),
  );
}
