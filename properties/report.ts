/**
 * The report of the suite on a backend, as data.
 *
 * @module
 */
import type { BatchDocument, Capabilities, Stage } from '../spec/index.js';
import { type Budget, budgetOf, isReduced } from './budgets.js';
import { type ConformanceLevel, type LevelReport, levelReports } from './conformance.js';
import { type Coverage, coverageOf, type PropertyCoverage } from './coverage/index.js';

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
  /** What the property did to the batch before the failing call; absent if it was given as it is. */
  readonly transformation?: string;
  /** True if the batch passes alone: it fails only after other calls, so the backend keeps state. */
  readonly needsEarlierCalls?: true;
  /**
   * True if the backend is an object, so that the batch could be given alone only to the instance that had failed:
   * whether the backend keeps state is not known.
   */
  readonly onSameInstance?: true;
  readonly expected?: unknown;
  readonly got?: unknown;
  /** How many times fast-check replaced the case by a smaller one. */
  readonly shrinks: number;
  /** Names this case, to run it again: by the suite's option `replay`, or the flag `--replay`. */
  readonly token: string;
}

/** Said of a batch that fails only after other calls. */
export const NEEDS_EARLIER_CALLS =
  'this batch passes alone, and only fails after the calls before it: the backend keeps something between calls';

/** Where the time of a property went, in milliseconds. */
export interface Timing {
  /** Drawing cases, and smaller ones once one has failed. */
  readonly drawing: number;
  /** The specification's answers, and comparing with them. */
  readonly specification: number;
  /** The backend's calls, and its steps of training. */
  readonly backend: number;
}

/** Where the time of a run went, in milliseconds: the sums over its properties, and what came before them. */
export interface RunTiming extends Timing {
  /** Starting processes and making the backend in each. */
  readonly starting: number;
  /** How many processes were started: none if those of an earlier backend judged this one too. */
  readonly processes: number;
}

/** The outcome of one property. */
export interface PropertyReport {
  readonly id: string;
  /** The stage that it is about; where it asked an earlier one too, and that one failed, the earlier one. */
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
  /** In how many of its cases each condition held; the report of a whole run leaves out the pairs. */
  readonly coverage?: PropertyCoverage;
  /**
   * The largest share of its tolerance that a number used in a case that passed: 0 where all were exact, at
   * most 1. None where the property compares no numbers.
   */
  readonly worst?: number;
  readonly milliseconds: number;
  /** Where this time went, if the property ran. */
  readonly timing?: Timing;
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
  /** The shares of the cases that the engine got; absent if it got them all. */
  readonly budget?: Budget;
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
  /** From the first process to the last; processes run at once, so that properties may take longer together. */
  readonly milliseconds: number;
  /** Where the time went. Default: not measured. */
  readonly timing?: RunTiming;
  readonly stages: readonly StageReport[];
  readonly properties: readonly PropertyReport[];
  /** How far the run looked; none where a single case was replayed, or no backend was made. */
  readonly coverage?: Coverage;
  /** Ids of known failures that belong to no property. */
  readonly stale: readonly string[];
  /** What went wrong outside the properties, such as a `dispose` that throws. */
  readonly problems: readonly string[];
  /** What ended the run early, and what was not judged; one of the problems. Absent where the run came to its end. */
  readonly stopped?: string;
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
  'seed' | 'runs' | 'backend' | 'engine' | 'adapter' | 'versions' | 'started' | 'milliseconds' | 'timing'
> & {
  /** What the backend declares. */
  readonly supports?: Capabilities | undefined;
  /** The level of conformance that was asked for. */
  readonly level?: ConformanceLevel | undefined;
};

/** What the coverage of a run is judged by. */
export interface CoverageTerms {
  /** Why a condition that is met too rarely does not fail this run; undefined if it does. */
  readonly notEnforced?: string | undefined;
}

/**
 * Makes the report from the outcomes of the properties; what `passed` means is decided here.
 *
 * @param terms - Default: the report has no coverage
 */
export function makeReport(
  { supports, level, ...head }: ReportHead,
  properties: readonly PropertyReport[],
  stages: readonly Stage[],
  stale: readonly string[] = [],
  terms?: CoverageTerms,
): Report {
  const levels = levelReports(properties, supports, level);
  const budget = budgetOf(head.engine ?? undefined);
  const report: Report = {
    passed: properties.some(({ cases }) => cases > 0) && nothingFailed({ properties, stale, level, levels }),
    ...head,
    ...(isReduced(budget) ? { budget } : {}),
    supports: supports ?? null,
    level: level ?? null,
    levels,
    stages: stages.map((stage) => stageReport(stage, properties)),
    properties: properties.map(withoutPairs),
    stale,
    problems: [],
  };
  if (terms === undefined || supports === undefined) return report;
  const coverage = coverageOf(properties, supports, {
    notEnforced: notEnforced(properties, terms),
    isReduced: isReduced(budget),
  });
  const short = shortfall(coverage, head.runs);
  return short === undefined ? { ...report, coverage } : withProblem({ ...report, coverage }, short);
}

/** Whether no property, level or list of known failures stands in the way of passing. Problems are told apart. */
function nothingFailed({
  properties,
  stale,
  level,
  levels,
}: Pick<Report, 'properties' | 'stale' | 'levels'> & {
  readonly level?: ConformanceLevel | null | undefined;
}) {
  const good = ({ verdict, required, cases }: PropertyReport) =>
    verdict !== 'failed' && verdict !== 'unexpected-pass' && (!required || cases > 0);
  const asked = levels.find((one) => one.level === level);
  return stale.length === 0 && properties.every(good) && asked?.verdict !== 'not-reached';
}

/** A property that ended early met fewer conditions than it could: the run has failed, or knows why. */
function notEnforced(properties: readonly PropertyReport[], terms: CoverageTerms): string | undefined {
  if (terms.notEnforced !== undefined) return terms.notEnforced;
  const early = properties.find(({ verdict }) => verdict === 'failed' || verdict === 'known');
  return early && `${early.id} ended before all of its cases had run`;
}

/** Pairs that were never met are named up to this many; the coverage of the report has them all. */
const MOST_PAIRS = 5;

/** What is said of a run that met too little, and the ways out; undefined if it met everything. */
function shortfall({ enforced, short, conditions, pairs }: Coverage, runs: number): string | undefined {
  const rows = enforced ? conditions.filter(({ id }) => short.includes(id)) : [];
  const each = rows.map(
    ({ id, what, cases, required }) => `${id} (${what}: ${cases} of at least ${required})`,
  );
  const missing = pairs.notEnforced === undefined ? pairs.missing : [];
  const named = missing.slice(0, MOST_PAIRS).map((pair) => pair.join(' with '));
  const more = missing.length - named.length;
  const found = [
    ...(each.length > 0 ? [`too few cases met ${each.join(', ')}`] : []),
    ...(named.length > 0
      ? [`no case met ${named.join(', ')}${more > 0 ? ` and ${more} more pairs` : ''}`]
      : []),
  ];
  if (found.length === 0) return undefined;
  return (
    `coverage: ${found.join('; ')}. ` +
    `Run more cases (--runs ${2 * runs}), or, if the backend cannot be given such cases, ` +
    'declare so in its `supports`. --coverage prints all conditions'
  );
}

/** The pairs of a whole run are added up in its coverage. */
function withoutPairs({ coverage, ...property }: PropertyReport): PropertyReport {
  return coverage === undefined ? property : { ...property, coverage: { conditions: coverage.conditions } };
}

/** The same report with a problem outside the properties, which fails it. */
export function withProblem(report: Report, problem: string): Report {
  return { ...report, passed: false, problems: [...report.problems, problem] };
}

/** The same report of a run that was ended early. It has not passed. */
export function withStop(report: Report, stopped: string): Report {
  return { ...withProblem(report, stopped), stopped };
}

/** Whether a run was ended early before anything had failed, so that it is neither passed nor failed. */
export function isOnlyStopped(report: Report): boolean {
  const { stopped, problems } = report;
  return stopped !== undefined && problems.every((problem) => problem === stopped) && nothingFailed(report);
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

/** The sums over properties. */
export function timingOf(properties: readonly PropertyReport[]): Timing {
  const sum = (of: keyof Timing) => properties.reduce((total, { timing }) => total + (timing?.[of] ?? 0), 0);
  return { drawing: sum('drawing'), specification: sum('specification'), backend: sum('backend') };
}
