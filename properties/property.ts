/**
 * A property of the suite, what it is given, and the demands that it makes.
 *
 * @module
 */
import type fc from 'fast-check';
import type { Backend, BalancedOptions, Batch, Stage, TrainingResult, TrainingStep } from '../spec/index.js';
import type { Case } from './cases/arbitraries.js';
import type { CaseCapabilities } from './cases/case-capabilities.js';
import type { Way } from './coverage/way-conditions.js';
import { Disagreement, print } from './disagreement.js';
import { noteShare } from './tolerance/used.js';

export type { TrainingResult, TrainingStep };

/**
 * Computes the balanced loss as training does: through the adapter that makes a tfjs-layers loss from a
 * backend. It is passed in, since properties know no tensors.
 */
export type TrainingLoss = (
  batch: Batch,
  options: BalancedOptions,
  how?: TrainingStep,
) => Promise<TrainingResult>;

/** What is judged: a backend, and how it trains, if it can. */
export interface Subject {
  readonly backend: Backend;
  readonly train?: TrainingLoss;
}

/** Cases per property, by default. */
export const DEFAULT_RUNS = 300;

/** The most cases per property that can be asked for: more take days, and a soak draws as many from seed after seed. */
export const MOST_RUNS = 1_000_000;

/** Smaller cases that are tried to shrink a counterexample, by default: a limit that no machine's speed changes. */
export const MOST_SHRINKS = 4000;

/** One property of the suite. */
export interface Property {
  /** Stable name, such as `mined-hardest`. */
  readonly id: string;
  /** The stage that it judges: a row of the conformance matrix. */
  readonly stage: Stage;
  /** The equation or ruling it comes from. */
  readonly source: string;
  /** The claim, in a sentence that the author of a backend understands. */
  readonly claim: string;
  /** Whether it must run for a backend that has the stage to pass. */
  readonly required: boolean;
  /** The reason why it does not apply to a subject; undefined if it does. */
  readonly inapplicable?: (subject: Subject) => string | undefined;
  /** Whether it applies to class level only. Default false. */
  readonly classLevel?: boolean;
  /** How many cases it runs where so many per property are asked for. Default: that many. */
  readonly runs?: (asked: number) => number;
  /** How many smaller cases to try after one has failed. Default 4,000. */
  readonly shrinks?: number;
  /**
   * Whether a tenth of its cases are found by changing those that came nearest to the limit of a tolerance. Its
   * claim must hold for any batch and options that the backend supports. Default false.
   */
  readonly search?: boolean;
  /** Draws cases that a backend with these capabilities must handle. They depend on nothing else of the backend. */
  readonly cases: (supports: CaseCapabilities) => fc.Arbitrary<Case>;
  /** The ways in which it asks a subject about a case, which are counted. Default: it calls a stage, and no more. */
  readonly ways?: (subject: Subject, given: Case) => Iterable<Way>;
  /** Throws a {@link Disagreement} if the claim does not hold for a case. */
  readonly check: (subject: Subject, given: Case) => Promise<void>;
}

/** The reason why properties of the gradient do not apply to a backend; undefined if they do. */
export function needsGradient({ backend }: Subject): string | undefined {
  return backend.supports.gradient ? undefined : 'the backend declares that it computes no gradient';
}

/** The reason why properties of training do not apply to a subject; undefined if they do. */
export function needsTraining(subject: Subject): string | undefined {
  if (subject.train) return needsGradient(subject);
  return (
    needsGradient(subject) ??
    `the backend cannot train: its execution is ${subject.backend.supports.execution}, and a tfjs loss is synchronous`
  );
}

/** The reason why properties of sample weights do not apply to a subject; undefined if they do. */
export function needsSampleLosses(subject: Subject): string | undefined {
  const declared = subject.backend.supports.perSample === true;
  return (
    needsTraining(subject) ??
    (declared ? undefined : 'the backend declares that its loss cannot weigh samples (supports.perSample)')
  );
}

/**
 * Thrown where a backend did not answer a call in time. Its case is neither shrunk nor tried again, since
 * each try would take as long.
 */
export class UnansweredError extends Error {
  override readonly name = 'UnansweredError';
  constructor(
    message: string,
    /** False where the call was not made, since an earlier one went unanswered: its case says nothing. */
    readonly wasAsked = true,
  ) {
    super(message);
  }
}

/** Demands that two values are equal, entry by entry. */
export function demandSame(what: string, got: unknown, expected: unknown): void {
  if (isSame(got, expected)) return; // most are, and to print them would take longer than to compare them
  if (print(got) === print(expected)) return;
  const part = differingPart({ what, got, expected });
  throw new Disagreement(part.what, plain(part.expected), plain(part.got));
}

/** Values that are printed longer than this are not shown whole. */
const MOST_SHOWN = 20_000;

/** Two values, and what they are. */
interface Compared {
  readonly what: string;
  readonly got: unknown;
  readonly expected: unknown;
}

/** What differs, and of values that are too long to show the first entry that differs. */
function differingPart({ what, got, expected }: Compared): Compared {
  const isLong = Math.max(print(got).length, print(expected).length) > MOST_SHOWN;
  if (!isLong) return { what, got, expected };
  const differ = (one: unknown, other: unknown) => !isSame(one, other) && print(one) !== print(other);
  if (isList(got) && isList(expected)) {
    if (got.length !== expected.length)
      return { what: `${what}: number of entries`, got: got.length, expected: expected.length };
    const at = Array.from(got, (_, place) => place).find((place) => differ(got[place], expected[place]));
    if (at === undefined) return { what, got, expected };
    return differingPart({ what: `${what}[${at}]`, got: got[at], expected: expected[at] });
  }
  if (isPlainObject(got) && isPlainObject(expected)) {
    const name = Object.keys(expected).find((key) => differ(got[key], expected[key]));
    if (name === undefined) return { what, got, expected };
    return differingPart({ what: `${what}.${name}`, got: got[name], expected: expected[name] });
  }
  return { what, got, expected };
}

/** Whether two values are surely printed alike: numbers, lists of them, and plain objects, entry by entry. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (isList(one) && isList(other)) {
    if (one.length !== other.length) return false;
    for (let at = 0; at < one.length; at++) if (!isSame(one[at], other[at])) return false;
    return true;
  }
  if (!isPlainObject(one) || !isPlainObject(other)) return false;
  const names = Object.keys(one);
  const others = Object.keys(other);
  return (
    names.length === others.length &&
    names.every((name, at) => name === others[at] && isSame(one[name], other[name]))
  );
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Demands that a claim holds. */
export function demand(holds: boolean, what: string, expected: unknown, got: unknown): void {
  if (!holds) throw new Disagreement(what, expected, got);
}

/** Demands a number within an interval. NaN equals nothing, and an infinity only itself. */
export function demandNear(what: string, got: number, expected: number, allowance: number): void {
  if (isNear(got, expected, allowance)) return;
  throw new Disagreement(what, `${expected} ± ${allowance.toExponential(1)}`, got);
}

/** Whether a number lies within an interval; notes how much of the interval its error takes. */
function isNear(got: unknown, expected: number, allowance: number): boolean {
  if (typeof got !== 'number') return false;
  const error = got === expected ? 0 : Math.abs(got - expected); // equal infinities are no error
  noteShare(error, allowance);
  return error <= allowance;
}

/** Demands that a number which a backend counts itself is a count. */
export function demandCount(what: string, got: unknown): number {
  if (Number.isSafeInteger(got) && (got as number) >= 0) return got as number;
  throw new Disagreement(what, 'a whole number from 0', got);
}

/** Demands that every entry of an array lies within its interval. */
export function demandAllNear(
  what: string,
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  shape: readonly number[],
  allowance: (at: number) => number,
): void {
  demand(got.length === expected.length, `${what}: number of entries`, expected.length, got.length);
  for (let at = 0; at < expected.length; at++) {
    const [own, right, allowed] = [got[at], expected[at] as number, allowance(at)];
    if (!isNear(own, right, allowed)) demandNear(`${what}${place(at, shape)}`, own as number, right, allowed);
  }
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

/** Typed arrays as arrays, so that they print and compare by their entries; −0 becomes 0. */
function plain(value: unknown): unknown {
  return JSON.parse(print(value));
}
