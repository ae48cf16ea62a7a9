/**
 * Judges the mutants of every file that changed, or whose judges did, then writes docs/mutation.md.
 *
 * A file at a time, since Stryker keeps nothing of a run that is cut off: begin again, and what was
 * judged stays judged. Mutants once killed stay so while their file stands; when the judges change
 * only those that live without a reason are tried again. `--all` forgets what is known and begins from nothing.
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

const mutated = readdirSync(join(root, 'spec'))
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !NOT_MUTATED.includes(name))
  .map((name) => `spec/${name}`)
  .concat('backends/reference.ts');

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
for (const file of mutated) {
  const report = join(results, `${basename(file, '.ts')}.json`);
  const stamp = `${report}.stamp`;
  const own = hash([file]);
  const [, source, judged] = existsSync(stamp) ? readFileSync(stamp, 'utf8').split(' ') : [];
  const again = judged !== judgesHash && forgetSurvivors(report);
  if (source === own && !again) continue;
  rmSync(stamp, { force: true });
  run('stryker', [
    'run',
    'properties/mutation/stryker.config.mjs',
    '--mutate',
    file,
    '--incrementalFile',
    report,
  ]);
  writeFileSync(stamp, `${new Date().toISOString().slice(0, 10)} ${own} ${judgesHash}`);
}
run('jiti', ['docs/build/mutation.ts']);

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

function run(command, args) {
  const { status } = spawnSync('npx', ['--no-install', command, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
