/**
 * Cross entropy against CRL on long-tailed digits: same seed, same initial weights, same batches.
 *
 * η is chosen on the validation set, by the mean over all seeds. The test set decides nothing: each classifier is
 * evaluated on it once, and only cross entropy and the chosen η are reported.
 *
 * This file trains nothing, and loads no tfjs: `trial.ts` trains the classifiers, one at a time, in any order and
 * in any number of processes.
 *
 * @module
 */
import type { ClassBalancedAccuracy } from '../../spec/index.js';
import { rectificationWeight } from '../../spec/rules.js';
import { mean } from '../support/interval.js';
import type { SplitSizes } from './data.js';

/** The setting of a comparison, complete enough to repeat it. */
export interface DigitSetting {
  readonly sizes: SplitSizes;
  readonly seeds: readonly number[];
  readonly etas: readonly number[];
  readonly hidden: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly kappa: number;
}

/** The setting of `crl start`. */
export const SETTING: DigitSetting = {
  sizes: { most: 500, ratio: 100, validation: 100, test: 200 },
  seeds: [1, 2, 3],
  etas: [0.05, 0.1, 0.2, 0.4],
  hidden: 64,
  epochs: 30,
  batchSize: 128,
  learningRate: 0.002,
  kappa: 10,
};

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

/** One classifier of the comparison; η 0 is plain cross entropy. */
export interface Trial {
  readonly seed: number;
  readonly eta: number;
}

/** What became of a trial. */
export interface TrialResult extends Trial {
  /** Training samples by class, the same for every trial. */
  readonly counts: readonly number[];
  /** Ω of the training set, the same for every trial. */
  readonly omega: number;
  /** A_bln on the validation set. */
  readonly validation: number;
  readonly test: ClassBalancedAccuracy;
  /** For each class, the share of batches in which it was a surviving minority class. */
  readonly minorityShare: readonly number[];
}

/**
 * The trials of a comparison: for each seed cross entropy, then CRL with each η.
 *
 * @param seed - moves all seeds of the setting
 */
export function trialsOf({ seeds, etas }: DigitSetting, seed: number): Trial[] {
  return seeds.flatMap((offset) => [0, ...etas].map((eta) => ({ seed: seed + offset, eta })));
}

/** A trial as progress and messages name it. */
export function trialText({ seed, eta }: Trial): string {
  return eta === 0 ? `seed ${seed}: cross entropy` : `seed ${seed}: CRL, η ${eta}`;
}

/** Chooses η, and compares CRL at this η with cross entropy. @param results - of every trial of the setting */
export function comparisonOf({ etas }: DigitSetting, results: readonly TrialResult[]): ExperimentResult {
  const [{ counts, omega }] = results as readonly [TrialResult];
  const tried = [0, ...etas].map((eta) => ({
    eta,
    alpha: rectificationWeight(omega, eta),
    accuracy: mean(results.filter((trial) => trial.eta === eta).map((trial) => trial.validation)),
  }));
  const best = tried.slice(1).reduce((a, b) => (b.accuracy > a.accuracy ? b : a));
  const seeds = [...new Set(results.map(({ seed }) => seed))].map((seed): SeedResult => {
    const of = (eta: number) =>
      results.find((trial) => trial.seed === seed && trial.eta === eta) as TrialResult;
    const { test: rectified, minorityShare } = of(best.eta);
    return { seed, crossEntropy: of(0).test, rectified, minorityShare };
  });
  return { counts, omega, validation: tried, eta: best.eta, alpha: best.alpha, seeds };
}
