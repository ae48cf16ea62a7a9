/**
 * What a model says of images.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';
import { imageDataset } from '../data/image-dataset.js';
import type { ImageSource } from '../data/sources/source.js';
import { classRectificationLoss } from '../loss/class-rectification-loss.js';
import type { TrainData } from './data/load-data.js';

/** Scores of a set of images, in the order of its records. */
export interface Scores {
  readonly ids: readonly string[];
  /** n×K probabilities: a softmax where each image has one class, else a sigmoid a label. */
  readonly scores: readonly (readonly number[])[];
  /** Mean L_ce (Eq. 2) over the images; of no meaning where they have no labels. */
  readonly crossEntropy: number;
}

/** Scores images, a batch at a time. */
export async function scoreImages(
  model: tf.LayersModel,
  source: ImageSource,
  data: Pick<TrainData, 'classes' | 'encoding' | 'chains'>,
  batchSize: number,
): Promise<Scores> {
  const { classes, encoding, chains } = data;
  const attributes = encoding === 'multi-label' ? classes.map(() => 2) : [classes.length];
  const crossEntropy = classRectificationLoss({ attributes, encoding, fromLogits: true, alpha: 0 });
  const images = imageDataset(source, { batchSize, transform: chains.evaluate, shuffle: false });
  const ids: string[] = [];
  const scores: number[][] = [];
  let total = 0;
  for await (const { xs, ys, ids: its } of images.epoch(0)) {
    const [probabilities, loss] = tf.tidy(() => {
      const logits = model.apply(xs, { training: false }) as tf.Tensor2D;
      const p = encoding === 'categorical' ? tf.softmax(logits) : tf.sigmoid(logits);
      return [p as tf.Tensor2D, crossEntropy(ys, logits) as tf.Scalar] as const;
    });
    scores.push(...(await probabilities.array()));
    total += ((await loss.data())[0] as number) * its.length;
    ids.push(...its);
    tf.dispose([probabilities, loss]);
  }
  return { ids, scores, crossEntropy: total / ids.length };
}
