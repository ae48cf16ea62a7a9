/**
 * `crl start`: verifies every backend on the engines that need no installation, and `tfjs-fused` on TensorFlow if it is
 * installed; then trains through a backend that has passed.
 *
 * @module
 */
import { ENGINE_NAMES } from '../../backends/tfjs/engines/names.js';
import type { Report } from '../../properties/index.js';
import { loadDigits } from '../digits/data.js';
import { comparisonOf, type ExperimentResult, SETTING, trialsOf } from '../digits/experiment.js';
import { checkEngine, type EngineCheck } from '../engines/check-engine.js';
import { deviation, interval, mean } from '../support/interval.js';
import { startProgress, underBar } from '../support/progress.js';
import { isUnavailable, nameOf } from '../verify/report/outcome.js';
import { CouldNotRunError } from './backends.js';
import { conformanceMatrix, counterexampleText } from './report-text.js';
import { trainTrials } from './start-training.js';
import { stoppable } from './stop-signals.js';
import { table } from './table.js';
import { plainTargets, type Target } from './targets.js';
import { wrapped } from './terminal.js';
import { Verification } from './verification.js';

/** Trained through first, if TensorFlow is installed. */
const ON_TENSORFLOW: Required<Target> = { backend: 'tfjs-fused', engine: 'tensorflow' };

/** Engines to train on, in order of preference: `wasm` is the fastest that needs nothing but npm packages. */
const PREFERRED = ['wasm', ...ENGINE_NAMES];
/** Backends to train with, the faster one first. */
const BACKENDS = ['tfjs-fused', 'tfjs'];

/**
 * Verifies, then trains.
 *
 * @param seed - of the suite; the seeds of the training runs are derived from it too
 * @param jobs - processes at once, to judge in and to train in. Default: one per core
 * @returns the exit code: 0, or 1 if a backend failed (nothing is trained then)
 */
export async function startCommand({ seed, jobs }: { seed?: number; jobs?: number }): Promise<number> {
  await loadDigits().catch((cause) => {
    throw new CouldNotRunError((cause as Error).message, { cause });
  });
  const tensorflow = await checkEngine('tensorflow');
  print(verifyingText(tensorflow));
  const targets = [...plainTargets(), ...(tensorflow.state === 'works' ? [ON_TENSORFLOW] : [])];
  const verification = new Verification(targets, seed === undefined ? {} : { seed }, { jobs });
  const tell = (found: readonly Report[]) => {
    if (found.length === 0) return;
    print(conformanceMatrix(found));
    for (const report of found) {
      const text = counterexampleText(report, { printed: verification.printed });
      if (text !== '') print(text);
    }
  };
  const reports = await stoppable(
    () => verification.run(),
    (signal) => tell(verification.stopped(signal)),
  );
  tell(reports);
  if (!reports.every((report) => report.passed || isUnavailable(report))) {
    print('\nA backend failed: nothing is trained through it.');
    return 1;
  }
  const target = trainingTarget(reports);
  print(`\nTraining on long-tailed digits through ${nameOf(target)}, which has just passed the suite.`);
  print(settingText());
  print(resultText(await trainOnDigits(target, seed ?? 0, jobs)));
  return 0;
}

/** Trains every classifier of the comparison, under a bar. */
async function trainOnDigits(
  target: Required<Target>,
  seed: number,
  jobs: number | undefined,
): Promise<ExperimentResult> {
  const trials = trialsOf(SETTING, seed);
  const bar = startProgress('Training', trials.length);
  let done = 0;
  const onTrained = (what: string) => {
    done += 1;
    bar.advance(what);
  };
  const results = await stoppable(
    () => underBar(bar, () => trainTrials(trials, { target, setting: SETTING, jobs, onTrained })),
    (signal) => bar.stop(`Stopped by ${signal}: ${done} of ${trials.length} classifiers trained`),
  );
  bar.stop(`Trained ${trials.length} classifiers`);
  return comparisonOf(SETTING, results);
}

/** What is verified, and whether TensorFlow is among it. */
export function verifyingText({ state, reason }: Pick<EngineCheck, 'state' | 'reason'>): string {
  const all = 'Verifying every backend against the specification, on the engines that need nothing installed';
  if (state === 'works') return `${all}, and tfjs-fused on TensorFlow.\n`;
  const why =
    state === 'missing'
      ? `TensorFlow is not installed; to train on it, get it with: ${reason}`
      : `TensorFlow is ${state} here: ${reason}`;
  return `${all}.\n${why}\n`;
}

/**
 * The pair of backend and engine to train through: one that passed, TensorFlow first.
 *
 * @throws CouldNotRunError - if none passed
 */
export function trainingTarget(
  reports: readonly Pick<Report, 'backend' | 'engine' | 'passed'>[],
): Required<Target> {
  const plain = PREFERRED.flatMap((engine) => BACKENDS.map((backend) => ({ backend, engine })));
  const candidates = [ON_TENSORFLOW, ...plain];
  const found = candidates.find(({ backend, engine }) =>
    reports.some((report) => report.passed && report.backend === backend && report.engine === engine),
  );
  if (found === undefined) throw new CouldNotRunError('no engine of tfjs is available to train on');
  return found;
}

/** The setting of the comparison, complete enough to repeat it. */
function settingText(): string {
  const { sizes, seeds, etas, hidden, epochs, batchSize, learningRate, kappa } = SETTING;
  return [
    `${seeds.length} seeds, each with its own split, weights and order of samples, the same for every loss;`,
    `training sets 1:${sizes.ratio} from ${sizes.most} images down; balanced validation and test sets of`,
    `${sizes.validation} and ${sizes.test} images per class; a dense net 784-${hidden}-10, Adam ${learningRate}, ${epochs} epochs,`,
    `batches of ${batchSize} (the last, smaller one dropped); CRL with κ ${kappa}, ρ 0.5, margin 0.5, η ${etas.join(', ')}.`,
  ].join('\n');
}

/** The comparison as tables, and its outcome in a sentence. */
export function resultText({ counts, omega, validation, eta, alpha, seeds }: ExperimentResult): string {
  const tried = validation.map((trial) => {
    const name =
      trial.eta === 0 ? '0 (cross entropy)' : `${trial.eta}${trial.eta === eta ? ' (chosen)' : ''}`;
    return [name, trial.alpha.toFixed(4), trial.accuracy.toFixed(4)];
  });
  const recall = counts.map((count, k) => {
    const over = (of: (seed: (typeof seeds)[number]) => number | null | undefined) =>
      mean(seeds.map((seed) => of(seed) ?? 0));
    return [
      k,
      count,
      `${(100 * over((s) => s.minorityShare[k])).toFixed(0)} % of batches`,
      over((s) => s.crossEntropy.sensitivity[k]).toFixed(3),
      over((s) => s.rectified.sensitivity[k]).toFixed(3),
    ];
  });
  const ce = seeds.map((s) => s.crossEntropy.accuracy as number);
  const crl = seeds.map((s) => s.rectified.accuracy as number);
  const differences = crl.map((accuracy, at) => accuracy - (ce[at] as number));
  const fixed = (x: number) => x.toFixed(4);
  const spread = (values: readonly number[], show: (x: number) => string) =>
    `${show(mean(values))} ± ${fixed(deviation(values))}`;
  const runs = [
    ...seeds.map(({ seed }, at) => [
      seed,
      fixed(ce[at] as number),
      fixed(crl[at] as number),
      signed(differences[at] as number),
    ]),
    ['mean ± sd', spread(ce, fixed), spread(crl, fixed), spread(differences, signed)],
  ];
  return [
    `\nΩ (shortfall) = ${omega.toFixed(4)}; η chosen on validation, mean of ${seeds.length} seeds:`,
    table(['η', 'α = ηΩ', 'A_bln on validation'], tried),
    `\nOn the balanced test set (${SETTING.sizes.test} per class, never trained on), mean of ${seeds.length} seeds:`,
    table(
      ['class', 'training samples', 'surviving minority in', 'recall, cross entropy', 'recall, CRL'],
      recall,
    ),
    `\nClass-balanced accuracy (Eq. 18), CRL at α = ${alpha.toFixed(4)}:`,
    table(['seed', 'A_bln, cross entropy', 'A_bln, CRL', 'difference'], runs),
    verdict(differences),
  ].join('\n');
}

/** Which did better, with an interval. */
function verdict(differences: readonly number[]): string {
  const { n, mean: gain, reach: found } = interval(differences);
  const reach = found ?? Number.POSITIVE_INFINITY; // one seed has no interval
  const better = differences.filter((difference) => difference > 0).length;
  const points = `${signed(100 * gain, 2)} points, 95% interval ± ${(100 * reach).toFixed(2)}, better in ${better} of ${n} seeds`;
  if (gain > reach) return `CRL did better here (${points}).`;
  if (gain < -reach) return `CRL did worse here (${points}).`;
  return `No difference that ${n} seeds can show (${points}).`;
}

function signed(x: number, digits = 4): string {
  return `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(digits)}`;
}

function print(text: string): void {
  // tables fit already
  const lines = text.split('\n').map((line) => (/[│┌├└]/.test(line) ? line : wrapped(line)));
  process.stdout.write(`${lines.join('\n')}\n`);
}
