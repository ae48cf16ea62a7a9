/**
 * Judges the mutants of every file that changed, or whose judges changed, then writes docs/mutation.md.
 *
 * Files are judged one at a time, since Stryker keeps nothing of an interrupted run. The result of each file
 * is kept in docs/results/mutation, so that a second run, also on another machine, continues with the rest.
 * A killed mutant stays killed until its file changes. When only the judges change, the survivors without a
 * reason are judged again.
 *
 * - `--all` judges everything again.
 * - `--group=host` (spec, beside, host, tfjs, fused) judges one group, `--file=NAME` the files whose path contains NAME.
 * - `--jobs=2` judges two files at a time.
 * - `--own` runs only the tests beside the sources (of `spec` and `beside` with `--tests`), prints the survivors and keeps nothing: for authors of tests.
 * - `--tests=sampled-bounds` runs only sampled-bounds.test.ts.
 * - `--check` only tries whether the judges still run where Stryker runs them, in a copy of a part of the files.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { createJiti } from 'jiti';

/** @type {typeof import('../../docs/build/survivors.ts')} */
const { reasonOf, shownMutant } = await createJiti(import.meta.url).import('../../docs/build/survivors.ts');

const root = resolve(import.meta.dirname, '../..');
const reports = join(root, '.stryker');
const results = join(root, 'docs/results/mutation');

/** Exports, types and prose: they hold nothing that a judge could test. */
const NOT_MUTATED = ['index.ts', 'rules.ts', 'contract.ts', 'rulings.ts'];

/**
 * What losses and programs read of their callers, before any law applies: no property asks about it, so that it is
 * judged by the tests beside it.
 */
const BESIDE_THE_LAW = [
  'loss-shapes.ts',
  'nearest.ts',
  'requested-weight.ts',
  'tensor-labels.ts',
  'training-counts.ts',
];

/**
 * The groups of files that the same judges judge: the specification, whose judges have nothing to compare it
 * with but the vectors; what it keeps beside the law; and each backend, which is compared with the specification.
 */
const groups = [
  { name: 'spec', files: [...sources('spec', [...NOT_MUTATED, ...BESIDE_THE_LAW]), 'backends/reference.ts'] },
  { name: 'beside', files: BESIDE_THE_LAW.map((file) => `spec/${file}`) },
  {
    name: 'host',
    files: [
      ...sources('backends/host', []),
      ...['batch', 'arrays', 'class-level', 'instance-level'].flatMap((folder) =>
        sources(`backends/host/${folder}`, []),
      ),
      // without backends/host/simd, whose bytes a test compares with the source that they are compiled from
    ],
  },
  {
    name: 'tfjs',
    files: [
      'backends/tfjs/read-out.ts',
      'backends/tfjs/tensors.ts',
      ...sources('backends/tfjs/graph', ['scatter-program.ts']), // a shader
    ],
  },
  { name: 'fused', files: ['backends/tfjs/tensor-loss.ts', ...sources('backends/tfjs/fused', [])] },
];

function sources(folder, without) {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.ts') && !/\.test(-helper)?\.ts$/.test(name) && !without.includes(name))
    .map((name) => `${folder}/${name}`);
}

const judges = ['properties', 'bench/mutation', 'spec/vectors']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .filter(
    (name) => /\.(ts|mjs|json)$/.test(name) && !/\/wrong-backends\/|survivors\.json$|run\.mjs$/.test(name),
  )
  .sort();
const ownTests = ['backends/host', 'backends/tfjs']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .filter((name) => /\.test(-helper)?\.ts$/.test(name))
  .concat(
    readdirSync(join(root, 'spec'))
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => `spec/${name}`),
  )
  .sort();
/** The digest of all judges. */
const judgesHash = hash([...judges, ...ownTests]);

if (process.argv.includes('--check')) {
  for (const [judged, file, tests] of [
    ['spec', 'spec/pairs.ts', '*'],
    ['own', 'backends/host/arrays/scratch.ts', '*'],
  ])
    await run('stryker', ['run', 'bench/mutation/stryker.config.mjs', '--dryRunOnly', '--mutate', file], {
      CRL_MUTATED: judged,
      CRL_KEEP_NOTHING: '1',
      CRL_OWN_TESTS: tests,
    });
  process.exit();
}
if (process.argv.includes('--all')) {
  for (const folder of [reports, results]) rmSync(folder, { recursive: true, force: true });
}
for (const folder of [reports, results]) mkdirSync(folder, { recursive: true });
const [asked, part = '', jobs = '1', tests = '*'] = ['group', 'file', 'jobs', 'tests'].map((name) =>
  process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3),
);
const waiting = groups
  .filter(({ name }) => asked === undefined || asked === name)
  .flatMap(({ name, files }) => files.map((file) => ({ file, group: name })))
  .filter(({ file }) => file.includes(part));
if (process.argv.includes('--own')) {
  const files = waiting.map(({ file }) => file).join();
  await run('stryker', ['run', 'bench/mutation/stryker.config.mjs', '--mutate', files], {
    CRL_MUTATED: 'own',
    CRL_KEEP_NOTHING: '1',
    CRL_OWN_TESTS: tests,
  });
  process.exit();
}
await Promise.all(Array.from({ length: Number(jobs) }, judgeWaiting));
await run('jiti', ['docs/build/mutation.ts']);

/** Judges the waiting files, one after the other. */
async function judgeWaiting() {
  for (let next = waiting.shift(); next; next = waiting.shift()) await judge(next.file, next.group);
}

/** Judges the mutants of a file if the file or its judges changed. */
async function judge(file, group) {
  const name = `${group}-${file.replace(/\.ts$/, '').replaceAll('/', '-')}.json`;
  const result = join(results, name);
  const own = hash([file]);
  const before = existsSync(result) ? JSON.parse(readFileSync(result, 'utf8')) : undefined;
  const same = before?.source === own;
  if (same && (before.judges === judgesHash || !before.lived.some((mutant) => !reasonOf(mutant)))) return;
  // killed mutants stay killed while the file is the same; survivors are judged again, whichever machine found them
  const known = same && before.lived.every(({ range }) => range) ? before : undefined;
  const found = await judgeInSteps(file, group, name, known);
  const of = (...statuses) =>
    found.mutants.filter(({ status }) => statuses.includes(status)).map(({ told }) => told);
  const written = {
    file,
    group,
    date: new Date().toISOString().slice(0, 10),
    stryker: found.version,
    source: own,
    judges: judgesHash,
    killed: (found.known?.killed ?? 0) + of('Killed').length,
    ignored: (found.known?.ignored ?? 0) + of('Ignored').length,
    endless: [...(found.known?.endless ?? []), ...of('Timeout')],
    // mutants that could not run included, if there are any
    lived: found.mutants
      .filter(({ status }) => !['Killed', 'Timeout', 'Ignored'].includes(status))
      .map(({ told }) => told),
  };
  writeFileSync(result, `${JSON.stringify(written, null, 1)}\n`);
}

/**
 * The steps of judging a file, each of which judges what the one before left. The law: first the properties and
 * vectors, then, since much of it refuses bad input, the tests of that and the one beside the file. All else, quick
 * ones first: the test of the same name, if there is one; of a backend then all tests beside it, and the properties.
 */
function stepsOf(file, group, known) {
  const name = basename(file, '.ts');
  if (group === 'spec') {
    const steps = [
      { judged: 'spec', tests: '*' },
      { judged: 'own', tests: `{bad-input,${name}}` },
    ];
    return known ? steps.reverse() : steps; // the law has judged the known ones before
  }
  const hasOwn = existsSync(join(root, file.replace(/\.ts$/, '.test.ts')));
  const ofBackend = [
    { judged: 'own', tests: '*' },
    { judged: group, tests: '*' },
  ];
  return [...(hasOwn ? [{ judged: 'own', tests: name }] : []), ...(group === 'beside' ? [] : ofBackend)];
}

/** Judges the mutants of a file step by step. */
async function judgeInSteps(file, group, name, known) {
  const steps = stepsOf(file, group, known);
  let found = known && {
    known,
    version: known.stryker,
    mutants: known.lived.map((told) => mutant('Survived', told)),
  };
  // where a step has no test that is related to the file, the next one is the first
  while (!found) {
    const step = steps.shift();
    if (!step) throw new Error(`${file}: expected a judge that has tests for it, got none`);
    found = await mutantsOf(file, file, step, join(reports, name));
  }
  for (const [at, step] of steps.entries()) {
    const left = found.mutants.filter(({ status, told }) => isLeft(status) && !reasonOf(told));
    if (left.length === 0) return found;
    const report = join(reports, `${at}-${name}`);
    rmSync(report, { force: true }); // the places in an earlier version of the file are not those of this one
    const places = left.map(({ range }) => `${file}:${range}`).join();
    const again = await mutantsOf(file, places, step, report);
    if (!again) continue;
    const verdicts = new Map(again.mutants.map(({ key, status }) => [key, status]));
    found = {
      ...found,
      mutants: found.mutants.map((one) =>
        left.includes(one) ? { ...one, status: verdicts.get(one.key) ?? one.status } : one,
      ),
    };
  }
  return found;
}

/** A mutant: how it is shown, its status, and the key by which it is found again. */
function mutant(status, told) {
  return { status, told, range: told.range, key: `${told.range} ${told.replacement}` };
}

function isLeft(status) {
  return ['Survived', 'NoCoverage'].includes(status);
}

/** Runs Stryker on a file, or on some places of it. Undefined if the step has no test that is related to the file. */
async function mutantsOf(file, places, { judged, tests }, report) {
  if (existsSync(report)) forgetSurvivors(report);
  const before = writtenAt(report);
  const options = ['--mutate', places, '--incrementalFile', report];
  await run('stryker', ['run', 'bench/mutation/stryker.config.mjs', ...options], {
    CRL_MUTATED: judged,
    CRL_OWN_TESTS: tests,
    CRL_ALLOW_EMPTY: '1',
  });
  if (writtenAt(report) === before) return undefined;
  const { files, framework } = JSON.parse(readFileSync(report, 'utf8'));
  const { source, mutants } = files[file] ?? { source: '', mutants: [] };
  return {
    version: framework.version,
    mutants: mutants.map(({ status, location, replacement }) => {
      const { start, end } = location;
      const range = `${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;
      const place = `${start.line}:${start.column}`;
      return mutant(status, { place, range, ...shownMutant(file, source, { location, replacement }) });
    }),
  };
}

/** When a file was written last; undefined if there is none. */
function writtenAt(file) {
  return existsSync(file) ? statSync(file).mtimeMs : undefined;
}

/**
 * Removes survivors from Stryker's report, so that it judges them again: it does not see that a property or a
 * vector changed. Survivors with a reason stay.
 */
function forgetSurvivors(report) {
  const found = JSON.parse(readFileSync(report, 'utf8'));
  for (const [name, file] of Object.entries(found.files)) {
    file.mutants = file.mutants.filter((mutant) => {
      if (!['Survived', 'NoCoverage'].includes(mutant.status)) return true;
      return reasonOf(shownMutant(name, file.source, mutant)) !== undefined;
    });
  }
  writeFileSync(report, JSON.stringify(found));
}

function hash(files) {
  const sum = createHash('sha256');
  for (const file of files) sum.update(file).update(readFileSync(join(root, file)));
  return sum.digest('hex');
}

async function run(command, args, more = {}) {
  const env = { ...process.env, ...more };
  const child = spawn('npx', ['--no-install', command, ...args], { cwd: root, stdio: 'inherit', env });
  const status = await new Promise((resolve) => child.once('close', resolve));
  if (status !== 0) process.exit(status ?? 1);
}
