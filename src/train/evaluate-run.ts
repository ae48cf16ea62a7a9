/**
 * A run's model on its own validation and test set.
 *
 * @module
 */
import { multiHotRows } from '../data/label-rows.js';
import type { ImageSource } from '../data/sources/source.js';
import { type Evaluation, evaluateMulti, evaluateSingle } from './evaluate.js';
import { type Scores, scoreImages } from './predict.js';
import type { RunResult } from './run-folder.js';
import type { Workshop } from './run-resources.js';
import { learnThresholds, PLAIN_THRESHOLD } from './thresholds.js';

/** Evaluates a set; thresholds are of several labels an image. */
export async function evaluateSet(
  shop: Workshop,
  source: ImageSource,
  thresholds: number | readonly number[],
  scored?: Scores,
): Promise<Evaluation> {
  const { data, model, config } = shop;
  const scores = scored ?? (await scoreImages(model, source, data, config.batchSize));
  const evaluated = { source, scores, counts: data.counts };
  return data.encoding === 'categorical' ? evaluateSingle(evaluated) : evaluateMulti(evaluated, thresholds);
}

/** Learns thresholds, if it is to, and evaluates both sets. */
export async function evaluateRun(shop: Workshop): Promise<Omit<RunResult, 'seconds'>> {
  const { data, config, model } = shop;
  const { validation, test } = data;
  const scored = await scoreImages(model, validation, data, config.batchSize);
  const learned = config.thresholds === 'learned';
  const thresholds = learned ? learnThresholds(multiHotRows(validation), scored.scores) : config.thresholds;
  return {
    validation: await evaluateSet(shop, validation, learned ? PLAIN_THRESHOLD : thresholds, scored),
    ...(test && { test: await evaluateSet(shop, test, thresholds) }),
    ...(data.encoding === 'categorical' ? {} : { thresholds }),
  };
}
