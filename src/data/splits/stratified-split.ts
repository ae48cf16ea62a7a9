/**
 * Stratified splits by iterative stratification: K. Sechidis, G. Tsoumakas, I. Vlahavas, “On the
 * Stratification of Multi-Label Data”, ECML PKDD 2011, Algorithm 1.
 *
 * @module
 */
import { outOfRange, wrongType } from '../../../spec/errors.js';
import { wholeNumber } from '../checks.js';
import { drawBelow, drawOrder, keyedRandom, type Random } from '../random.js';

/** How images are split. */
export interface SplitOptions {
  /** Share of each part, all > 0, with a sum of 1: `[0.8, 0.1, 0.1]`. */
  readonly fractions: readonly number[];
  /** Decides ties, and the order in which images are dealt out. Default 0. */
  readonly seed?: number;
}

/**
 * Splits images so that each part has its share of every class, and its share of all images.
 *
 * The rarest class is dealt out first, each image to the part that lacks most of that class, so that a class
 * of few images is not left to chance. With one label per image no part gets a whole image more of a class
 * than its share. What is left of a class, less than an image for every part, goes to the part that lacks
 * most images: 1,000 classes of two images, split 0.8 to 0.2, give 400 classes to the second part. The first
 * image of a class goes to the largest part, so that a class of one image is trained on. With several labels
 * per image, parts have their share of the images nearly, not exactly.
 *
 * @param labels - n class indices, or n lists of them; a list may be empty
 * @returns a list of indices into `labels` for each part, ascending; every index is in one of them
 * @throws InputTypeError, InputRangeError - fractions that do not add up to 1, a label that is not a class index
 * @example
 * ```ts
 * import { stratifiedSplit } from 'class-rectification/data';
 * const labels = [0, 0, 0, 0, 0, 0, 1, 1];
 * const [training = [], held = []] = stratifiedSplit(labels, { fractions: [0.5, 0.5], seed: 1 });
 * [training, held].map((part) => part.filter((i) => labels[i] === 1).length); // → [1, 1]
 * ```
 */
export function stratifiedSplit(
  labels: readonly (number | readonly number[])[],
  { fractions, seed = 0 }: SplitOptions,
): number[][] {
  checkFractions(fractions);
  wholeNumber('options.seed', seed, 0);
  const rows = labels.map((given, i) => asList(given, `labels[${i}]`));
  const random = keyedRandom(seed, 'split');
  // D^λ, the images of each label that are not dealt out yet, in an order that the seed decides
  const left = new Map<number, Set<number>>();
  for (const i of drawOrder([...rows.keys()], random)) {
    for (const k of rows[i] as readonly number[]) {
      if (!left.has(k)) left.set(k, new Set());
      left.get(k)?.add(i);
    }
  }
  const rarest = new RarestFirst(left);
  // c_j^λ, what each part lacks of each label
  const lacksOf = new Map([...left].map(([k, { size }]) => [k, fractions.map((share) => share * size)]));
  const parts = fractions.map((): number[] => []);
  let dealt = 0;
  /** What each part lacks of the images dealt out so far and the next: its share of the images so far. */
  const lacks = () => fractions.map((share, j) => share * (dealt + 1) - (parts[j] as number[]).length);
  const deal = (i: number, part: number) => {
    (parts[part] as number[]).push(i);
    dealt += 1;
    for (const k of rows[i] as readonly number[]) {
      ((lacksOf.get(k) as number[])[part] as number) -= 1;
      rarest.drop(k, i);
    }
  };
  for (let k = rarest.next(random); k !== undefined; k = rarest.next(random)) {
    let first = true;
    for (const i of [...(left.get(k) as Set<number>)]) {
      const own = lacksOf.get(k) as number[];
      const whole = first || own.some((lack) => lack >= 1 - ROUNDING);
      deal(i, whole ? neediest([own, lacks()], random) : neediest([lacking(own), lacks(), own], random));
      first = false;
    }
  }
  rows.forEach((row, i) => {
    if (row.length === 0) deal(i, neediest([lacks()], random));
  });
  return parts.map((part) => part.sort((a, b) => a - b));
}

/** Shares of a count are off by roundings: 0.29·100 is 28.999999999999996. */
const ROUNDING = 1e-9;

/** 1 for the parts that lack something, so that these are taken alike; where none does, what they lack. */
function lacking(lacks: readonly number[]): readonly number[] {
  return lacks.some((lack) => lack > ROUNDING) ? lacks.map((lack) => (lack > ROUNDING ? 1 : 0)) : lacks;
}

/** Labels by how many of their images are left. */
class RarestFirst {
  readonly #left: Map<number, Set<number>>;
  /** Labels with so many images left. */
  readonly #bySize: Set<number>[] = [];

  constructor(left: Map<number, Set<number>>) {
    this.#left = left;
    for (const [k, { size }] of left) this.#ofSize(size).add(k);
  }

  #ofSize(size: number): Set<number> {
    this.#bySize[size] ??= new Set();
    return this.#bySize[size];
  }

  /** An image of a label was dealt out. */
  drop(k: number, image: number): void {
    const images = this.#left.get(k) as Set<number>;
    this.#ofSize(images.size).delete(k);
    images.delete(image);
    if (images.size > 0) this.#ofSize(images.size).add(k);
  }

  /** The label with the fewest images that are left; a tie is drawn. */
  next(random: Random): number | undefined {
    const fewest = this.#bySize.find((labels) => labels !== undefined && labels.size > 0);
    return fewest && drawOne([...fewest], random);
  }
}

/** The part that lacks most by the first list, among equals by the next; then it is drawn. */
function neediest(lacks: readonly (readonly number[])[], random: Random): number {
  let candidates = [...(lacks[0] as readonly number[]).keys()];
  for (const list of lacks) {
    const most = candidates.reduce((a, j) => Math.max(a, list[j] as number), Number.NEGATIVE_INFINITY);
    candidates = candidates.filter((j) => list[j] === most);
  }
  return drawOne(candidates, random) as number;
}

function drawOne<T>(items: readonly T[], random: Random): T | undefined {
  return items.length > 1 ? items[drawBelow(random, items.length)] : items[0];
}

function checkFractions(fractions: readonly number[]): void {
  if (!Array.isArray(fractions) || fractions.length === 0)
    wrongType('wrong-type', 'options.fractions', 'a share for each part', fractions);
  const total = fractions.reduce((a, b) => a + b, 0);
  if (!fractions.every((share) => share > 0) || Math.abs(total - 1) > 1e-9)
    outOfRange('option-out-of-range', 'options.fractions', 'shares > 0 with a sum of 1', fractions);
}

function asList(given: number | readonly number[], where: string): readonly number[] {
  const list = typeof given === 'number' ? [given] : given;
  if (!Array.isArray(list)) wrongType('wrong-type', where, 'a class index or a list of them', given);
  list.forEach((k, j) => {
    wholeNumber(`${where}[${j}]`, k, 0);
  });
  return [...new Set(list as readonly number[])];
}
