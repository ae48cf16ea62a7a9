/**
 * Judges one property: runs its cases, and shrinks the first that fails to a small counterexample.
 *
 * @module
 */
import fc from 'fast-check';
import type { Backend, BatchDocument, Stage } from '../spec/index.js';
import { outOfRange, shown } from '../spec/rules.js';
import { type Budget, budgetOf, LARGE, LargeCases } from './budgets.js';
import { type Case, caseDocument } from './cases/arbitraries.js';
import { shrunkWhile } from './cases/shrunk-while.js';
import { atLevel, type ConformanceLevel } from './conformance.js';
import { Facts, Tally } from './coverage/index.js';
import { Disagreement, MOST_SHRINKS, type Property, type Subject, UnansweredError } from './property.js';
import { pathParts, type ReplayTarget, replayCommand, replayTokenCommand, writeToken } from './replay.js';
import {
  type Counterexample,
  type KnownFailure,
  NEEDS_EARLIER_CALLS,
  type PropertyReport,
  type Timing,
} from './report.js';
import { mutatedCase } from './search/mutated-case.js';
import { NearestCases } from './search/nearest-cases.js';
import { thrownPlace } from './thrown-place.js';
import { takeShare } from './tolerance/used.js';
import { transformationOf } from './transformation.js';
import { keepWalk } from './walk.js';

/** Runs something on a new instance of the backend; undefined if no other instance can be made. */
export type Afresh = <T>(ask: (subject: Subject) => Promise<T>) => Promise<T | undefined>;

/** How to judge. */
export interface Judgement {
  readonly runs: number;
  readonly seed: number;
  /** Only the case at this path. */
  readonly path?: string;
  /** Only cases that this level of conformance covers. Default: all that the backend declares. */
  readonly level?: ConformanceLevel;
  readonly known: readonly KnownFailure[];
  readonly replay: ReplayTarget;
  /** Default: no other instance can be made. */
  readonly afresh?: Afresh;
  /** Called before each case runs, with its path: a process that is lost leaves the last one behind. */
  readonly onCase?: (path: string) => void;
  /** How long the backend has been busy so far, in milliseconds. Default: not known, and times are not told apart. */
  readonly backendTime?: () => number;
}

/** Runs one property. */
export async function judge(property: Property, given: Subject, how: Judgement): Promise<PropertyReport> {
  const { id, stage } = property;
  const subject = atLevel(given, how.level);
  const { runs, seed, path } = how;
  const missing = missingStage(subject.backend, stage);
  const inapplicable = property.inapplicable?.(subject);
  const withoutLevel = property.classLevel === true && !subject.backend.supports.levels.includes('class');
  // a property that a declared capability excludes is not required; those of the whole walk always are
  const isRequired = missing?.declared !== true && inapplicable === undefined && !withoutLevel;
  const clock = new CheckClock(how);
  const report = reporting(property, how, isRequired, clock);
  const skipped = (reason: string) => report({ verdict: 'skipped', reason, cases: 0 });

  if (missing?.declared) return skipped(missing.reason);
  if (missing) return report({ verdict: 'failed', reason: missing.reason, cases: 0 });
  for (const needed of ['encodings', 'levels', 'comparisons'] as const) {
    if (subject.backend.supports[needed].length > 0) continue;
    return skipped(`the backend declares that it supports no ${needed}`);
  }
  if (inapplicable !== undefined) return skipped(inapplicable);
  if (withoutLevel) return skipped('the backend declares that it does not support class level');

  const timed = { ...property, check: clock.timed(property.check) };
  const arbitrary = property.cases(subject.backend.supports);
  const met = new Met(stage);
  const found =
    path === undefined
      ? await checkAll(timed, subject, arbitrary, how, met, budgetOf(subject.backend.engine))
      : await checkOne(timed, subject, draw(arbitrary, seed, path), () => how.onCase?.(path));
  const cases = found.numRuns;
  const counted = path === undefined ? met.told() : {};
  const because = knownReason(how, id);
  if (!found.failed) {
    if (because) return report({ verdict: 'unexpected-pass', cases, ...counted, ...because });
    return report({ verdict: 'passed', cases, ...counted });
  }
  const { errorInstance: error } = found;
  if (error instanceof UnansweredError && !error.wasAsked)
    return report({ verdict: because ? 'known' : 'failed', reason: error.message, cases: 0, ...because });
  const at = found.path ?? path ?? '0';
  const token = writeToken({ id, seed, path: at });
  // drawn again, since a backend may have written to the case that it was given
  const drawn = draw(arbitrary, seed, at);
  const unanswered = error instanceof UnansweredError;
  const ask = (asked: Subject) => failsAlone(property, atLevel(asked, how.level), drawn);
  const alone = !unanswered && ((await how.afresh?.(ask)) ?? (await ask(subject)));
  const target = replayTarget(how);
  const replay = alone ? replayTokenCommand(target, token) : replayCommand(target, id, runs, seed);
  const counterexample = {
    ...describe(drawn, found),
    ...(alone || unanswered ? {} : { needsEarlierCalls: true as const }),
    token,
  };
  const failed = { cases, ...counted, counterexample, replay };
  if (because) return report({ verdict: 'known', ...because, ...failed });
  return report({ verdict: 'failed', reason: reasonOf(counterexample), ...failed });
}

/** A process that was lost while it judged. */
export interface LostProcess {
  /** What ended it. */
  readonly what: string;
  /** The path of the case that was being asked; none before the first. */
  readonly path?: string | undefined;
  /** Whether that case ends a new process too; undefined if this was not tried. */
  readonly failsAlone?: boolean | undefined;
}

/**
 * The verdict of a property whose process was lost: it failed, and its counterexample is the case that was
 * being asked, drawn again. The backend is asked nothing.
 */
export function judgeLost(
  property: Property,
  subject: Subject,
  how: Judgement,
  { what, path, failsAlone }: LostProcess,
): PropertyReport {
  const { backend } = atLevel(subject, how.level);
  const { id } = property;
  const report = reporting(property, how, true);
  const because = knownReason(how, id);
  const verdict = because ? 'known' : 'failed';
  if (path === undefined) return report({ verdict, reason: what, cases: 0, ...because });
  const given = draw(property.cases(backend.supports), how.seed, path);
  const found = { errorInstance: new UnansweredError(what), numShrinks: path.split(':').length - 1 };
  const token = writeToken({ id, seed: how.seed, path });
  const counterexample = {
    ...describe(given, found),
    ...(failsAlone === false ? { needsEarlierCalls: true as const } : {}),
    token,
  };
  const reason = reasonOf(counterexample);
  const cases = pathParts(path).drawn + 1;
  const replay = failsAlone ? { replay: replayTokenCommand(replayTarget(how), token) } : {};
  return report({ verdict, reason, cases, counterexample, ...replay, ...because });
}

/** What failed, with what the author of a backend must know first. */
function reasonOf({ message, needsEarlierCalls, transformation }: Omit<Counterexample, 'token'>): string {
  return [
    ...(needsEarlierCalls ? [`state: ${NEEDS_EARLIER_CALLS}`] : []),
    ...(transformation === undefined ? [] : [transformation]),
    message,
  ].join(': ');
}

type Outcome = Pick<PropertyReport, 'verdict' | 'cases'> & Partial<PropertyReport>;

/** Reports of one property, timed from here. */
function reporting(
  { id, stage, source, claim, required }: Property,
  how: Judgement,
  isRequired: boolean,
  clock?: CheckClock,
): (outcome: Outcome) => PropertyReport {
  const started = performance.now();
  return (outcome) => ({
    ...timingPart(clock, performance.now() - started),
    id,
    stage,
    source,
    claim,
    required: required && isRequired,
    replay: replayCommand(replayTarget(how), id, how.runs, how.seed),
    ...outcome,
    milliseconds: Math.round(performance.now() - started),
  });
}

/** Where the time of a property went, if it is known and a case ran. */
function timingPart(clock: CheckClock | undefined, whole: number): Pick<PropertyReport, 'timing'> {
  const timing = clock?.timing(whole);
  return timing ? { timing } : {};
}

/** Tells the time of the backend, of the rest of a check, and of drawing apart. */
class CheckClock {
  readonly #backendTime: Judgement['backendTime'];
  readonly #before: number;
  #checking = 0;

  constructor({ backendTime }: Pick<Judgement, 'backendTime'>) {
    this.#backendTime = backendTime;
    this.#before = backendTime?.() ?? 0;
  }

  /** The same check, whose time counts. */
  timed(check: Property['check']): Property['check'] {
    return async (subject, given) => {
      const began = performance.now();
      try {
        await check(subject, given);
      } finally {
        this.#checking += performance.now() - began;
      }
    };
  }

  /** @param whole - the time of the property, in milliseconds */
  timing(whole: number): Timing | undefined {
    if (this.#backendTime === undefined || this.#checking === 0) return undefined;
    const backend = this.#backendTime() - this.#before;
    const rounded = (milliseconds: number) => Math.max(0, Math.round(milliseconds));
    return {
      drawing: rounded(whole - this.#checking),
      specification: rounded(this.#checking - backend),
      backend: rounded(backend),
    };
  }
}

/** What the replay commands run: the backend, with the level that its cases are drawn for. */
function replayTarget({ replay, level }: Judgement): ReplayTarget {
  return level === undefined ? replay : { ...replay, level };
}

function knownReason({ known }: Judgement, id: string): Pick<KnownFailure, 'reason' | 'link'> | undefined {
  const listed = known.find((k) => k.id === id);
  return listed && { reason: listed.reason, ...(listed.link ? { link: listed.link } : {}) };
}

/** The path of the case that runs, as fast-check counts: the run, then the smaller case tried at each step. */
class CasePath {
  readonly #failed: number[] = [];
  readonly #first: string | undefined;
  #at = -1;

  /** @param first - the path of the case that runs first, if the search has made it */
  constructor(first?: string) {
    this.#first = first;
  }

  next(): string {
    this.#at += 1;
    const [drawn, ...steps] = [...this.#failed, this.#at];
    return [this.#first ?? drawn, ...steps].join(':');
  }

  failed(): void {
    this.#failed.push(this.#at);
    this.#at = -1;
  }
}

/** How many tries one batch of more than {@link LARGE} samples counts for. */
const COST_OF_LARGE = 20;

/** What the cases of a property met: conditions, and the limits of tolerances. */
class Met {
  readonly nearest = new NearestCases();
  readonly #tally: Tally;
  #worst: number | undefined;

  constructor(stage: Stage) {
    this.#tally = new Tally(stage);
  }

  /** Before a case runs, since the backend may write to the batch. */
  begin(given: Case): void {
    const facts = new Facts(given);
    this.#tally.add(facts);
    if (facts.walkSoFar) keepWalk(given, facts.walkSoFar);
    takeShare();
  }

  /** After a case has passed. */
  passed(path: string, { batch }: Case): void {
    const share = takeShare();
    if (batch.size <= LARGE) this.nearest.note(path, share); // to change large ones would take the time of many
    if (share !== undefined) this.#worst = Math.max(share, this.#worst ?? 0);
  }

  told(): Pick<PropertyReport, 'coverage' | 'worst'> {
    const worst = this.#worst === undefined ? {} : { worst: this.#worst };
    return { coverage: this.#tally.coverage(), ...worst };
  }
}

/** What became of the cases of a property. */
interface Checked {
  readonly failed: boolean;
  /** Cases that ran. */
  readonly numRuns: number;
  readonly numShrinks: number;
  readonly errorInstance: unknown;
  /** Of the smallest case that failed. */
  readonly path: string | null;
}

/** One case in so many is one that the search has made. */
const SEARCHED = 10;

/**
 * Runs the cases that are drawn; then, if the property is searched, cases that change those which came nearest
 * to the limit of a tolerance.
 */
async function checkAll(
  property: Property,
  subject: Subject,
  arbitrary: fc.Arbitrary<Case>,
  { runs, seed, onCase }: Judgement,
  met: Met,
  budget: Budget,
): Promise<Checked> {
  const numRuns = Math.ceil(budget.cases * (property.runs?.(runs) ?? runs));
  const searched = property.search === true ? Math.floor(numRuns / SEARCHED) : 0;
  const drawn = numRuns - searched;
  const large = new LargeCases(budget);
  const run = async (cases: fc.Arbitrary<Case>, only: object, first?: string): Promise<Checked> => {
    const tries = new Tries(property.shrinks);
    const check = boundedCheck(property, subject, { onCase, met, tries, large, first });
    const bounded = shrunkWhile(cases, () => tries.areLeft);
    const found = await fc.check(fc.asyncProperty(bounded, check), { seed, ...only });
    return { ...found, path: found.counterexamplePath };
  };
  const found = await run(arbitrary, { numRuns: drawn });
  if (found.failed) return { ...found, numRuns: found.numRuns - large.leftOut };
  for (let step = 0; step < searched; step++) {
    // where every case is exact there is no limit to approach: then any case is changed
    const from = met.nearest.at(step) ?? String(Math.floor((step * drawn) / searched));
    const first = `${from}+${step}`;
    const { drawn: place, mutations } = pathParts(first);
    const one = await run(mutated(arbitrary, mutations), { numRuns: 1, path: String(place) }, first);
    if (!one.failed) continue;
    const path = one.path?.replace(/^\d+/, first) ?? first;
    return { ...one, numRuns: drawn + step + 1 - large.leftOut, path };
  }
  return { ...found, numRuns: numRuns - large.leftOut };
}

/** Cases with the changes of the search; they shrink as those shrink that they are made of. */
function mutated(arbitrary: fc.Arbitrary<Case>, mutations: readonly number[]): fc.Arbitrary<Case> {
  return mutations.length === 0 ? arbitrary : arbitrary.map((given) => mutations.reduce(mutatedCase, given));
}

/** The tries for smaller cases, which begin once a case has failed. */
class Tries {
  readonly #most: number;
  #used = -1;

  constructor(most = MOST_SHRINKS) {
    this.#most = most;
  }

  get haveBegun(): boolean {
    return this.#used >= 0;
  }

  get areLeft(): boolean {
    return this.#used <= this.#most;
  }

  count({ batch }: Case): void {
    if (this.haveBegun) this.#used += batch.size > LARGE ? COST_OF_LARGE : 1;
  }

  /** A case failed: smaller ones are tried, unless each try would take as long as the backend was waited for. */
  failed(error: unknown): void {
    this.#used = error instanceof UnansweredError ? Number.POSITIVE_INFINITY : Math.max(this.#used, 0);
  }
}

/** What accompanies the cases of a property. */
interface Checking {
  readonly onCase: Judgement['onCase'];
  readonly met: Met;
  readonly tries: Tries;
  readonly large: LargeCases;
  /** The path of the first case, if the search has made it. */
  readonly first: string | undefined;
}

/** The check; once the tries for smaller cases are used up it passes everything, which ends the shrinking. */
function boundedCheck(
  { check }: Property,
  subject: Subject,
  { onCase, met, tries, large, first }: Checking,
): (given: Case) => Promise<void> {
  const path = new CasePath(first);
  return async (given) => {
    const at = path.next();
    tries.count(given);
    if (!tries.areLeft) return;
    if (!tries.haveBegun) {
      if (large.leavesOut(given.batch.size)) return;
      met.begin(given);
    }
    onCase?.(at);
    try {
      await check(subject, given);
      if (!tries.haveBegun) met.passed(at, given);
    } catch (error) {
      path.failed();
      tries.failed(error);
      throw error;
    }
  };
}

/** The case at a path: drawn from the seed, then shrunk step by step. */
function draw(arbitrary: fc.Arbitrary<Case>, seed: number, path: string): Case | undefined {
  const { mutations, shrunk } = pathParts(path);
  return fc.sample(mutated(arbitrary, mutations), { seed, path: shrunk, numRuns: 1 })[0];
}

/** What fast-check would report of one case; its own replay would run further cases where this one passes. */
async function checkOne(
  { check, id }: Property,
  subject: Subject,
  given: Case | undefined,
  onCase: () => void,
): Promise<Checked> {
  if (given === undefined)
    outOfRange('option-out-of-range', 'replay', `the path of a case of ${id} in this version`, 'another');
  const one = { numRuns: 1, numShrinks: 0, path: null };
  onCase();
  try {
    await check(subject, given);
    return { ...one, failed: false, errorInstance: undefined };
  } catch (errorInstance) {
    return { ...one, failed: true, errorInstance };
  }
}

/** Whether a case fails again alone, without the calls that came before it. */
async function failsAlone({ check }: Property, subject: Subject, given: Case | undefined): Promise<boolean> {
  try {
    if (given) await check(subject, given);
    return false;
  } catch {
    return true;
  }
}

function describe(
  given: Case | undefined,
  {
    errorInstance: error,
    numShrinks: shrinks,
  }: { readonly errorInstance: unknown; readonly numShrinks: number },
): Omit<Counterexample, 'token'> {
  const message =
    error instanceof Error
      ? `${error.name === 'Disagreement' ? '' : `${error.name}: `}${error.message}${thrownPlace(error)}`
      : `the backend threw ${shown(error)}, which is not an Error`;
  const document = given
    ? caseDocument(given)
    : ({ attributes: [], labels: [], scores: [] } as BatchDocument);
  const differs = error instanceof Disagreement ? { expected: error.expected, got: error.got } : {};
  const transformation = transformationOf(error);
  return {
    message,
    document,
    ...(transformation === undefined ? {} : { transformation }),
    ...differs,
    shrinks,
  };
}

function missingStage(backend: Backend, stage: Stage): { declared: boolean; reason: string } | undefined {
  if (stage === 'balancedLoss') {
    if (typeof backend.balancedLoss === 'function') return undefined;
    return {
      declared: false,
      reason: 'the backend has no balancedLoss, the one operation that it must have',
    };
  }
  const declared = backend.supports.missing?.[stage];
  if (typeof backend[stage] === 'function') return undefined;
  if (declared !== undefined) return { declared: true, reason: declared };
  return {
    declared: false,
    reason: `the backend has no ${stage} and does not declare it missing (supports.missing)`,
  };
}
