/**
 * The model of a run, evaluated on the run's validation and test set.
 *
 * @module
 */
import { multiHotRows } from '../data/label-rows.js';
import type { ImageSource } from '../data/sources/source.js';
import { type Evaluation, evaluateMulti, evaluateSingle } from './evaluate.js';
import { type ScoreHooks, type Scores, scoreImages } from './predict.js';
import type { RunResult } from './run-folder.js';
import type { RunResources } from './run-resources.js';
import { learnThresholds, PLAIN_THRESHOLD } from './thresholds.js';

/** Evaluates a set; thresholds matter where an image may have several labels. */
export async function evaluateSet(
  resources: RunResources,
  source: ImageSource,
  thresholds: number | readonly number[],
  { scored, ...hooks }: ScoreHooks & { readonly scored?: Scores } = {},
): Promise<Evaluation> {
  const { data, model, config } = resources;
  const scores = scored ?? (await scoreImages(model, source, data, config.batchSize, hooks));
  const { counts, attributes } = data;
  const evaluated = { source, scores, counts, ...(attributes && { attributes }) };
  return data.encoding === 'categorical' ? evaluateSingle(evaluated) : evaluateMulti(evaluated, thresholds);
}

/** Evaluates both sets, with thresholds that are learned first if the config says so. */
export async function evaluateRun(
  resources: RunResources,
  hooks: ScoreHooks = {},
): Promise<Pick<RunResult, 'validation' | 'test' | 'thresholds'>> {
  const { data, config, model } = resources;
  const { validation, test } = data;
  const single = data.encoding === 'categorical';
  const scored = await scoreImages(model, validation, data, config.batchSize, hooks);
  const learned = config.thresholds === 'learned';
  const thresholds =
    config.thresholds !== 'learned'
      ? config.thresholds
      : single
        ? PLAIN_THRESHOLD
        : learnThresholds(multiHotRows(validation), scored.scores);
  return {
    validation: await evaluateSet(resources, validation, learned ? PLAIN_THRESHOLD : thresholds, { scored }),
    ...(test && { test: await evaluateSet(resources, test, thresholds, hooks) }),
    ...(single ? {} : { thresholds }),
  };
}
