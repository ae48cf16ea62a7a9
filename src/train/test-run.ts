/**
 * The model of a finished run on other images.
 *
 * @module
 */
import { predictedLabels } from '../../spec/rules.js';
import type { DataError } from '../data/errors.js';
import type { LabelledId } from '../data/label-writer.js';
import { csvLine } from '../support/csv-field.js';
import { FileInPieces } from '../support/write-whole.js';
import type { TrainConfig } from './config/config.js';
import { configError } from './config/problems.js';
import { chainsOf } from './data/chains.js';
import { trainingEngine } from './engine.js';
import { type Evaluation, evaluateMulti, evaluateSingle } from './evaluate.js';
import { loadModelFile, modelFileDigest } from './models/model-file.js';
import { type ScoreHooks, scoreImages } from './predict.js';
import type { RunFolder } from './run-folder.js';
import { type TestImageChoices, testImages } from './test-images.js';
import { PLAIN_THRESHOLD } from './thresholds.js';

/** Which images are predicted, and how. */
export interface TestChoices extends TestImageChoices {
  /** Of multi-label predictions. Default: the run's. */
  readonly threshold?: number;
  readonly engine?: TrainConfig['engine'];
  /** A CSV file for the probability of each class, one column per class. */
  readonly probabilities?: string;
}

/** The predictions of a model. */
export interface TestResult {
  readonly rows: readonly LabelledId[];
  /** Names by class index. */
  readonly classes: readonly string[];
  /** Where labels are known. */
  readonly evaluation?: Evaluation;
  readonly bad: readonly DataError[];
  /** A description of the images. */
  readonly set: string;
}

/**
 * Predicts, and evaluates where labels are known. Without choices, the images are those of the run's test set,
 * or of its validation set if it has none. The model is that of the epoch that the run kept.
 *
 * @throws ConfigError, DataError - a run that is not finished, images that cannot be used
 */
export async function testRun(folder: RunFolder, choices: TestChoices = {}): Promise<TestResult> {
  const { config, facts, result } = folder;
  if (result === undefined)
    throw configError(
      `run ${folder.path}`,
      'a finished run',
      'one without result.json; crl train resumes it',
    );
  const { classes, attributes, encoding, counts } = facts;
  const { source, bad, set, labelled } = await testImages(config, facts, choices);
  await trainingEngine(choices.engine ?? config.engine);
  const file = folder.file(result.keep === 'best' ? 'best/model.json' : 'model.json');
  refuseOtherModel(file, result.model);
  const model = await loadModelFile(file, () => 1);
  const table =
    choices.probabilities === undefined ? undefined : new ProbabilityTable(choices.probabilities, classes);
  try {
    const data = {
      classes,
      ...(attributes && { attributes }),
      encoding,
      chains: chainsOf({ augment: 'none' }, facts.shape, facts.figures),
    };
    const scores = await scoreImages(
      model,
      source,
      data,
      config.batchSize,
      table ? { onScores: table.add } : {},
    );
    table?.finish();
    const thresholds = choices.threshold ?? result.thresholds ?? PLAIN_THRESHOLD;
    const single = encoding === 'categorical';
    const labels = single
      ? scores.predicted
      : predictedLabels(scores.scores, classes.length, thresholds).map((row) =>
          [...row.keys()].filter((k) => row[k] === 1),
        );
    const evaluated = { source, scores, counts, ...(attributes && { attributes }) };
    const evaluation = single ? () => evaluateSingle(evaluated) : () => evaluateMulti(evaluated, thresholds);
    const rows = scores.ids.map((id, i) => ({ id, labels: labels[i] as number[] }));
    return { rows, classes, bad, set, ...(labelled && { evaluation: evaluation() }) };
  } catch (error) {
    table?.discard();
    throw error;
  } finally {
    model.dispose();
  }
}

/** Predictions of other weights would be silently wrong. */
function refuseOtherModel(file: string, digest: string | undefined): void {
  if (digest !== undefined && modelFileDigest(file) !== digest)
    throw configError(
      file,
      'the model and weights that the run ended with',
      'others: a file was changed or cut',
    );
}

/** Probabilities as CSV, written batch by batch: those of thousands of classes do not fit into memory. */
class ProbabilityTable {
  readonly #file: FileInPieces;

  constructor(path: string, classes: readonly string[]) {
    this.#file = new FileInPieces(path);
    this.#file.add(`${csvLine(['Id', ...classes])}\n`);
  }

  readonly add: NonNullable<ScoreHooks['onScores']> = (ids, rows) => {
    const lines = ids.map((id, i) => csvLine([id, ...(rows[i] ?? []).map(asFloat32)]));
    this.#file.add(`${lines.join('\n')}\n`);
  };

  finish(): void {
    this.#file.finish();
  }

  discard(): void {
    this.#file.discard();
  }
}

/** The fewest digits that tell a float32 from its neighbours are at most nine. */
function asFloat32(value: number): number {
  return Number(value.toPrecision(9));
}
