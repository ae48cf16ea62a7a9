/**
 * Judges one property: runs its cases, and shrinks the first that fails to a small counterexample.
 *
 * @module
 */
import type { Backend, BatchDocument, Stage } from '../spec/index.js';
import { shown, thrownText } from '../spec/rules.js';
import { budgetOf } from './budgets.js';
import { type Case, caseDocument } from './cases/arbitraries.js';
import { checkAll, checkOne, draw, Met } from './check-cases.js';
import { CheckClock } from './check-clock.js';
import { atLevel, type ConformanceLevel } from './conformance.js';
import { Disagreement } from './disagreement.js';
import type { KeptCases } from './kept-cases.js';
import { type Property, type Subject, UnansweredError } from './property.js';
import { pathParts, type ReplayTarget, replayCommand, replayTokenCommand, writeToken } from './replay.js';
import {
  type Counterexample,
  type KnownFailure,
  NEEDS_EARLIER_CALLS,
  type PropertyReport,
} from './report.js';
import { stageAtFault } from './stage-at-fault.js';
import { thrownPlace } from './thrown-place.js';
import { transformationOf } from './transformation.js';

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
  /** Where cases are kept for the backends that are judged next in this process. Default: nowhere. */
  readonly kept?: KeptCases | undefined;
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
  const clock = new CheckClock(how.backendTime);
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
  const met = new Met(property, subject);
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
  const failed = { cases, ...counted, counterexample, replay, stage: stageAtFault(error) ?? stage };
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

/** What the replay commands run: the backend, with the level that its cases are drawn for. */
function replayTarget({ replay, level }: Judgement): ReplayTarget {
  return level === undefined ? replay : { ...replay, level };
}

function knownReason({ known }: Judgement, id: string): Pick<KnownFailure, 'reason' | 'link'> | undefined {
  const listed = known.find((k) => k.id === id);
  return listed && { reason: listed.reason, ...(listed.link ? { link: listed.link } : {}) };
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
    error instanceof Disagreement
      ? `${error.message}${thrownPlace(error)}`
      : error instanceof Error
        ? `${thrownText(error)}${thrownPlace(error)}`
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
