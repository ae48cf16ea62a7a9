/**
 * The report of the suite on a backend, as data.
 *
 * @module
 */
import type { BatchDocument, Capabilities, Stage } from '../spec/index.js';
import { type ConformanceLevel, type LevelReport, levelReports } from './conformance.js';

/**
 * The verdict on a property.
 *
 * - `passed`, `failed`: it ran.
 * - `skipped`: it does not apply to what the backend declares; `reason` says why.
 * - `unavailable`: it could not run here.
 * - `known`: it failed, and is listed as a known failure.
 * - `unexpected-pass`: it is listed as a known failure, and passed.
 */
export type Verdict = 'passed' | 'failed' | 'skipped' | 'unavailable' | 'known' | 'unexpected-pass';

/** The smallest failing case that was found. */
export interface Counterexample {
  /** What differs: the value, what was expected, and what came instead. */
  readonly message: string;
  /** The batch and options, as `crl explain` reads them. */
  readonly document: BatchDocument;
  readonly expected?: unknown;
  readonly got?: unknown;
  /** How many times fast-check replaced the case by a smaller one. */
  readonly shrinks: number;
  /** Names this case, to run it again: by the suite's option `replay`, or the flag `--replay`. */
  readonly token: string;
}

/** The outcome of one property. */
export interface PropertyReport {
  readonly id: string;
  readonly stage: Stage;
  /** Its equation or ruling. */
  readonly source: string;
  readonly claim: string;
  /** Whether it must run for this backend to pass. */
  readonly required: boolean;
  readonly verdict: Verdict;
  /** Why it failed, was skipped, or is known to fail. */
  readonly reason?: string;
  /** Where a known failure is tracked. */
  readonly link?: string;
  /** Number of cases that ran, the failing one included. */
  readonly cases: number;
  readonly milliseconds: number;
  readonly counterexample?: Counterexample;
  /** A command that runs the counterexample again, or, where there is none, the property with the same cases. */
  readonly replay: string;
}

/** The outcome of one stage. */
export interface StageReport {
  readonly stage: Stage;
  readonly cases: number;
  readonly milliseconds: number;
  readonly properties: number;
  readonly failed: number;
}

/** The outcome of a whole run of the suite. */
export interface Report {
  /**
   * True if no property failed or passed unexpectedly, every required property ran, no known failure is
   * stale, the level that was asked for is reached, and there were no other problems.
   */
  readonly passed: boolean;
  readonly seed: number;
  /** Cases per property that were asked for. */
  readonly runs: number;
  readonly backend: string;
  /** The engine; null if the backend names none. */
  readonly engine: string | null;
  /** The adapter of a GPU engine, as it names itself; null for other engines. */
  readonly adapter: string | null;
  /** What the backend declares; null if it could not be made. */
  readonly supports: Capabilities | null;
  /** The level of conformance that was asked for; null if none was. */
  readonly level: ConformanceLevel | null;
  /** Which levels of conformance the backend reached, and what is missing for the others. */
  readonly levels: readonly LevelReport[];
  /** Versions of the packages and of Node, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** When the run started, as ISO 8601. */
  readonly started: string;
  readonly milliseconds: number;
  readonly stages: readonly StageReport[];
  readonly properties: readonly PropertyReport[];
  /** Ids of known failures that belong to no property. */
  readonly stale: readonly string[];
  /** What went wrong outside the properties, such as a `dispose` that throws. */
  readonly problems: readonly string[];
}

/** A failure that is expected: it is reported, and does not fail the suite. */
export interface KnownFailure {
  /** Id of the property. */
  readonly id: string;
  readonly reason: string;
  /** Where it is tracked. */
  readonly link?: string;
  /** Only for the backend of this name. */
  readonly backend?: string;
  /** Only on this engine. */
  readonly engine?: string;
}

/** What identifies a run: its backend, seed, versions and time. */
export type ReportHead = Pick<
  Report,
  'seed' | 'runs' | 'backend' | 'engine' | 'adapter' | 'versions' | 'started' | 'milliseconds'
> & {
  /** What the backend declares. */
  readonly supports?: Capabilities | undefined;
  /** The level of conformance that was asked for. */
  readonly level?: ConformanceLevel | undefined;
};

/** Makes the report from the outcomes of the properties; what `passed` means is decided here. */
export function makeReport(
  { supports, level, ...head }: ReportHead,
  properties: readonly PropertyReport[],
  stages: readonly Stage[],
  stale: readonly string[] = [],
): Report {
  const good = ({ verdict, required, cases }: PropertyReport) =>
    verdict !== 'failed' && verdict !== 'unexpected-pass' && (!required || cases > 0);
  const levels = levelReports(properties, supports, level);
  const asked = levels.find((one) => one.level === level);
  return {
    passed:
      stale.length === 0 &&
      properties.some(({ cases }) => cases > 0) &&
      properties.every(good) &&
      asked?.verdict !== 'not-reached',
    ...head,
    supports: supports ?? null,
    level: level ?? null,
    levels,
    stages: stages.map((stage) => stageReport(stage, properties)),
    properties,
    stale,
    problems: [],
  };
}

/** The same report with a problem outside the properties, which fails it. */
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
