/**
 * Writes the page of the evidence, and one chart per study.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { writeWhole } from '../../src/support/write-whole.js';
import { chartDrawer } from '../../src/train/report/charts.js';
import { differenceChart } from './chart.js';
import { evidencePage, PLACE, picture } from './evidence-page.js';
import { hasPaperRow, secondLooks, type Told } from './looks.js';
import type { Study } from './plan.js';
import { withAnswer } from './readme.js';
import { StudyResults } from './results.js';
import { STUDIES } from './studies.js';
import { summarise } from './summary.js';
import { planOf, type StudyPlan } from './training-plan.js';
import { withMeasurements } from './which-loss.js';

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
 * Writes the page and the charts. For the folder `results/evidence` of the documentation, the page is evidence.md two
 * folders above, and the passages of which-loss.md beside it and of the README in the folder above are made anew.
 * For any other folder, the page lies in it, and no other page is touched.
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
  const own = resolve(folder);
  const docs = dirname(dirname(own));
  const isOfDocs = join(docs, PLACE) === join(own, '/');
  const page = join(isOfDocs ? docs : own, 'evidence.md');
  const place = isOfDocs ? PLACE : '';
  const draw = await chartDrawer();
  const files = told.map(({ summary: { study } }) => join(dirname(page), picture(study, place)));
  for (const [at, { summary }] of told.entries())
    writeWhole(files[at] as string, await draw(differenceChart(summary)));
  writeWhole(page, evidencePage(told, await readPlans(folder, seeds, studies), place));
  const written = [page];
  const others = [
    [join(docs, 'which-loss.md'), withMeasurements],
    [join(dirname(docs), 'README.md'), withAnswer],
  ] as const;
  for (const [path, withPassages] of isOfDocs && told.some(hasPaperRow) ? others : []) {
    if (!existsSync(path)) continue;
    writeWhole(path, withPassages(readFileSync(path, 'utf8'), told));
    written.push(path);
  }
  return [...written, ...files];
}
