/**
 * Which classes a page shows: all of a few, and the most interesting of thousands.
 *
 * @module
 */
import { meanOfKnown } from '../../../spec/rules.js';
import { csvLine } from '../../support/csv-field.js';
import type { ConfusedPair, Evaluation } from '../evaluate.js';
import type { EpochLine, RunFacts } from '../run-folder.js';

/** Bars of a chart, rows of a matrix, and points with a name of their own. */
export const [MOST_BARS, MOST_CELLS, MOST_POINTS] = [60, 30, 200];

/** A class and a number of it. */
export interface ClassValue {
  readonly name: string;
  /** Training images. */
  readonly images: number;
  readonly value: number | null;
}

/** A choice of classes, in their own order, and whether it is all of them. */
export interface ChosenClasses<T> {
  readonly chosen: readonly T[];
  readonly all: boolean;
}

/**
 * The classes with the lowest values, or the highest, and of equal ones those with the fewest images.
 *
 * @param extreme - which values are the most interesting
 */
export function mostTelling(
  values: readonly ClassValue[],
  extreme: 'lowest' | 'highest',
): ChosenClasses<ClassValue> {
  if (values.length <= MOST_BARS) return { chosen: values, all: true };
  const sign = extreme === 'lowest' ? 1 : -1;
  const known = values.filter(({ value }) => value !== null);
  const chosen = known
    .toSorted((a, b) => sign * ((a.value as number) - (b.value as number)) || a.images - b.images)
    .slice(0, MOST_BARS);
  return { chosen, all: false };
}

/** The classes with the most images that were predicted wrongly, as the true or as the predicted class. */
export function mostConfused(pairs: readonly ConfusedPair[], classes: number): ChosenClasses<number> {
  const indices = Array.from({ length: classes }, (_, k) => k);
  if (classes <= MOST_CELLS) return { chosen: indices, all: true };
  const wrong = new Array<number>(classes).fill(0);
  for (const [actual, predicted, images] of pairs) {
    if (actual === predicted) continue;
    for (const k of [actual, predicted]) wrong[k] = (wrong[k] as number) + images;
  }
  const chosen = indices
    .toSorted((a, b) => (wrong[b] as number) - (wrong[a] as number))
    .slice(0, MOST_CELLS)
    .sort((a, b) => a - b);
  return { chosen, all: false };
}

/** How many classes share a place of a chart. */
export interface Bin {
  readonly images: number;
  readonly value: number;
  readonly classes: number;
}

/** Values against images in bins, 40 by 20: thousands of points would cover each other. */
export function binned(values: readonly ClassValue[]): Bin[] {
  const known = values.filter(({ images, value }) => images > 0 && value !== null);
  const largest = Math.log(known.reduce((most, { images }) => Math.max(most, images), 2));
  const counts = new Map<string, { images: number; value: number; classes: number }>();
  for (const { images, value } of known) {
    const [x, y] = [Math.round((40 * Math.log(images)) / largest), Math.round(20 * (value as number))];
    const bin = counts.get(`${x} ${y}`) ?? {
      images: Math.exp((x * largest) / 40),
      value: y / 20,
      classes: 0,
    };
    bin.classes += 1;
    counts.set(`${x} ${y}`, bin);
  }
  return [...counts.values()];
}

/** The mean over the epochs of the share of steps in which each class was a surviving minority; null for a rival. */
export function minorityShares(lines: readonly EpochLine[], classes: number): (number | null)[] {
  return Array.from({ length: classes }, (_, k) =>
    meanOfKnown(lines.map(({ minorityShare }) => minorityShare?.[k] ?? null)),
  );
}

/** All classes as CSV, those of the page and the others. */
export function classesCsv(
  { classes, counts, forecast }: Pick<RunFacts, 'classes' | 'counts' | 'forecast'>,
  { recall, averagePrecision }: Pick<Evaluation, 'recall' | 'averagePrecision'>,
  shares: readonly (number | null)[],
): string {
  const rows = classes.map((name, k) =>
    csvLine([
      name,
      counts[k] ?? 0,
      recall[k] ?? null,
      ...(averagePrecision ? [averagePrecision[k] ?? null] : []),
      shares[k] ?? null,
      ...(forecast ? [forecast.minorityShare[k] ?? null] : []),
    ]),
  );
  const head = ['class', 'training images', 'recall', ...(averagePrecision ? ['average precision'] : [])];
  const steps = ['share of steps as a minority', ...(forecast ? ['forecast of that share'] : [])];
  return `${[csvLine([...head, ...steps]), ...rows].join('\n')}\n`;
}

/** All pairs of a confusion as CSV. */
export function confusionCsv(pairs: readonly ConfusedPair[], classes: readonly string[]): string {
  const rows = pairs.map(([actual, predicted, images]) =>
    csvLine([classes[actual] ?? '', classes[predicted] ?? '', images]),
  );
  return `${['true,predicted,images', ...rows].join('\n')}\n`;
}
