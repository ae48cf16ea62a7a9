/**
 * `npm run evidence`: trains every method on every study, run by run, and goes on where it was cut off.
 *
 * @module
 */
import { Command, InvalidArgumentError } from 'commander';
import { STUDIES } from './plan.js';
import { writeEvidence } from './report.js';
import { StudyResults } from './results.js';
import { runStudy } from './runs.js';

interface Flags {
  readonly only?: readonly string[];
  readonly methods?: readonly string[];
  readonly seeds: number;
  readonly out: string;
  readonly work: string;
  readonly report: boolean;
}

const { only, methods, seeds, out, work, report } = new Command('evidence')
  .description('Compares cross entropy, its rivals and CRL on long-tailed data; hours, resumed run by run.')
  .option('--only <ids>', `studies, by comma: ${STUDIES.map(({ id }) => id).join(', ')}`, studies)
  .option('--methods <parts>', 'methods whose name has one of these in it, by semicolon', (given) =>
    given.split(';'),
  )
  .option('--seeds <n>', 'seeds of the comparison', count, 5)
  .option('--out <folder>', 'where results are, and go', 'docs/results/evidence')
  .option('--work <folder>', 'where the run that is under way is', '.evidence')
  .option('--report', 'train nothing; write the page of what is done', false)
  .parse()
  .opts<Flags>();

const allSeeds = Array.from({ length: seeds }, (_, at) => at + 1);
for (const study of report ? [] : STUDIES.filter(({ id }) => only?.includes(id) ?? true)) {
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
process.exit(0); // tfjs's wasm engine keeps threads alive

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
