/**
 * Dropout whose masks are decided by the seed and the step, so that a resumed run draws the same ones.
 *
 * @module
 */
import type * as tf from '@tensorflow/tfjs';
import { drawBelow, keyedRandom } from '../../data/random.js';
import { allLayers } from './layers.js';

/** Layers that draw by a seed, and those of tfjs that take none. */
const SEEDED = ['Dropout', 'SpatialDropout1D'];
const UNSEEDED = ['GaussianNoise', 'GaussianDropout', 'AlphaDropout'];

/** The dropout of a model. */
export interface SeededDropout {
  /** To be called before each step. */
  readonly beginStep: (step: number) => void;
  /** Gives the layers the seeds that they had, so that the model is saved as it was. */
  readonly undo: () => void;
  /** Names of layers that draw without a seed: with them a resumed run differs from one that was not cut off. */
  readonly unseeded: readonly string[];
}

/** Seeds the dropout of a model. */
export function seedDropout(model: tf.LayersModel, seed: number): SeededDropout {
  const layers = allLayers(model.layers);
  const seeded = layers
    .filter((layer) => SEEDED.includes(layer.getClassName()))
    .map((layer) => layer as unknown as { name: string; seed: number | undefined });
  const before = seeded.map((layer) => layer.seed);
  return {
    unseeded: layers.filter((layer) => UNSEEDED.includes(layer.getClassName())).map(({ name }) => name),
    beginStep: (step) => {
      seeded.forEach((layer, at) => {
        layer.seed = 1 + drawBelow(keyedRandom(seed, 'dropout', step, at), 2 ** 31 - 2);
      });
    },
    undo: () => {
      seeded.forEach((layer, at) => {
        layer.seed = before[at];
      });
    },
  };
}
