/**
 * Judges the mutants of every file that changed, or whose judges did, then writes docs/mutation.md.
 *
 * A file at a time, since Stryker keeps nothing of a run that is cut off: begin again, and what was
 * judged stays judged. Mutants once killed stay so while their file stands; when the judges change
 * only those that live without a reason are tried again. `--all` forgets what is known and begins from nothing;
 * `--group=host` (spec, host, tfjs, fused) judges one group only.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { createJiti } from 'jiti';

/** @type {typeof import('../../docs/build/survivors.ts')} */
const { reasonOf, shownMutant } = await createJiti(import.meta.url).import('../../docs/build/survivors.ts');

const root = resolve(import.meta.dirname, '../..');
const results = join(root, '.stryker');

/** Exports, types and prose: nothing that could go wrong in a way to be judged. */
const NOT_MUTATED = ['index.ts', 'contract.ts', 'rulings.ts'];

/** Of the tfjs backend: what starts engines, has tests of its own for what no property can ask. */
const NOT_GRAPH = ['index.ts', 'engines.ts', 'runner.ts'];

/**
 * What is mutated together, by the same judges: the specification, whose judges know nothing better
 * than it; and each backend, whose judges have the specification.
 */
const groups = [
  { name: 'spec', files: [...sources('spec', NOT_MUTATED), 'backends/reference.ts'] },
  { name: 'host', files: sources('backends/host', ['index.ts']).concat('backends/host/index.ts') },
  {
    name: 'tfjs',
    files: sources('backends/tfjs', [
      ...NOT_GRAPH,
      'fused-backend.ts',
      'tensor-loss.ts',
      'scatter-program.ts',
    ]),
  },
  {
    name: 'fused',
    files: ['backends/tfjs/fused-backend.ts', ...sources('backends/tfjs/kernels', [])],
  },
];

function sources(folder, without) {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !without.includes(name))
    .map((name) => `${folder}/${name}`);
}

const judges = ['properties', 'spec/vectors']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .filter((name) => /\.(ts|mjs|json)$/.test(name) && !/\/mutants\/|survivors\.json$|run\.mjs$/.test(name))
  .concat('spec/vectors.test.ts')
  .sort();
const judgesHash = hash(judges);

if (process.argv.includes('--all')) rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const asked = process.argv.find((word) => word.startsWith('--group='))?.slice('--group='.length);
for (const { name, files } of groups) {
  if (asked !== undefined && asked !== name) continue;
  for (const file of files) judge(file, name);
}
run('jiti', ['docs/build/mutation.ts']);

/** Judges the mutants of a file, if it or its judges changed. */
function judge(file, group) {
  const report = join(results, `${group}-${basename(file, '.ts')}.json`);
  const stamp = `${report}.stamp`;
  const own = hash([file]);
  const [, source, judged] = existsSync(stamp) ? readFileSync(stamp, 'utf8').split(' ') : [];
  const again = judged !== judgesHash && forgetSurvivors(report);
  if (source === own && !again) return;
  rmSync(stamp, { force: true });
  const options = ['--mutate', file, '--incrementalFile', report];
  run('stryker', ['run', 'properties/mutation/stryker.config.mjs', ...options], { CRL_MUTATED: group });
  writeFileSync(stamp, `${new Date().toISOString().slice(0, 10)} ${own} ${judgesHash}`);
}

/**
 * So that Stryker tries them again: it does not see that a property or a vector changed. Those that have a
 * reason to live are left. Whether there were any.
 */
function forgetSurvivors(report) {
  if (!existsSync(report)) return false;
  const found = JSON.parse(readFileSync(report, 'utf8'));
  let any = false;
  for (const [name, file] of Object.entries(found.files)) {
    const kept = file.mutants.filter((mutant) => {
      if (!['Survived', 'NoCoverage'].includes(mutant.status)) return true;
      return reasonOf(shownMutant(name, file.source, mutant)) !== undefined;
    });
    any ||= kept.length < file.mutants.length;
    file.mutants = kept;
  }
  if (any) writeFileSync(report, JSON.stringify(found));
  return any;
}

function hash(files) {
  const sum = createHash('sha256');
  for (const file of files) sum.update(file).update(readFileSync(join(root, file)));
  return sum.digest('hex');
}

function run(command, args, more = {}) {
  const env = { ...process.env, ...more };
  const { status } = spawnSync('npx', ['--no-install', command, ...args], {
    cwd: root,
    stdio: 'inherit',
    env,
  });
  if (status !== 0) process.exit(status ?? 1);
}
