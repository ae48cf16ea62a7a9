/**
 * Cross entropy against CRL on long-tailed digits: same seed, same initial weights, same batches.
 *
 * η is chosen on the validation set, by the mean over all seeds. The test set is evaluated once, for cross
 * entropy and for the chosen η.
 *
 * @module
 */
import type { Backend, ClassBalancedAccuracy } from '../../spec/index.js';
import { classCounts, createSchema, imbalance, rectificationWeight } from '../../spec/index.js';
import { mean } from '../support/interval.js';
import { type TrainedClassifier, trainClassifier } from './classifier.js';
import { CLASSES, splitDigits } from './data.js';

/** The setting of the comparison. */
export const SETTING = {
  sizes: { most: 500, ratio: 100, validation: 100, test: 200 },
  seeds: [1, 2, 3],
  etas: [0.05, 0.1, 0.2, 0.4],
  hidden: 64,
  epochs: 30,
  batchSize: 128,
  learningRate: 0.002,
  kappa: 10,
} as const;

/** The result of one seed. */
export interface SeedResult {
  readonly seed: number;
  readonly crossEntropy: ClassBalancedAccuracy;
  /** With the chosen η. */
  readonly rectified: ClassBalancedAccuracy;
  /** For each class, the share of its batches in which it was a surviving minority class. */
  readonly minorityShare: readonly number[];
}

/** The result of the comparison. */
export interface ExperimentResult {
  /** Training samples by class. */
  readonly counts: readonly number[];
  /** Ω of the training set, by `shortfall`. */
  readonly omega: number;
  /** Mean A_bln on validation for each η tried, and for cross entropy (η 0). */
  readonly validation: readonly { readonly eta: number; readonly alpha: number; readonly accuracy: number }[];
  readonly eta: number;
  readonly alpha: number;
  readonly seeds: readonly SeedResult[];
}

/** Number of classifiers that {@link compareOnDigits} trains. */
export const CLASSIFIERS = SETTING.seeds.length * (1 + SETTING.etas.length);

/**
 * Runs the comparison on tfjs's current engine.
 *
 * @param backend - whose loss it trains with, for cross entropy at α = 0
 * @param seed - moves all seeds of the setting. Default 0
 * @param onTrained - called as each classifier is trained
 */
export async function compareOnDigits(
  backend: Backend,
  seed = 0,
  onTrained?: (what: string) => void,
): Promise<ExperimentResult> {
  const runs: {
    seed: number;
    eta: number;
    trained: TrainedClassifier;
    validation: number;
    test: ClassBalancedAccuracy;
  }[] = [];
  let counts: number[] = [];
  let omega = 0;
  for (const offset of SETTING.seeds) {
    const own = seed + offset;
    const { training, validation, test } = await splitDigits(SETTING.sizes, own);
    const labels = training.labels.map((label) => [label]);
    [counts] = classCounts(createSchema({ attributes: [CLASSES] }), labels) as [number[]];
    omega = imbalance([counts]);
    for (const eta of [0, ...SETTING.etas]) {
      const trained = await trainClassifier(training, {
        ...SETTING,
        backend,
        seed: own,
        alpha: rectificationWeight(omega, eta),
      });
      const validated = trained.evaluate(validation).accuracy as number;
      runs.push({ seed: own, eta, trained, validation: validated, test: trained.evaluate(test) });
      trained.dispose();
      onTrained?.(eta === 0 ? `seed ${own}: cross entropy` : `seed ${own}: CRL, η ${eta}`);
    }
  }
  const tried = [0, ...SETTING.etas].map((eta) => ({
    eta,
    alpha: rectificationWeight(omega, eta),
    accuracy: mean(runs.filter((run) => run.eta === eta).map((run) => run.validation)),
  }));
  const best = tried.slice(1).reduce((a, b) => (b.accuracy > a.accuracy ? b : a));
  const seeds = SETTING.seeds.map((offset): SeedResult => {
    const of = (eta: number) =>
      runs.find((run) => run.seed === seed + offset && run.eta === eta) as (typeof runs)[number];
    const rectified = of(best.eta);
    return {
      seed: seed + offset,
      crossEntropy: of(0).test,
      rectified: rectified.test,
      minorityShare: rectified.trained.minorityShare,
    };
  });
  return { counts, omega, validation: tried, eta: best.eta, alpha: best.alpha, seeds };
}
