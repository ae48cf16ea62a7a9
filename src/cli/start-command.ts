/**
 * `crl start`, the main job: verify all that this machine has, then train through a verified backend.
 *
 * @module
 */
import Table from 'cli-table3';
import { ENGINE_NAMES, loadEngine } from '../../backends/tfjs/index.js';
import type { Report } from '../../properties/index.js';
import { CLASSIFIERS, compareOnDigits, deviation, type ExperimentResult, mean, SETTING } from '../digits/experiment.js';
import { CouldNotRunError } from './backends.js';
import { startProgress } from './progress.js';
import { conformanceMatrix, counterexampleText } from './report-text.js';
import { allTargets, isUnavailable, verifyTargets } from './verify-command.js';

/** The engine to train on: the fastest that has passed and that needs nothing but npm. */
const PREFERRED = ['wasm', ...ENGINE_NAMES];

/**
 * Runs the main job.
 *
 * @param seed - of the suite; it moves the seeds of the training runs too
 * @returns the exit code: 0, or 1 if a backend failed (nothing is trained then)
 */
export async function startCommand({ seed }: { seed?: number }): Promise<number> {
  print('Verifying every backend and engine of this machine against the specification.\n');
  const reports = await verifyTargets(allTargets(), seed === undefined ? {} : { seed });
  print(conformanceMatrix(reports));
  for (const report of reports) {
    const text = counterexampleText(report);
    if (text !== '') print(text);
  }
  if (!reports.every((report) => report.passed || isUnavailable(report))) {
    print('\nA backend failed: nothing is trained through it.');
    return 1;
  }
  const engine = PREFERRED.find((name) => reports.some((r) => verified(r, name)));
  if (engine === undefined) throw new CouldNotRunError('no engine of tfjs is available to train on');
  await loadEngine(engine);

  const { sizes, seeds, etas, epochs, batchSize } = SETTING;
  print(`\nTraining on long-tailed digits, 1:${sizes.ratio}, through tfjs/${engine}, which has just passed:`);
  print(`${seeds.length} seeds, cross entropy and CRL at η ${etas.join(', ')}; ${epochs} epochs, batches of ${batchSize}.`);
  const bar = startProgress('Training', CLASSIFIERS);
  const result = await compareOnDigits(seed ?? 0, (what) => bar.advance(what));
  bar.stop(`Trained ${CLASSIFIERS} classifiers`);
  print(resultText(result));
  return 0;
}

/** The comparison as tables, and what it says in a sentence. */
export function resultText({ counts, omega, validation, eta, alpha, seeds }: ExperimentResult): string {
  const chosen = new Table({ head: ['η', 'α = ηΩ', 'A_bln on validation'], style: { head: [] } });
  for (const tried of validation) {
    const name = tried.eta === 0 ? '0 (cross entropy)' : `${tried.eta}${tried.eta === eta ? ' (chosen)' : ''}`;
    chosen.push([name, tried.alpha.toFixed(4), tried.accuracy.toFixed(4)]);
  }
  const recall = new Table({
    head: ['class', 'training samples', 'surviving minority in', 'recall, cross entropy', 'recall, CRL'],
    style: { head: [] },
  });
  counts.forEach((count, k) => {
    const over = (of: (seed: (typeof seeds)[number]) => number | null | undefined) => mean(seeds.map((seed) => of(seed) ?? 0));
    recall.push([
      k,
      count,
      `${(100 * over((s) => s.minorityShare[k])).toFixed(0)} % of batches`,
      over((s) => s.crossEntropy.sensitivity[k]).toFixed(3),
      over((s) => s.rectified.sensitivity[k]).toFixed(3),
    ]);
  });
  const runs = new Table({ head: ['seed', 'A_bln, cross entropy', 'A_bln, CRL', 'difference'], style: { head: [] } });
  const pairs = seeds.map((s) => [s.crossEntropy.accuracy as number, s.rectified.accuracy as number] as const);
  seeds.forEach(({ seed }, at) => {
    const [ce, crl] = pairs[at] as readonly [number, number];
    runs.push([seed, ce.toFixed(4), crl.toFixed(4), signed(crl - ce)]);
  });
  const columns = [pairs.map(([ce]) => ce), pairs.map(([, crl]) => crl), pairs.map(([ce, crl]) => crl - ce)] as const;
  const [ce, crl, differences] = columns;
  const spread = (values: readonly number[], show: (x: number) => string) => `${show(mean(values))} ± ${deviation(values).toFixed(4)}`;
  runs.push(['mean ± sd', spread(ce, (x) => x.toFixed(4)), spread(crl, (x) => x.toFixed(4)), spread(differences, signed)]);
  return [
    `\nΩ (shortfall) = ${omega.toFixed(4)}; η chosen on validation, mean of ${seeds.length} seeds:`,
    chosen.toString(),
    `\nOn the balanced test set (${SETTING.sizes.test} a class, never trained on), mean of ${seeds.length} seeds:`,
    recall.toString(),
    `\nClass-balanced accuracy (Eq. 18), CRL at α = ${alpha.toFixed(4)}:`,
    runs.toString(),
    verdict(differences),
  ].join('\n');
}

/** What is so, whichever way it went. */
function verdict(differences: readonly number[]): string {
  const gain = mean(differences);
  const error = deviation(differences) / Math.sqrt(differences.length);
  const points = `${signed(100 * gain, 2)} points, standard error ${(100 * error).toFixed(2)}`;
  if (gain > 2 * error) return `CRL did better here (${points}).`;
  if (gain < -2 * error) return `CRL did worse here (${points}).`;
  return `No difference that ${differences.length} seeds can show (${points}).`;
}

function verified(report: Report, engine: string): boolean {
  return report.backend === 'tfjs' && report.engine === engine && report.passed;
}

function signed(x: number, digits = 4): string {
  return `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(digits)}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
