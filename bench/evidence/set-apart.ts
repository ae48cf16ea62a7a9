/**
 * Test images of a synthetic data set: the same for all seeds of training.
 *
 * @module
 */
import { stratifiedSplit } from '../../src/data/index.js';

const TEST_SHARE = 1 / 3;

/**
 * Splits images by their labels.
 *
 * @param labels - the labels of each image
 * @returns indices of the images
 */
export function setApart(
  labels: readonly (readonly number[])[],
  seed: number,
): { readonly training: readonly number[]; readonly test: readonly number[] } {
  const fractions = [1 - TEST_SHARE, TEST_SHARE];
  const [training, test] = stratifiedSplit(labels, { fractions, seed }) as [number[], number[]];
  return { training, test };
}
