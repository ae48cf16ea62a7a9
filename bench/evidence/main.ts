/**
 * `npm run evidence`: trains every method on every study, one run after the other, and resumes after an
 * interruption.
 *
 * @module
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import { ENGINE_NAMES, type EngineName } from '../../backends/tfjs/index.js';
import { OutFolder } from '../preparation.js';
import { STUDIES, type Study } from './plan.js';
import { writeEvidence } from './report.js';
import { StudyResults } from './results.js';
import { runStudy } from './runs.js';
import { planOf, type TrainingPlan } from './training-plan.js';

interface Flags {
  readonly only?: readonly string[];
  readonly methods?: readonly string[];
  readonly seeds: number;
  readonly out: string;
  readonly work: string;
  readonly report: boolean;
  readonly plan: boolean;
  readonly engine: EngineName;
}

const { only, methods, seeds, out, work, report, plan, engine } = new Command('evidence')
  .description(
    'Compares cross entropy, its rivals and CRL on long-tailed data. It takes hours, and resumes with the first unfinished run.',
  )
  .option(
    '--only <ids>',
    `studies to run, separated by commas: ${STUDIES.map(({ id }) => id).join(', ')}`,
    studies,
  )
  .option(
    '--methods <parts>',
    'only methods whose name contains one of these, separated by semicolons',
    (given) => given.split(';'),
  )
  .option('--seeds <n>', 'number of seeds of the comparison', count, 5)
  .option('--out <folder>', 'folder of the results', 'docs/results/evidence')
  .option('--work <folder>', 'folder of the current run', '.evidence')
  .addOption(
    new Option('--engine <name>', 'engine to train on; results of another engine need another --out')
      .choices(ENGINE_NAMES)
      .default('wasm'),
  )
  .option('--plan', 'train nothing, and tell how many trainings are finished and how many are left', false)
  .option('--report', 'train nothing, and write the page from the finished runs', false)
  .parse()
  .opts<Flags>();

const folder = new OutFolder(out);
if (folder.problem) {
  process.stderr.write(`${folder.problem}\n`);
  process.exit(2);
}
const allSeeds = Array.from({ length: seeds }, (_, at) => at + 1);
if (plan) {
  for (const study of STUDIES.filter(({ id }) => only?.includes(id) ?? true))
    process.stdout.write(`${inWords(study, await planOf(study, new StudyResults(out, study), allSeeds))}\n`);
  process.exit(0);
}
for (const each of report ? [] : STUDIES.filter(({ id }) => only?.includes(id) ?? true)) {
  const study = { ...each, base: { ...each.base, engine } };
  await runStudy(study, new StudyResults(out, study), {
    work,
    seeds: allSeeds,
    ...(methods && { methods }),
    onRun: (what, { changes, seconds, validation, failure }) =>
      process.stderr.write(
        `${what}: ${failure ?? validation?.[study.metric]?.toFixed(4)}, ${seconds.toFixed(0)} s, ${JSON.stringify(changes)}\n`,
      ),
  });
}
for (const file of await writeEvidence(out, allSeeds)) process.stdout.write(`${file}\n`);
process.exit(0); // threads of tfjs's wasm engine would keep the process alive

function studies(given: string): readonly string[] {
  const ids = given.split(',');
  const unknown = ids.find((id) => !STUDIES.some((study) => study.id === id));
  if (unknown !== undefined)
    throw new InvalidArgumentError(
      `expected some of ${STUDIES.map(({ id }) => id).join(', ')}, got ${unknown}`,
    );
  return ids;
}

function count(given: string): number {
  const number = Number(given);
  if (!Number.isSafeInteger(number) || number < 2)
    throw new InvalidArgumentError(`expected a whole number ≥ 2, got ${given}`);
  return number;
}

function inWords({ id }: Study, { finished, left, atMost, secondsEach }: TrainingPlan): string {
  const hours = (trainings: number) => ((trainings * secondsEach) / 3600).toFixed(1);
  const time = Number.isFinite(secondsEach) ? `, ${hours(left)} to ${hours(atMost)} hours` : '';
  return `${id}: ${finished} trainings are finished; ${left} to ${atMost} are left${time}`;
}
