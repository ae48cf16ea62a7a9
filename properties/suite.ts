/**
 * The suite: all properties, run against one backend, with a verdict for each.
 *
 * @module
 */

import { type Backend, InputRangeError, STAGES, type Stage } from '../spec/index.js';
import { outOfRange, unknownName } from '../spec/rules.js';
import { CONFORMANCE_LEVELS, type ConformanceLevel, levelsOf } from './conformance.js';
import { drawSeed } from './draw-seed.js';
import { type Afresh, judge } from './judge.js';
import { properties } from './of-backends/index.js';
import { DEFAULT_RUNS, MOST_RUNS, type Property, type Subject, type TrainingLoss } from './property.js';
import { pathParts, type ReplayToken, readToken } from './replay.js';
import {
  type CoverageTerms,
  type KnownFailure,
  makeReport,
  type PropertyReport,
  type Report,
} from './report.js';

export { properties };

/** Which properties to run, and how. */
export interface SuiteChoices {
  /** Cases per property, a whole number from 1 to 1,000,000; a cheap property runs more, one of large batches fewer. Default 300. */
  readonly runs?: number;
  /** A 32-bit integer. Default: a random one, which the report names. */
  readonly seed?: number;
  /** Only these properties, by id. */
  readonly only?: readonly string[];
  /** Only properties of these stages. */
  readonly stages?: readonly Stage[];
  /**
   * Only what this level of conformance needs: its properties, on cases that it covers. The report passes if
   * the level is reached.
   */
  readonly level?: ConformanceLevel;
  /** The token of a counterexample: only its case runs. It overrides `runs`, `seed`, `only` and `stages`. A case that was found at a level needs that level. */
  readonly replay?: string;
  /** Failures to expect: each is reported, and does not fail the suite. Default: none. */
  readonly known?: readonly KnownFailure[];
}

/** How to run the suite. */
export interface SuiteOptions extends SuiteChoices {
  /** The backend through the training adapter. Without it the properties of training are skipped. */
  readonly train?: TrainingLoss;
  /**
   * Runs something on a new instance of the backend, then disposes of it: this tells whether a counterexample
   * fails alone or only after other calls. Default: the instance that is judged is used.
   */
  readonly afresh?: Afresh;
  /** What to give `crl verify` to get this backend again. Default: its name. */
  readonly replayAs?: string;
  /** For the report. Default: none. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Called as each property ends. */
  readonly onProgress?: (done: PropertyReport, completed: number, total: number) => void;
}

/** The choices, checked, with defaults filled in. */
export interface SuitePlan {
  readonly properties: readonly Property[];
  readonly runs: number;
  readonly seed: number;
  readonly path?: string;
  readonly level?: ConformanceLevel;
  readonly known: readonly KnownFailure[];
  readonly stale: readonly string[];
}

/**
 * Checks choices and fills in the defaults.
 *
 * @param of - the backend's name and engine, which known failures may be limited to
 * @throws InputRangeError - if a choice is out of range, or names a property or stage that does not exist
 */
export function planSuite(
  choices: SuiteChoices = {},
  of: { name?: string; engine?: string } = {},
): SuitePlan {
  const token = choices.replay === undefined ? undefined : readToken(choices.replay);
  const { runs = DEFAULT_RUNS, known = [], stages = STAGES, level } = choices;
  const seed = token?.seed ?? choices.seed ?? drawSeed();
  const ids = properties.map(({ id }) => id);
  if (token && !ids.includes(token.id)) throw unknownProperty(token.id);
  const only = token ? [token.id] : choices.only;
  if (!Number.isSafeInteger(runs) || runs < 1 || runs > MOST_RUNS)
    outOfRange('option-out-of-range', 'runs', `an integer from 1 to ${MOST_RUNS}`, runs);
  if (!Number.isInteger(seed) || seed !== (seed | 0))
    outOfRange('option-out-of-range', 'seed', 'a 32-bit integer', seed);
  checkNames('only', 'the id of a property', ids, only ?? []);
  checkNames('stages', 'a stage', STAGES, stages);
  if (level !== undefined) checkNames('level', 'a level of conformance', CONFORMANCE_LEVELS, [level]);
  const asked = properties.filter(
    (property) =>
      (only?.includes(property.id) ?? true) &&
      (token !== undefined ||
        (stages.includes(property.stage) && (level === undefined || levelsOf(property).includes(level)))),
  );
  if (asked.length === 0) {
    throw new InputRangeError({
      code: 'option-out-of-range',
      where: level === undefined ? 'only and stages' : 'only, stages and level',
      expected: level === undefined ? 'a property of these stages' : `a property of level ${level}`,
      got: `${only?.join(', ') ?? 'any property'} and ${stages.join(', ')}`,
    });
  }
  if (token) refuseDistantCase(token, asked[0] as Property);
  return {
    properties: asked,
    runs,
    seed,
    ...(token ? { path: token.path } : {}),
    ...(level === undefined ? {} : { level }),
    known: known.filter(
      ({ backend = of.name, engine = of.engine }) => backend === of.name && engine === of.engine,
    ),
    stale: known.map(({ id }) => id).filter((id) => !ids.includes(id)),
  };
}

/**
 * Runs the properties against a backend, one after the other.
 *
 * @throws InputRangeError - if an option is out of range, or names a property or stage that does not exist
 * @example
 * ```ts
 * import { runSuite } from 'class-rectification/verify';
 * import { referenceBackend } from 'class-rectification/backends/reference';
 * const report = await runSuite(referenceBackend(), { runs: 5, seed: 1, only: ['minority-agrees'] });
 * report.properties[0].verdict; // → 'passed'
 * ```
 */
export async function runSuite(backend: Backend, options: SuiteOptions = {}): Promise<Report> {
  const plan = planSuite(options, backend);
  const subject: Subject = options.train ? { backend, train: options.train } : { backend };
  const replay = { backend: options.replayAs ?? backend.name, engine: backend.engine };
  const afresh = options.afresh ? { afresh: options.afresh } : {};
  return runPlan(
    plan,
    backend,
    (property) => judge(property, subject, { ...plan, replay, ...afresh }),
    options,
  );
}

/**
 * Judges the properties of a plan one after the other, wherever each is judged.
 *
 * @param of - what is judged, as the report names it
 * @param judgeOne - judges one property, here or in another process
 */
export async function runPlan(
  plan: SuitePlan,
  of: ReportedBackend,
  judgeOne: (property: Property) => Promise<PropertyReport>,
  { versions = {}, onProgress }: Pick<SuiteOptions, 'versions' | 'onProgress'> = {},
): Promise<Report> {
  const began = performance.now();
  const started = new Date().toISOString();
  const reports: PropertyReport[] = [];
  for (const property of plan.properties) {
    const report = await judgeOne(property);
    reports.push(report);
    onProgress?.(report, reports.length, plan.properties.length);
  }
  const milliseconds = Math.round(performance.now() - began);
  return reportOfPlan(plan, of, reports, { versions, started, milliseconds });
}

/** A backend as its report names it. */
export type ReportedBackend = Pick<Backend, 'name' | 'engine' | 'adapter'> &
  Partial<Pick<Backend, 'supports'>>;

/** The report of what has been judged of a plan, in the order of the suite. */
export function reportOfPlan(
  plan: SuitePlan,
  { name: backend, engine, adapter, supports }: ReportedBackend,
  judged: readonly PropertyReport[],
  rest: Pick<Report, 'versions' | 'started' | 'milliseconds' | 'timing'>,
): Report {
  const { properties: asked, runs, seed, stale, level } = plan;
  const inOrder = asked.flatMap(({ id }) => judged.filter((report) => report.id === id));
  const of = { backend, engine: engine ?? null, adapter: adapter ?? null, supports };
  const terms = coverageTerms(plan, inOrder.length);
  return makeReport({ seed, runs, ...of, level, ...rest }, inOrder, STAGES, stale, terms);
}

/** What the coverage of a plan is judged by: the whole suite with its default number of cases, or more. */
function coverageTerms({ runs, path }: SuitePlan, ran: number): CoverageTerms | undefined {
  if (path !== undefined) return undefined;
  if (ran < properties.length) return { notEnforced: `only ${ran} of ${properties.length} properties ran` };
  if (runs >= DEFAULT_RUNS) return {};
  return { notEnforced: `${runs} cases per property are fewer than the default, ${DEFAULT_RUNS}` };
}

/** Properties that were renamed, for the tokens of earlier reports. */
const RENAMED: Readonly<Record<string, string>> = {
  'balanced-agrees-when-trained': 'balanced-agrees-when-mostly-right',
  'mining-agrees-when-unusual': 'mining-agrees-on-oddities',
  'balanced-agrees-when-unusual': 'balanced-agrees-on-oddities',
};

function unknownProperty(id: string): InputRangeError {
  const now = RENAMED[id];
  const advice = now ? `${id} is called ${now} in this version` : 'no property of this version has this id';
  return new InputRangeError({
    code: 'option-out-of-range',
    where: 'replay',
    expected: 'the token of a property of this version',
    got: `the token of ${id} (${advice}; its cases may differ, so run the suite again for a new token)`,
  });
}

/** A case is found again by drawing all before it: one that no run has drawn would be looked for without an end. */
function refuseDistantCase({ path }: ReplayToken, { id, runs = (asked) => asked }: Property): void {
  const { drawn } = pathParts(path);
  const most = runs(MOST_RUNS);
  if (drawn >= most)
    outOfRange('option-out-of-range', 'replay', `the number of a case of ${id} below ${most}`, drawn);
}

function checkNames(where: string, what: string, known: readonly string[], names: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) unknownName(where, what, known, unknown);
}
