/**
 * What a model predicts for images.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';
import { predictedClasses } from '../../spec/rules.js';
import { imageDataset } from '../data/image-dataset.js';
import { attributeStarts } from '../data/label-rows.js';
import type { ImageSource } from '../data/sources/source.js';
import { classRectificationLoss } from '../loss/class-rectification-loss.js';
import type { TrainData } from './data/load-data.js';
import { type LabelLayout, schemaInput } from './losses.js';

/** What a model predicts for a set of images, in the order of its records. */
export interface Scores {
  readonly ids: readonly string[];
  /** Where each image has one class: the class of the highest probability. Else empty. */
  readonly predicted: readonly number[];
  /** Of several attributes: n×J, the class of the highest probability within each. Else empty. */
  readonly byAttribute: readonly (readonly number[])[];
  /** Where an image may have several labels: n×L sigmoids. Else empty: of thousands of classes they are too many. */
  readonly scores: readonly (readonly number[])[];
  /** Mean L_ce (Eq. 2) over the images; of no meaning where they have no labels. */
  readonly crossEntropy: number;
}

/** How images are scored. */
export interface ScoreHooks {
  /**
   * Called with the probabilities of each batch: a softmax where each image has one class (of each attribute),
   * else a sigmoid per label.
   */
  readonly onScores?: (ids: readonly string[], rows: readonly (readonly number[])[]) => void;
  /** Called before each batch; what it throws ends the scoring. */
  readonly onBatch?: () => void;
}

/** Scores images, a batch at a time. */
export async function scoreImages(
  model: tf.LayersModel,
  source: ImageSource,
  data: LabelLayout & Pick<TrainData, 'chains'>,
  batchSize: number,
  { onScores, onBatch }: ScoreHooks = {},
): Promise<Scores> {
  const { classes, encoding, attributes, chains } = data;
  const single = encoding === 'categorical';
  const sizes = attributes?.map((attribute) => attribute.classes.length) ?? [classes.length];
  const starts = attributeStarts(attributes ?? []);
  const crossEntropy = classRectificationLoss({ ...schemaInput(data), alpha: 0 });
  const images = imageDataset(source, { batchSize, transform: chains.evaluate, shuffle: false });
  const ids: string[] = [];
  const predicted: number[] = [];
  const byAttribute: number[][] = [];
  const scores: number[][] = [];
  let total = 0;
  for await (const { xs, ys, ids: its } of images.epoch(0)) {
    onBatch?.();
    const [probabilities, loss] = tf.tidy(() => {
      const logits = model.apply(xs, { training: false }) as tf.Tensor2D;
      const p = single
        ? tf.concat(
            tf.split(logits, [...sizes], 1).map((own) => tf.softmax(own)),
            1,
          )
        : tf.sigmoid(logits);
      return [p as tf.Tensor2D, crossEntropy.mean(ys, logits)] as const;
    });
    const rows = await probabilities.array();
    if (attributes)
      for (const row of rows)
        byAttribute.push(
          sizes.map(
            (size, j) =>
              predictedClasses([row.slice(starts[j], (starts[j] as number) + size)], size)[0] as number,
          ),
        );
    else if (single) predicted.push(...predictedClasses(rows, classes.length));
    else scores.push(...rows);
    total += ((await loss.data())[0] as number) * its.length;
    ids.push(...its);
    onScores?.(its, rows);
    tf.dispose([probabilities, loss]);
    // the event loop must turn, for signals and timers: where images are in memory nothing else lets it
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { ids, predicted, byAttribute, scores, crossEntropy: total / ids.length };
}
