/**
 * What a property is, and what it is given.
 *
 * @module
 */
import type fc from 'fast-check';
import type { Backend, BalancedOptions, Batch, Capabilities, Stage } from '../spec/index.js';
import type { Case } from './cases/arbitraries.js';

/**
 * The balanced loss as training computes it: through the adapter that makes a tfjs-layers loss of a
 * backend. Handed in from above, since properties know no tensors.
 */
export type TrainingLoss = (
  batch: Batch,
  options: BalancedOptions,
  how?: TrainingStep,
) => Promise<TrainingResult>;

/** How a step of training is taken. */
export interface TrainingStep {
  /** The α that the loss is made with; it is then given that of the options, as a schedule does. Default: that. */
  readonly madeAt?: number;
  /** Whether no α is given, but what the loss was made with. Default false. */
  readonly withoutAlpha?: boolean;
  /** What the loss is multiplied by before it is differentiated, as a weight does; results are of L itself. Default 1. */
  readonly weight?: number;
  /** Batches that the same loss was given in earlier steps. Default: none. */
  readonly before?: readonly Batch[];
  /** Whether somebody observes, if the backend is of tensors. Default false. */
  readonly observed?: boolean;
}

/** L as training computes it, and its derivatives, row by row. */
export interface TrainingResult {
  readonly loss: number;
  /** n×S. */
  readonly gradient: ArrayLike<number>;
  /** n×d or J×n×d, at instance level. */
  readonly featureGradient?: ArrayLike<number>;
  /** How often the observer was called, if there was one. */
  readonly observed?: number;
}

/** What is judged: a backend, and the way it trains if it can. */
export interface Subject {
  readonly backend: Backend;
  readonly train?: TrainingLoss;
}

/** Smaller cases tried for a counterexample, by default: a bound on time that does not depend on the machine. */
export const MOST_SHRINKS = 4000;

/** One property of the suite. */
export interface Property {
  /** Stable name, such as `mined-hardest`. */
  readonly id: string;
  /** The stage it judges: a row of the conformance matrix. */
  readonly stage: Stage;
  /** The equation or ruling it comes from. */
  readonly source: string;
  /** What is claimed, in a sentence. */
  readonly claim: string;
  /** Whether a backend that has the stage must run it to pass. */
  readonly required: boolean;
  /** Why it cannot be asked of this subject, if so. */
  readonly inapplicable?: (subject: Subject) => string | undefined;
  /** Whether it can be asked at class level only. Default false. */
  readonly classLevel?: boolean;
  /** How many cases to run where so many are asked for. Default: as many. */
  readonly runs?: (asked: number) => number;
  /** How many smaller cases to try once one has failed. Default 4,000. */
  readonly shrinks?: number;
  readonly cases: (supports: Capabilities) => fc.Arbitrary<Case>;
  /** Throws {@link Disagreement} if the claim does not hold. */
  readonly check: (subject: Subject, given: Case) => Promise<void>;
}

/** Why properties of the gradient cannot be asked of a backend, if so. */
export function needsGradient({ backend }: Subject): string | undefined {
  return backend.supports.gradient ? undefined : 'the backend declares that it computes no gradient';
}

/** Why properties of training cannot be asked of a subject, if so. */
export function needsTraining(subject: Subject): string | undefined {
  if (subject.train) return needsGradient(subject);
  return (
    needsGradient(subject) ??
    `execution is ${subject.backend.supports.execution}: a tfjs loss is synchronous, so it cannot train`
  );
}

/** A claim that does not hold for a case. */
export class Disagreement extends Error {
  override readonly name = 'Disagreement';
  constructor(
    readonly what: string,
    readonly expected: unknown,
    readonly got: unknown,
  ) {
    super(`${what}: expected ${print(expected)}, got ${print(got)}`);
  }
}

/**
 * A call that was given no answer in time. Its case is neither made smaller nor tried again: each
 * try would take as long.
 */
export class UnansweredError extends Error {
  override readonly name = 'UnansweredError';
}

/** Demands equality, index for index. */
export function demandSame(what: string, got: unknown, expected: unknown): void {
  if (print(got) !== print(expected)) throw new Disagreement(what, plain(expected), plain(got));
}

/** Demands that a claim holds. */
export function demand(holds: boolean, what: string, expected: unknown, got: unknown): void {
  if (!holds) throw new Disagreement(what, expected, got);
}

/** Demands a number within an interval; NaN equals nothing, an infinity only itself. */
export function demandNear(what: string, got: number, expected: number, allowance: number): void {
  if (typeof got === 'number' && (got === expected || Math.abs(got - expected) <= allowance)) return;
  throw new Disagreement(what, `${expected} ± ${allowance.toExponential(1)}`, got);
}

/** Demands a count, of what a backend counts itself. */
export function demandCount(what: string, got: unknown): number {
  if (Number.isSafeInteger(got) && (got as number) >= 0) return got as number;
  throw new Disagreement(what, 'a whole number from 0', got);
}

/** Demands that every entry of an array lies within its interval. */
export function demandAllNear(
  what: string,
  got: readonly number[],
  expected: readonly number[],
  shape: readonly number[],
  allowance: (at: number) => number,
): void {
  demand(got.length === expected.length, `${what}: number of entries`, expected.length, got.length);
  expected.forEach((value, at) => {
    demandNear(`${what}${place(at, shape)}`, got[at] as number, value, allowance(at));
  });
}

/** The indices of an entry, as `[i][s]`. */
function place(at: number, shape: readonly number[]): string {
  let rest = at;
  const indices = [...shape].reverse().map((length) => {
    const index = rest % length;
    rest = Math.floor(rest / length);
    return `[${index}]`;
  });
  return indices.reverse().join('');
}

/** Typed arrays as arrays, so that they print and compare by their entries; -0 is 0. */
function plain(value: unknown): unknown {
  return JSON.parse(print(value));
}

function print(value: unknown): string {
  return (
    JSON.stringify(value, (_, x) => {
      if (ArrayBuffer.isView(x)) return Array.from(x as unknown as ArrayLike<number>);
      return typeof x === 'number' && !Number.isFinite(x) ? String(x) : x;
    }) ?? 'undefined'
  );
}
