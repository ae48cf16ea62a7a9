/**
 * Artificial long tails: the exponential profile of Y. Cui, M. Jia, T.-Y. Lin, Y. Song, S. Belongie,
 * “Class-Balanced Loss Based on Effective Number of Samples”, CVPR 2019, section 5.1.
 *
 * @module
 */
import { outOfRange } from '../../../spec/errors.js';
import { wholeNumber } from '../checks.js';
import { drawOrder, keyedRandom } from '../random.js';

/**
 * Images per class, n_k = n_max·ratio^(k/(K−1)), rounded; class 0 is the most frequent.
 *
 * @param most - n_max ≥ 1
 * @param ratio - images of the rarest class over those of the most frequent, in (0, 1]
 * @param classes - K ≥ 1
 * @throws InputTypeError, InputRangeError
 * @example
 * ```ts
 * import { longTailProfile } from 'class-rectification/data';
 * longTailProfile(100, 0.01, 3); // → [100, 10, 1]
 * ```
 */
export function longTailProfile(most: number, ratio: number, classes: number): number[] {
  wholeNumber('most', most, 1);
  wholeNumber('classes', classes, 1);
  if (!(ratio > 0 && ratio <= 1)) outOfRange('option-out-of-range', 'ratio', 'a number in (0, 1]', ratio);
  return Array.from({ length: classes }, (_, k) =>
    Math.round(most * ratio ** (k / Math.max(classes - 1, 1))),
  );
}

/** How a long tail is made. */
export interface LongTailOptions {
  /** Images of the rarest class over those of the most frequent, in (0, 1]. */
  readonly ratio: number;
  /** Images of the most frequent class. Default: the most for which every class has enough images. */
  readonly most?: number;
  /** Classes from the most frequent to the rarest, each once. Default: by their indices. */
  readonly order?: readonly number[];
  /** Decides which images are kept. Default 0. */
  readonly seed?: number;
}

/**
 * The images that are kept when classes are thinned out to a long tail.
 *
 * @param labels - n class indices; with several labels per image no class can be thinned out alone
 * @returns indices into `labels`, ascending
 * @throws InputTypeError, InputRangeError - a class with fewer images than the profile needs, or one that the
 * profile would empty
 * @example
 * ```ts
 * import { longTailSubset } from 'class-rectification/data';
 * longTailSubset([0, 0, 0, 0, 1, 1, 1, 1], { ratio: 0.25 }).filter((i) => i >= 4).length; // → 1
 * ```
 */
export function longTailSubset(labels: readonly number[], options: LongTailOptions): number[] {
  const { ratio, seed = 0 } = options;
  const members: number[][] = [];
  labels.forEach((k, i) => {
    wholeNumber(`labels[${i}]`, k, 0);
    members[k] ??= [];
    members[k].push(i);
  });
  const order = options.order ?? [...members.keys()];
  if (order.length !== members.length || new Set(order).size !== order.length)
    outOfRange('option-out-of-range', 'options.order', `${members.length} classes, each once`, order);
  const sizes = order.map((k) => members[k]?.length ?? 0);
  const profile = longTailProfile(options.most ?? enoughFor(sizes, ratio), ratio, order.length);
  const random = keyedRandom(wholeNumber('options.seed', seed, 0), 'long-tail');
  const kept = order.map((k, at) => {
    const wanted = profile[at] as number;
    if (wanted < 1 || wanted > (sizes[at] as number))
      outOfRange('counts-invalid', `class ${k}`, `from 1 to ${sizes[at]} images`, wanted);
    return drawOrder(members[k] as number[], random).slice(0, wanted);
  });
  return kept.flat().sort((a, b) => a - b);
}

/** The largest n_max that no class is too small for. */
function enoughFor(sizes: readonly number[], ratio: number): number {
  let most = Math.max(1, ...sizes);
  while (most > 1 && longTailProfile(most, ratio, sizes.length).some((n, k) => n > (sizes[k] as number)))
    most -= 1;
  return most;
}
