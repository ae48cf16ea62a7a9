/**
 * Moments by drawing batches, with their standard errors.
 *
 * @module
 */
import { minorityClasses } from '../../spec/rules.js';
import { addSurvivor, anchorsOf, type ClassMoments, type Mining, noMoments } from './batch-moments.js';
import type { DrawBatch } from './draw-samples.js';
import type { TrainingSet } from './training-set.js';

/** Class sizes of a batch, attribute by attribute. */
export class BatchSizes {
  readonly #set: TrainingSet;
  readonly #sizes: Int32Array;
  readonly #unlabelled: Int32Array;
  #samples = 0;

  constructor(set: TrainingSet) {
    this.#set = set;
    this.#sizes = new Int32Array(set.schema.columns.length);
    this.#unlabelled = new Int32Array(set.schema.attributes.length);
  }

  /** Begins a batch. */
  clear(): void {
    this.#sizes.fill(0);
    this.#unlabelled.fill(0);
    this.#samples = 0;
  }

  /** Adds samples `from` to `to` − 1 of a list of indices. */
  add(samples: ArrayLike<number>, from = 0, to = samples.length): void {
    const { members, unlabelled } = this.#set;
    const sizes = this.#sizes;
    for (let at = from; at < to; at++) {
      const i = samples[at] as number;
      const end = members.starts[i + 1] as number;
      for (let m = members.starts[i] as number; m < end; m++)
        (sizes[members.values[m] as number] as number)++;
      if (unlabelled === undefined) continue;
      for (let u = unlabelled.starts[i] as number; u < (unlabelled.starts[i + 1] as number); u++)
        (this.#unlabelled[unlabelled.values[u] as number] as number)++;
    }
    this.#samples += to - from;
  }

  /**
   * The surviving minority classes of an attribute.
   *
   * @param survivor - called with the column, its size h_k and n_j
   */
  visitSurvivors(
    attribute: number,
    rho: number,
    survivor: (column: number, size: number, labelled: number) => void,
  ): void {
    const { schema } = this.#set;
    const { columns } = schema.attributes[attribute] as (typeof schema.attributes)[number];
    const all = this.#samples - (this.#unlabelled[attribute] as number);
    let labelled = all;
    if (schema.encoding === 'multi-label')
      this.#sizes[columns[0] as number] = all - (this.#sizes[columns[1] as number] as number);
    else if (schema.encoding === 'categorical') labelled = this.#total(columns);
    // empty classes are in every prefix, and never survive: without them thousands of classes cost nothing
    const present: number[] = [];
    const sizes: number[] = [];
    for (const c of columns) {
      const size = this.#sizes[c] as number;
      if (size === 0) continue;
      present.push(c);
      sizes.push(size);
    }
    for (const k of minorityClasses(sizes, labelled, rho))
      survivor(present[k] as number, sizes[k] as number, labelled);
  }

  #total(columns: readonly number[]): number {
    let sum = 0;
    for (const c of columns) sum += this.#sizes[c] as number;
    return sum;
  }
}

/** A mean over drawn batches, or an exact expectation, whose error is 0. */
export interface Estimate {
  readonly value: number;
  /** Standard error of the mean. */
  readonly standardError: number;
}

/** Moments over drawn batches. */
export interface DrawnMoments {
  readonly batches: number;
  /** Means by class column. */
  readonly classes: readonly ClassMoments[];
  /** Standard errors by class column. */
  readonly errors: readonly Pick<ClassMoments, 'share' | 'anchors' | 'triplets'>[];
  readonly anchors: Estimate;
  readonly triplets: Estimate;
  /** The share of batches without a triplet. */
  readonly nothing: Estimate;
}

/**
 * Draws batches, and sums up what they hold.
 *
 * @param attributes - those that are summed up; `nothing` is of these alone
 */
export function drawnMoments(
  set: TrainingSet,
  draw: DrawBatch,
  batches: number,
  mining: Mining & { readonly rho: number },
): DrawnMoments {
  const sizes = new BatchSizes(set);
  const columns = set.schema.columns.length;
  const classes = noMoments(columns);
  const squares = classes.map(() => ({ anchors: 0, triplets: 0 }));
  const totals = { anchors: new Sum(), triplets: new Sum(), nothing: new Sum() };
  for (let b = 0; b < batches; b++) {
    sizes.clear();
    sizes.add(draw());
    let [anchors, triplets] = [0, 0];
    for (let j = 0; j < set.schema.attributes.length; j++)
      sizes.visitSurvivors(j, mining.rho, (column, size, labelled) => {
        const own = anchorsOf(size, mining);
        const its = addSurvivor(classes[column] as ClassMoments, size, labelled, mining);
        const square = squares[column] as (typeof squares)[0];
        square.anchors += own * own;
        square.triplets += its * its;
        anchors += own;
        triplets += its;
      });
    totals.anchors.add(anchors);
    totals.triplets.add(triplets);
    totals.nothing.add(triplets === 0 ? 1 : 0);
  }
  const error = (sum: number, square: number) =>
    Math.sqrt(Math.max(0, square - (sum * sum) / batches) / batches / Math.max(1, batches - 1));
  const errors = classes.map(({ share, anchors, triplets }, c) => ({
    share: error(share, share),
    anchors: error(anchors, squares[c]?.anchors ?? 0),
    triplets: error(triplets, squares[c]?.triplets ?? 0),
  }));
  for (const moments of classes)
    for (const key of Object.keys(moments) as (keyof ClassMoments)[]) moments[key] /= batches;
  return {
    batches,
    classes,
    errors,
    anchors: totals.anchors.mean,
    triplets: totals.triplets.mean,
    nothing: totals.nothing.mean,
  };
}

/** The share of drawn batches without a triplet of any attribute. */
export function drawnNothing(set: TrainingSet, draw: DrawBatch, batches: number, rho: number): Estimate {
  const sizes = new BatchSizes(set);
  const nothing = new Sum();
  for (let b = 0; b < batches; b++) {
    sizes.clear();
    sizes.add(draw());
    let found = false;
    for (let j = 0; j < set.schema.attributes.length && !found; j++)
      sizes.visitSurvivors(j, rho, (_, size, labelled) => {
        if (labelled > size) found = true;
      });
    nothing.add(found ? 0 : 1);
  }
  return nothing.mean;
}

/** A sum of numbers and of their squares. */
class Sum {
  #count = 0;
  #sum = 0;
  #squares = 0;

  add(value: number): void {
    this.#count += 1;
    this.#sum += value;
    this.#squares += value * value;
  }

  get mean(): Estimate {
    const n = this.#count;
    const value = this.#sum / n;
    const variance = Math.max(0, this.#squares / n - value * value);
    return { value, standardError: Math.sqrt(variance / Math.max(1, n - 1)) };
  }
}
