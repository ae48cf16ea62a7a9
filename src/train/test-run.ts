/**
 * A finished run's model on other images.
 *
 * @module
 */
import { predictedLabels } from '../../spec/rules.js';
import type { DataError } from '../data/errors.js';
import type { LabelledId } from '../data/label-writer.js';
import type { ImageSource } from '../data/sources/source.js';
import type { TrainConfig } from './config/config.js';
import { configError } from './config/problems.js';
import { chainsOf } from './data/chains.js';
import { fileSource, goodOf, unlabelledFiles } from './data/file-sources.js';
import { loadData } from './data/load-data.js';
import { trainingEngine } from './engine.js';
import { type Evaluation, evaluateMulti, evaluateSingle } from './evaluate.js';
import { loadModelFile } from './models/model-file.js';
import { scoreImages } from './predict.js';
import type { RunFacts, RunFolder } from './run-folder.js';
import { PLAIN_THRESHOLD } from './thresholds.js';

/** Which images, and how. */
export interface TestChoices {
  /** A label file; with `folder` alone nobody knows the labels of `channels` data. */
  readonly labels?: string;
  readonly folder?: string;
  readonly skipBad?: boolean;
  /** Of multi-label predictions. Default: the run's. */
  readonly threshold?: number;
  readonly engine?: TrainConfig['engine'];
}

/** What a model predicts. */
export interface TestResult {
  readonly rows: readonly LabelledId[];
  /** Names by class index. */
  readonly classes: readonly string[];
  /** Where labels are known. */
  readonly evaluation?: Evaluation;
  readonly bad: readonly DataError[];
  /** Which images they were, in words. */
  readonly set: string;
}

/**
 * Predicts, and evaluates where labels are known. Without images that are named, those of the run's test set,
 * or of its validation set if it has none.
 *
 * @throws ConfigError, DataError - a run that is not finished, images that cannot be used
 */
export async function testRun(folder: RunFolder, choices: TestChoices = {}): Promise<TestResult> {
  const { config, facts, result } = folder;
  if (result === undefined)
    throw configError(
      `run ${folder.path}`,
      'a finished run',
      'one without result.json; crl train goes on with it',
    );
  await trainingEngine(choices.engine ?? config.engine);
  const { source, bad, set, labelled } = await imagesOf(config, facts, choices);
  const model = await loadModelFile(folder.file('model.json'), () => 1);
  try {
    const { classes, encoding, counts } = facts;
    const data = { classes, encoding, chains: chainsOf('none', facts.shape, facts.figures) };
    const scores = await scoreImages(model, source, data, config.batchSize);
    const thresholds = choices.threshold ?? result.thresholds ?? PLAIN_THRESHOLD;
    const single = encoding === 'categorical';
    const K = classes.length;
    const labels = single
      ? scores.predicted.map((k) => [k])
      : predictedLabels(scores.scores, K, thresholds).map((row) =>
          [...row.keys()].filter((k) => row[k] === 1),
        );
    const evaluated = { source, scores, counts };
    const evaluation = single ? () => evaluateSingle(evaluated) : () => evaluateMulti(evaluated, thresholds);
    const rows = scores.ids.map((id, i) => ({ id, labels: labels[i] as number[] }));
    return { rows, classes, bad, set, ...(labelled && { evaluation: evaluation() }) };
  } finally {
    model.dispose();
  }
}

interface Images {
  readonly source: ImageSource;
  readonly bad: readonly DataError[];
  readonly set: string;
  readonly labelled: boolean;
}

async function imagesOf(config: TrainConfig, facts: RunFacts, choices: TestChoices): Promise<Images> {
  const { data } = config;
  const { labels, folder, skipBad = data.kind !== 'digits' && data.skipBad } = choices;
  if (labels === undefined && folder === undefined) {
    const { test, validation, bad } = await loadData(data, config.seed);
    const learned = config.thresholds === 'learned' && facts.encoding !== 'categorical';
    const held = `the run’s validation set${learned ? ', on which its thresholds were learned' : ''}`;
    const set = test ? 'the run’s test set' : held;
    return { source: test ?? validation, bad, set, labelled: true };
  }
  if (data.kind === 'digits')
    throw configError('--folder', 'none for a run on digits', String(folder ?? labels));
  const { classes } = facts;
  if (data.kind === 'folders') {
    if (folder === undefined) throw configError('--folder', 'a folder of classes', 'nothing');
    const read = await fileSource({ ...data, folder, skipBad }, facts);
    return { ...(await goodOf(read, skipBad)), set: folder, labelled: true };
  }
  if (labels === undefined) {
    const set = folder as string;
    const read = { source: unlabelledFiles(data, set, classes), bad: [] };
    return { ...(await goodOf(read, skipBad)), set, labelled: false };
  }
  const read = await fileSource({ ...data, labels, folder: folder ?? data.folder, skipBad }, facts);
  return { ...(await goodOf(read, skipBad)), set: labels, labelled: true };
}
