/**
 * What the suite says of a backend, as data.
 *
 * @module
 */
import type { BatchDocument, Stage } from '../spec/index.js';

/**
 * - `passed`, `failed`: it ran.
 * - `skipped`: the backend declares that it cannot be asked; `reason` says why.
 * - `unavailable`: it could not run here.
 * - `known`: it failed, and is listed as a known failure.
 * - `unexpected-pass`: it is listed as a known failure, and passed.
 */
export type Verdict = 'passed' | 'failed' | 'skipped' | 'unavailable' | 'known' | 'unexpected-pass';

/** The smallest case found that a claim does not hold for. */
export interface Counterexample {
  /** What differs, in a sentence. */
  readonly message: string;
  /** The batch and options, as `crl explain` reads them. */
  readonly document: BatchDocument;
  readonly expected?: unknown;
  readonly got?: unknown;
  /** How often fast-check made it smaller. */
  readonly shrinks: number;
  /** Runs this very case again: `replay` of the suite's options, `--replay` of the command. */
  readonly token: string;
}

/** What became of one property. */
export interface PropertyReport {
  readonly id: string;
  readonly stage: Stage;
  /** Its equation or ruling. */
  readonly source: string;
  readonly claim: string;
  /** Whether it had to run for this backend to pass. */
  readonly required: boolean;
  readonly verdict: Verdict;
  readonly reason?: string;
  /** Where a known failure is followed up. */
  readonly link?: string;
  /** Cases run, the failing one included. */
  readonly cases: number;
  readonly milliseconds: number;
  readonly counterexample?: Counterexample;
  /** A command that runs the counterexample alone; where there is none, the property with the same cases. */
  readonly replay: string;
}

/** What became of one stage. */
export interface StageReport {
  readonly stage: Stage;
  readonly cases: number;
  readonly milliseconds: number;
  readonly properties: number;
  readonly failed: number;
}

/** What became of a backend. */
export interface Report {
  /**
   * No property failed, none passed unexpectedly, no known failure is stale, every required one ran,
   * and there were no problems beside them.
   */
  readonly passed: boolean;
  readonly seed: number;
  /** Cases asked of each property. */
  readonly runs: number;
  readonly backend: string;
  /** The engine; null if the backend has but one way to compute. */
  readonly engine: string | null;
  /** What a GPU engine computes on, as it names itself; null elsewhere. */
  readonly adapter: string | null;
  /** Versions of what took part, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** When it began, as ISO 8601. */
  readonly started: string;
  readonly milliseconds: number;
  readonly stages: readonly StageReport[];
  readonly properties: readonly PropertyReport[];
  /** Ids of known failures that no property has. */
  readonly stale: readonly string[];
  /** What went wrong outside of any property, such as a `dispose` that throws. */
  readonly problems: readonly string[];
}

/** A failure that is known: it is reported, and does not fail the suite. */
export interface KnownFailure {
  /** Of the property. */
  readonly id: string;
  readonly reason: string;
  /** Where it is followed up. */
  readonly link?: string;
  /** Only for the backend of this name. */
  readonly backend?: string;
  /** Only on this engine. */
  readonly engine?: string;
}

/** What tells one run from another, and what a run was of. */
export type ReportHead = Pick<
  Report,
  'seed' | 'runs' | 'backend' | 'engine' | 'adapter' | 'versions' | 'started' | 'milliseconds'
>;

/** A report of what became of the properties; it says what passed means. */
export function makeReport(
  head: ReportHead,
  properties: readonly PropertyReport[],
  stages: readonly Stage[],
  stale: readonly string[] = [],
): Report {
  const good = ({ verdict, required, cases }: PropertyReport) =>
    verdict !== 'failed' && verdict !== 'unexpected-pass' && (!required || cases > 0);
  return {
    passed: stale.length === 0 && properties.some(({ cases }) => cases > 0) && properties.every(good),
    ...head,
    stages: stages.map((stage) => stageReport(stage, properties)),
    properties,
    stale,
    problems: [],
  };
}

/** The same report, not passed for a problem outside of any property. */
export function withProblem(report: Report, problem: string): Report {
  return { ...report, passed: false, problems: [...report.problems, problem] };
}

function stageReport(stage: Stage, properties: readonly PropertyReport[]): StageReport {
  const own = properties.filter((property) => property.stage === stage);
  const sum = (of: (property: PropertyReport) => number) => own.reduce((total, each) => total + of(each), 0);
  return {
    stage,
    cases: sum(({ cases }) => cases),
    milliseconds: sum(({ milliseconds }) => milliseconds),
    properties: own.length,
    failed: sum(({ verdict }) => +(verdict === 'failed' || verdict === 'unexpected-pass')),
  };
}
