/**
 * What a model predicts for images.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';
import { predictedClasses } from '../../spec/rules.js';
import { imageDataset } from '../data/image-dataset.js';
import type { ImageSource } from '../data/sources/source.js';
import { classRectificationLoss } from '../loss/class-rectification-loss.js';
import { type AttributeColumns, attributeColumns } from './attributes.js';
import type { TrainData } from './data/load-data.js';
import { schemaInput } from './losses.js';

/** What a model predicts for a set of images, in the order of its records. */
export interface Scores {
  readonly ids: readonly string[];
  /** Where each image has one class per attribute: that of the highest probability, for each attribute. Else empty. */
  readonly predicted: readonly (readonly number[])[];
  /** Where an image may have several labels: n×L sigmoids. Else empty: of thousands of classes they are too many. */
  readonly scores: readonly (readonly number[])[];
  /** Mean L_ce (Eq. 2) over the images; of no meaning where they have no labels. */
  readonly crossEntropy: number;
}

/** How images are scored. */
export interface ScoreHooks {
  /** Called with the probabilities of each batch: a softmax per attribute where each image has one class of it, else a sigmoid per label. */
  readonly onScores?: (ids: readonly string[], rows: readonly (readonly number[])[]) => void;
  /** Called before each batch; what it throws ends the scoring. */
  readonly onBatch?: () => void;
}

/** Scores images, a batch at a time. */
export async function scoreImages(
  model: tf.LayersModel,
  source: ImageSource,
  data: Pick<TrainData, 'classes' | 'attributes' | 'encoding' | 'chains'>,
  batchSize: number,
  { onScores, onBatch }: ScoreHooks = {},
): Promise<Scores> {
  const { encoding, chains } = data;
  const columns = encoding === 'categorical' ? attributeColumns(data) : [];
  const crossEntropy = classRectificationLoss({ ...schemaInput(data), alpha: 0 });
  const images = imageDataset(source, { batchSize, transform: chains.evaluate, shuffle: false });
  const ids: string[] = [];
  const predicted: number[][] = [];
  const scores: number[][] = [];
  let total = 0;
  for await (const { xs, ys, ids: its } of images.epoch(0)) {
    onBatch?.();
    const [probabilities, loss] = tf.tidy(() => {
      const logits = model.apply(xs, { training: false }) as tf.Tensor2D;
      const p = columns.length > 0 ? softmaxOf(logits, columns) : tf.sigmoid(logits);
      return [p as tf.Tensor2D, crossEntropy.mean(ys, logits)] as const;
    });
    const rows = await probabilities.array();
    if (columns.length > 0) predicted.push(...highest(rows, columns));
    else scores.push(...rows);
    total += ((await loss.data())[0] as number) * its.length;
    ids.push(...its);
    onScores?.(its, rows);
    tf.dispose([probabilities, loss]);
    // the event loop must turn, for signals and timers: where images are in memory nothing else lets it
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { ids, predicted, scores, crossEntropy: total / ids.length };
}

/** A softmax per attribute. */
function softmaxOf(logits: tf.Tensor2D, columns: readonly AttributeColumns[]): tf.Tensor {
  if (columns.length === 1) return tf.softmax(logits);
  return tf.concat(
    columns.map(({ from, classes }) => tf.softmax(tf.slice(logits, [0, from], [-1, classes]))),
    1,
  );
}

/** For each row and attribute the column of the highest probability. */
function highest(rows: readonly number[][], columns: readonly AttributeColumns[]): number[][] {
  const byAttribute = columns.map(({ from, classes }) => {
    const own = columns.length === 1 ? rows : rows.map((row) => row.slice(from, from + classes));
    return predictedClasses(own, classes).map((k) => from + k);
  });
  return rows.map((_, i) => byAttribute.map((predicted) => predicted[i] as number));
}
