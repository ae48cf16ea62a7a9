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
  /** Decides what a tie does, and the order in which images are dealt out. Default 0. */
  readonly seed?: number;
}

/**
 * Splits images so that each part has its share of every class.
 *
 * The rarest class is dealt out first, each image to the part that lacks most of that class, so that a class
 * of few images is not left to chance. With one label an image no part gets a whole image more of a class
 * than its share. Parts have their share of the images nearly, not exactly, where labels are several.
 *
 * @param labels - n class indices, or n lists of them; a list may be empty
 * @returns a list of indices into `labels` for each part, ascending; every index is in one of them
 * @throws InputTypeError, InputRangeError - fractions that are none, a label that is none
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
  // c_j and c_j^λ, what each part lacks
  const lacks = fractions.map((share) => share * rows.length);
  const lacksOf = new Map([...left].map(([k, { size }]) => [k, fractions.map((share) => share * size)]));
  const parts = fractions.map((): number[] => []);
  const deal = (i: number, part: number) => {
    (parts[part] as number[]).push(i);
    (lacks[part] as number) -= 1;
    for (const k of rows[i] as readonly number[]) {
      ((lacksOf.get(k) as number[])[part] as number) -= 1;
      left.get(k)?.delete(i);
    }
  };
  for (let k = rarest(left, random); k !== undefined; k = rarest(left, random)) {
    for (const i of [...(left.get(k) as Set<number>)])
      deal(i, neediest([lacksOf.get(k) as number[], lacks], random));
    left.delete(k);
  }
  rows.forEach((row, i) => {
    if (row.length === 0) deal(i, neediest([lacks], random));
  });
  return parts.map((part) => part.sort((a, b) => a - b));
}

/** The label with the fewest images that are left; a tie is drawn. */
function rarest(left: Map<number, Set<number>>, random: Random): number | undefined {
  const sizes = [...left].filter(([, { size }]) => size > 0).map(([k, { size }]) => [k, size] as const);
  const fewest = sizes.reduce((least, [, size]) => Math.min(least, size), Number.POSITIVE_INFINITY);
  return drawOne(
    sizes.filter(([, size]) => size === fewest).map(([k]) => k),
    random,
  );
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
