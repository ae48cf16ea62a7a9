/**
 * What would let more classes be mined: larger batches, or batches drawn by class.
 *
 * @module
 */

import { minorityClasses } from '../../spec/rules.js';
import type { Mining } from './batch-moments.js';
import { batchesFor, drawnBatches } from './draw-samples.js';
import { BatchSizes, drawnMoments } from './drawn-moments.js';
import { plainBatches } from './exact-moments.js';
import type { TrainingSet } from './training-set.js';
import { twoClassMoments } from './two-classes.js';

/** A class is mined if it is a surviving minority in this share of the batches. */
export const MINED = 0.5;
/** This share of the classes is to be mined. */
const CLASSES = 0.9;
/** Work for each batch size that is tried by drawing, as `batchesFor` counts it, and the batches that it buys. */
const [WORK, LEAST, MOST] = [1e6, 50, 2000];
/** Batch sizes that are tried by drawing are this share apart in the end. */
const APART = 0.02;

/** The batch size from which most classes are mined. */
export interface BatchSizeRemedy {
  /**
   * Classes that can be mined: the minority classes of the whole training set. The others hold so many samples
   * that larger batches make them minorities less often, not more.
   */
  readonly classes: number;
  /** How many of them are to be mined: 90 %, rounded up. */
  readonly wanted: number;
  /** How many are mined at the forecast's own batch size. */
  readonly mined: number;
  /** The smallest batch size that mines as many as wanted; null if none does, up to the whole training set. */
  readonly batchSize: number | null;
  /** False: found by drawing batches, and right to a few percent. */
  readonly exact: boolean;
}

/** What class-aware batches of the same size do. */
export interface ClassAwareRemedy {
  /** Samples of a class each time it is drawn. */
  readonly perClass: number;
  /** How many of the same classes are mined. */
  readonly mined: number;
  /** The share of batches with nothing to compare. */
  readonly nothing: number;
}

interface Choices extends Mining {
  readonly rho: number;
  readonly seed: number;
}

/** The minority classes of the whole training set, as columns. */
export function minableColumns({ schema, counts, labelled }: TrainingSet, rho: number): number[] {
  return schema.attributes.flatMap(({ columns }, j) =>
    minorityClasses(counts[j] as readonly number[], labelled[j] as number, rho).map(
      (k) => columns[k] as number,
    ),
  );
}

/** Looks for the batch size. */
export function batchSizeRemedy(
  set: TrainingSet,
  columns: readonly number[],
  choices: Choices,
): Pick<BatchSizeRemedy, 'wanted' | 'batchSize' | 'exact'> {
  const wanted = Math.ceil(CLASSES * columns.length);
  if (wanted === 0) return { wanted, batchSize: null, exact: true };
  const closedForm = (batchSize: number) => exactlyMined(set, columns, batchSize, choices);
  if (closedForm(set.size) !== undefined && closedForm(Math.min(set.size, 64)) !== undefined) {
    const enough = (batchSize: number) => (closedForm(batchSize) ?? 0) >= wanted;
    return { wanted, batchSize: smallest(set.size, enough), exact: true };
  }
  const enough = (batchSize: number) => drawnMined(set, columns, batchSize, choices) >= wanted;
  return { wanted, batchSize: smallest(set.size, enough, APART), exact: false };
}

/** Classes that are mined at a batch size, where attributes of two classes have a closed form. */
function exactlyMined(
  set: TrainingSet,
  columns: readonly number[],
  batchSize: number,
  choices: Choices,
): number | undefined {
  const { attributes } = set.schema;
  const chosen = new Set(columns);
  let mined = 0;
  for (const [j, attribute] of attributes.entries()) {
    const batches = plainBatches(set, j, batchSize, choices);
    const moments = batches && twoClassMoments(batches);
    if (moments === undefined) return undefined;
    mined += attribute.columns.filter(
      (c, k) => chosen.has(c) && (moments.classes[k]?.share ?? 0) >= MINED,
    ).length;
  }
  return mined;
}

/** The smallest size that is enough, if every larger one is too, up to a share of it. */
function smallest(most: number, enough: (size: number) => boolean, share = 0): number | null {
  let [low, high] = [1, Math.min(2, most)];
  while (!enough(high)) {
    if (high === most) return null;
    [low, high] = [high, Math.min(most, 2 * high)];
  }
  while (high - low > Math.max(1, share * low)) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** How many of the classes are mined in drawn batches of a size. */
function drawnMined(
  set: TrainingSet,
  columns: readonly number[],
  batchSize: number,
  { rho, seed }: Choices,
): number {
  const survived = new Float64Array(set.schema.columns.length);
  const sizes = new BatchSizes(set);
  const draw = drawnBatches(set, { kind: 'plain' }, batchSize, seed);
  const batches = batchesFor(set, batchSize, WORK, LEAST, MOST);
  for (let b = 0; b < batches; b++) {
    sizes.clear();
    sizes.add(draw());
    for (let j = 0; j < set.schema.attributes.length; j++)
      sizes.visitSurvivors(j, rho, (column) => {
        (survived[column] as number)++;
      });
  }
  return columns.filter((c) => (survived[c] as number) >= MINED * batches).length;
}

/** Forecasts class-aware batches of the same size. */
export function classAwareRemedy(
  set: TrainingSet,
  columns: readonly number[],
  batchSize: number,
  choices: Choices,
): ClassAwareRemedy | undefined {
  const perClass = 2; // the fewest samples that form a pair
  if (batchSize < perClass) return undefined;
  const sampler = { kind: 'class-aware', by: 'class', perClass } as const;
  const batches = batchesFor(set, batchSize, WORK, 200, MOST);
  const draw = drawnBatches(set, sampler, batchSize, choices.seed);
  const { classes, nothing } = drawnMoments(set, draw, batches, choices);
  const mined = columns.filter((c) => (classes[c]?.share ?? 0) >= MINED).length;
  return { perClass, mined, nothing: nothing.value };
}
