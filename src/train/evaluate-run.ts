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
import type { RunResources } from './run-resources.js';
import { learnThresholds, PLAIN_THRESHOLD } from './thresholds.js';

/** Evaluates a set; thresholds are of several labels an image. */
export async function evaluateSet(
  resources: RunResources,
  source: ImageSource,
  thresholds: number | readonly number[],
  scored?: Scores,
): Promise<Evaluation> {
  const { data, model, config } = resources;
  const scores = scored ?? (await scoreImages(model, source, data, config.batchSize));
  const evaluated = { source, scores, counts: data.counts };
  return data.encoding === 'categorical' ? evaluateSingle(evaluated) : evaluateMulti(evaluated, thresholds);
}

/** Learns thresholds, if it is to, and evaluates both sets. */
export async function evaluateRun(resources: RunResources): Promise<Omit<RunResult, 'seconds'>> {
  const { data, config, model } = resources;
  const { validation, test } = data;
  const scored = await scoreImages(model, validation, data, config.batchSize);
  const learned = config.thresholds === 'learned';
  const thresholds = learned ? learnThresholds(multiHotRows(validation), scored.scores) : config.thresholds;
  return {
    validation: await evaluateSet(resources, validation, learned ? PLAIN_THRESHOLD : thresholds, scored),
    ...(test && { test: await evaluateSet(resources, test, thresholds) }),
    ...(data.encoding === 'categorical' ? {} : { thresholds }),
  };
}
