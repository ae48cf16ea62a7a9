/**
 * Batches: images of one shape and their labels, as plain numbers and as tensors.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Image } from './image.js';

/** A batch as plain numbers. */
export interface Batch {
  readonly ids: readonly string[];
  /** n×height×width×channels. */
  readonly shape: readonly [number, number, number, number];
  /** The images, in that shape. */
  readonly pixels: Float32Array;
  /** n×K of 0 and 1. */
  readonly labels: Float32Array;
  readonly classes: number;
}

/** A batch as tensors. */
export interface TensorBatch {
  readonly ids: readonly string[];
  /** n×height×width×channels. */
  readonly xs: tf.Tensor4D;
  /** n×K of 0 and 1: one-hot where each image has one label. */
  readonly ys: tf.Tensor2D;
}

/** An image of a batch. */
export interface Sample {
  readonly id: string;
  readonly image: Image;
  readonly labels: readonly number[];
}

/** Puts samples of one shape into a batch. */
export function batchOf(samples: readonly Sample[], classes: number): Batch {
  const { width, height, channels } = (samples[0] as Sample).image;
  const length = width * height * channels;
  const pixels = new Float32Array(samples.length * length);
  const labels = new Float32Array(samples.length * classes);
  samples.forEach(({ image, labels: its }, i) => {
    pixels.set(image.data, i * length);
    for (const k of its) labels[i * classes + k] = 1;
  });
  const shape = [samples.length, height, width, channels] as const;
  return { ids: samples.map(({ id }) => id), shape, pixels, labels, classes };
}

/** The batch's tensors, on tfjs's current engine. The caller disposes of them. */
export function batchTensors({ ids, shape, pixels, labels, classes }: Batch): TensorBatch {
  const xs = tf.tensor4d(pixels, [...shape]);
  const ys = tf.tensor2d(labels, [ids.length, classes]);
  return { ids, xs, ys };
}
