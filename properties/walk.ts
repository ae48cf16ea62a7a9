/**
 * The stages as properties call them: those of a backend, and those of the specification for the input.
 *
 * @module
 */
import type { NdArray } from 'ndarray';
import { balanceWalk } from '../spec/balance.js';
import type {
  Backend,
  BalancedLoss,
  Batch,
  HardSamples,
  MinoritySelection,
  Options,
  RectificationLoss,
  Triplets,
} from '../spec/index.js';
import { rectificationLoss, toProbabilities, walkToTriplets } from '../spec/index.js';
import type { Case } from './cases/arbitraries.js';
import { Disagreement } from './disagreement.js';

/** What L_crl is computed of: a batch, options, and what the specification mined and formed. */
export interface Judged {
  readonly batch: Batch;
  readonly options: Options;
  readonly hard: HardSamples;
  readonly triplets: Triplets;
}

/** The specification's results up to the triplets, and what they were found in. */
export interface Walk extends Judged {
  readonly selection: MinoritySelection;
}

/** Walks of cases that were counted, until the check of the same case takes them. */
const counted = new WeakMap<object, Walk>();

/**
 * Keeps the walk that was needed to count a case, so that its check need not walk it again.
 *
 * The next {@link specWalk} or {@link wholeWalk} of this very case takes it, and any later one walks anew: a
 * backend may have written to what it was given.
 *
 * @param walk - of the probabilities, where the case holds logits
 */
export function keepWalk(given: Pick<Case, 'batch' | 'options'>, walk: Walk): void {
  counted.set(given, walk);
}

/** What was computed of walks that several backends are judged by. */
const shared = new WeakMap<object, Map<string, unknown>>();

/**
 * Lets what is computed of a walk be computed once for all backends that are judged by it.
 *
 * @param walk - which no backend has written to
 */
export function shareWalk(walk: Walk): void {
  if (!shared.has(walk)) shared.set(walk, new Map());
}

/** Something that is computed of a walk; if the walk is shared, only once. */
export function computedOnce<T extends object>(walk: object, what: string, compute: () => T): T {
  const known = shared.get(walk);
  if (known === undefined) return compute();
  const found = known.get(what) as T | undefined;
  if (found !== undefined) return found;
  const computed = compute();
  known.set(what, computed);
  return computed;
}

function takeWalk(given: Pick<Case, 'batch' | 'options'>): Walk | undefined {
  const walk = counted.get(given);
  counted.delete(given);
  return walk;
}

/**
 * Walks a case up to the triplets; one of logits, with their probabilities.
 *
 * @param selection - what stage 1 finds in the case, if that is known
 */
export function specWalk(given: Pick<Case, 'batch' | 'options'>, selection?: MinoritySelection): Walk {
  const kept = takeWalk(given);
  if (kept !== undefined) return kept;
  const { options } = given;
  const batch = toProbabilities(given.batch);
  return { batch, options, ...walkToTriplets(batch, options, selection) };
}

/** All that the specification finds in a case: its probabilities are walked once. */
export interface WholeWalk extends Walk {
  readonly rectification: RectificationLoss;
  readonly balanced: BalancedLoss;
}

/**
 * Walks a case, of probabilities or logits, through all five stages.
 *
 * @param weights - w_i, by which `balanced` counts. Default: 1 for all
 * @returns `batch` holds the probabilities that were walked
 */
export function wholeWalk(given: Case, weights?: ArrayLike<number>): WholeWalk {
  const { batch, options } = given;
  const walk = specWalk(given);
  const rectification = computedOnce(walk, 'rectification', () =>
    rectificationLoss(walk.batch, walk.hard, walk.triplets, options),
  );
  const finish = (): WholeWalk => {
    const balanced = balanceWalk(batch, walk.batch, { ...walk, rectification }, options, weights);
    return { ...walk, rectification, balanced };
  };
  if (weights !== undefined || !shared.has(walk)) return finish();
  return computedOnce(walk, 'whole', () => {
    const whole = finish();
    shareWalk(whole);
    return whole;
  });
}

type StageName = 'selectMinority' | 'mineHardSamples' | 'formTriplets' | 'rectificationLoss';

/** A stage of the backend. Properties of stages that it lacks never run. */
export function stageOf<S extends StageName>(backend: Backend, stage: S): NonNullable<Backend[S]> {
  const operation = backend[stage];
  if (operation === undefined) throw new TypeError(`backend ${backend.name} has no ${stage}`);
  return (operation as (...args: never[]) => unknown).bind(backend) as NonNullable<Backend[S]>;
}

/** A copy of the entries of an array in row-major order, for any layout in memory. */
export function entries(array: NdArray): Float64Array {
  if (typeof array?.get !== 'function' || !Array.isArray(array.shape) || array.shape.length < 2) {
    throw new Disagreement('a result', 'an ndarray of 2 or 3 dimensions', array ?? 'nothing');
  }
  const { data, offset, shape } = array;
  const size = shape.reduce((product, length) => product * length, 1);
  // most results lie row by row, and `get` takes three times as long
  if (ArrayBuffer.isView(data) && !isOfBigInts(data) && liesRowByRow(array)) {
    return new Float64Array((data as unknown as Float64Array).subarray(offset, offset + size));
  }
  const found = new Float64Array(size);
  const [matrices, rows, columns] = (shape.length > 2 ? shape : [1, ...shape]) as [number, number, number];
  let at = 0;
  for (let j = 0; j < matrices; j++) {
    const matrix = shape.length > 2 ? array.pick(j, null, null) : array;
    for (let i = 0; i < rows; i++) {
      for (let s = 0; s < columns; s++) {
        const entry: unknown = matrix.get(i, s);
        if (typeof entry !== 'number')
          throw new Disagreement('an entry of a result', 'a number', entry ?? 'nothing');
        found[at++] = entry;
      }
    }
  }
  return found;
}

function isOfBigInts(data: unknown): boolean {
  return data instanceof BigInt64Array || data instanceof BigUint64Array;
}

/** Whether the entries lie in memory in row-major order, without gaps. */
function liesRowByRow({ shape, stride }: NdArray): boolean {
  let next = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && stride[axis] !== next) return false;
    next *= shape[axis] as number;
  }
  return true;
}

/** Anchors as plain data, whichever array types a backend uses. */
export function plainAnchors({ anchors }: HardSamples): unknown[] {
  return anchors.map(({ sample, attribute, class: k, positives, negatives }) => ({
    sample,
    attribute,
    class: k,
    positives: Array.from(positives),
    negatives: Array.from(negatives),
  }));
}

/** A selection as plain data. */
export function plainSelection({ profile, minority }: MinoritySelection): unknown {
  return {
    profile: profile.map((sizes) => Array.from(sizes)),
    minority: minority.map((classes) => Array.from(classes)),
  };
}
