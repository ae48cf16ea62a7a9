/**
 * `npm run evidence`: trains every method on every study, one run after the other, and resumes after an
 * interruption.
 *
 * @module
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import { ENGINE_NAMES, type EngineName } from '../../backends/tfjs/index.js';
import { OutFolder } from '../preparation.js';
import { secondLooks } from './looks.js';
import { laterSeeds, type Study } from './plan.js';
import { readEvidence, readPlans, writeEvidence } from './report.js';
import { type EvidenceRun, engineOf, StudyResults } from './results.js';
import { runSeeds, runStudy } from './runs.js';
import { DEFAULT_ENGINE, STUDIES, studiesOn, TENSORFLOW_THREADS } from './studies.js';
import { planInWords } from './training-plan.js';

interface Flags {
  readonly only?: readonly string[];
  readonly methods?: readonly string[];
  readonly seeds: number;
  readonly out: string;
  readonly work: string;
  readonly report: boolean;
  readonly plan: boolean;
  readonly engine?: EngineName;
}

const { only, methods, seeds, out, work, report, plan, engine } = new Command('evidence')
  .description(
    'Compares cross entropy, its rivals and CRL on long-tailed data. It takes hours, and resumes with the first unfinished run.',
  )
  .option(
    '--only <ids>',
    `studies to run, separated by commas: ${STUDIES.map(({ id }) => id).join(', ')}`,
    studyIds,
  )
  .option(
    '--methods <parts>',
    'only methods whose name contains one of these, separated by semicolons',
    (given) => given.split(';'),
  )
  .option(
    '--seeds <n>',
    'number of seeds of the comparison; a second look, where a verdict hangs on it, has twice as many',
    count,
    5,
  )
  .option('--out <folder>', 'folder of the results', 'docs/results/evidence')
  .option('--work <folder>', 'folder of the current run', '.evidence')
  .addOption(
    new Option(
      '--engine <name>',
      `engine to train on; results of another engine need another --out (default: the one of the results there, else ${DEFAULT_ENGINE})`,
    ).choices(ENGINE_NAMES),
  )
  .option('--plan', 'train nothing, and tell how many trainings are finished and how many are left', false)
  .option('--report', 'train nothing, and write the page from the finished runs', false)
  .parse()
  .opts<Flags>();

process.env.TF_NUM_INTRAOP_THREADS = String(TENSORFLOW_THREADS);
const folder = new OutFolder(out);
if (folder.problem) {
  process.stderr.write(`${folder.problem}\n`);
  process.exit(2);
}
const allSeeds = Array.from({ length: seeds }, (_, at) => at + 1);
const studies = studiesOn(engine ?? engineOf(out) ?? DEFAULT_ENGINE);
const isWanted = ({ id }: Study) => only?.includes(id) ?? true;
if (plan) {
  const plans = await readPlans(out, allSeeds, studies);
  process.stdout.write(planInWords(plans.filter(({ study }) => isWanted(study))));
  process.exit(0);
}
const onRun = (what: string, { changes, seconds, validation, failure }: EvidenceRun) => {
  const result = failure ?? `class-balanced accuracy ${validation?.balancedAccuracy?.toFixed(4)}`;
  process.stderr.write(`${what}: ${result}, ${seconds.toFixed(0)} s, ${JSON.stringify(changes)}\n`);
};
if (!report) {
  for (const study of studies.filter(isWanted)) {
    const options = { work, seeds: allSeeds, ...(methods && { methods }), onRun };
    await runStudy(study, new StudyResults(out, study), options);
  }
  const later = { work, seeds: laterSeeds(allSeeds), onRun };
  const looks = methods ? [] : secondLooks(await readEvidence(out, allSeeds, studies));
  for (const { study, results, methods: due } of looks)
    if (isWanted(study)) await runSeeds(study, results, due, later);
}
for (const file of await writeEvidence(out, allSeeds, studies)) process.stdout.write(`${file}\n`);
process.exit(0); // threads of tfjs's wasm engine would keep the process alive

function studyIds(given: string): readonly string[] {
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
