/**
 * Writes the page of the evidence, and one chart per study.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeWhole } from '../../src/support/write-whole.js';
import { chartDrawer } from '../../src/train/report/charts.js';
import { differenceChart } from './chart.js';
import { evidencePage, picture } from './evidence-page.js';
import { secondLooks, type Told } from './looks.js';
import { hasPlace } from './made-passage.js';
import { STUDIES, type Study } from './plan.js';
import { withAnswer } from './readme.js';
import { StudyResults } from './results.js';
import { summarise } from './summary.js';
import { planOf, type StudyPlan } from './training-plan.js';
import { withMeasuredTable } from './which-loss.js';

/** The studies that have results in a folder. */
export async function readEvidence(
  folder: string,
  seeds: readonly number[],
  studies: readonly Study[] = STUDIES,
): Promise<Told[]> {
  const told: Told[] = [];
  for (const study of studies) {
    if (!existsSync(join(folder, `${study.id}.json`))) continue;
    const results = new StudyResults(folder, study);
    told.push({ summary: await summarise(study, results, seeds), results });
  }
  return told;
}

/** What is planned of each study. A folder without results of a study has all of its trainings left. */
export async function readPlans(
  folder: string,
  seeds: readonly number[],
  studies: readonly Study[] = STUDIES,
): Promise<StudyPlan[]> {
  const due = secondLooks(await readEvidence(folder, seeds, studies));
  const plans: StudyPlan[] = [];
  for (const study of studies) {
    const look = due.find((each) => each.study.id === study.id);
    plans.push({ study, ...(await planOf(study, new StudyResults(folder, study), seeds, look?.methods)) });
  }
  return plans;
}

/**
 * Writes the page two folders above the results, by default docs/evidence.md, and the charts beside the results. The
 * table of which-loss.md beside the page and the answer of the README in the folder above are made anew, if these
 * files exist and have a place for them.
 *
 * @returns the files
 */
export async function writeEvidence(
  folder: string,
  seeds: readonly number[],
  studies: readonly Study[] = STUDIES,
): Promise<string[]> {
  const told = await readEvidence(folder, seeds, studies);
  if (told.length === 0) return [];
  const draw = await chartDrawer();
  const page = join(dirname(dirname(folder)), 'evidence.md');
  const files = told.map(({ summary: { study } }) => join(dirname(page), picture(study)));
  for (const [at, { summary }] of told.entries())
    writeWhole(files[at] as string, await draw(differenceChart(summary)));
  writeWhole(page, evidencePage(told, await readPlans(folder, seeds, studies)));
  const written = [page];
  for (const [path, withPassage] of [
    [join(dirname(page), 'which-loss.md'), withMeasuredTable],
    [join(dirname(dirname(page)), 'README.md'), withAnswer],
  ] as const) {
    const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
    if (!hasPlace(before)) continue; // beside results elsewhere there may be other pages of these names
    writeWhole(path, withPassage(before, told));
    written.push(path);
  }
  return [...written, ...files];
}
