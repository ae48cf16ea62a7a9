/**
 * Soak: runs the suite over and over, each round with a new seed, until its time is up. A soak that was
 * killed resumes from its file.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { DEFAULT_RUNS, MOST_RUNS, type PropertyReport, planSuite } from '../../properties/index.js';
import { InputSourceError, outOfRange } from '../../spec/errors.js';
import type { BackendModule } from '../../spec/index.js';
import { versions } from '../support/versions.js';
import { writeWhole } from '../support/write-whole.js';
import { isPrintable } from './printable.js';
import { shownPath, withoutPlaces } from './report/without-places.js';
import { openSession, type Session } from './session.js';

/** A file of an earlier soak that cannot be continued. */
export class SoakFileError extends InputSourceError<'soak-file-invalid'> {
  override readonly name = 'SoakFileError';
  constructor(file: string, expected: string, got: string, options?: ErrorOptions) {
    super({ code: 'soak-file-invalid', where: file, expected, got }, options);
  }
}

/** What to soak: a backend that is made here, or one that is judged elsewhere. */
export type SoakTarget = {
  /** The backend's name, or its file. */
  readonly backend: string;
  readonly engine?: string;
  /** Whether only one process at once may run on its engine. Default false. */
  readonly isExclusive?: boolean;
} & ({ readonly module: BackendModule } | { readonly open: () => Promise<Session> });

/** How long, and where what was found is kept. */
export interface SoakOptions {
  /** Time to spend now, in minutes, not counting earlier runs. */
  readonly minutes: number;
  /** The file that is written after every property; if it exists, the soak is resumed from it. */
  readonly file: string;
  /** A 32-bit integer: round r runs with seed + r. Default 1; a resumed soak keeps its own. */
  readonly seed?: number;
  /** How long a promise of a backend may take, in seconds. Default 120. */
  readonly timeout?: number;
  /**
   * How many properties are judged at once: it pays where the backends are judged in other processes. Default 1.
   */
  readonly jobs?: number;
  /** Called before every property of every round. */
  readonly onStart?: (where: string) => void;
  /** Called after every property of every round. */
  readonly onProgress?: (state: SoakState, where: string) => void;
}

/** The results of one target. */
export interface SoakedTarget {
  readonly backend: string;
  readonly engine: string | null;
  readonly adapter: string | null;
  /** Properties run so far, over all rounds, in order and without a gap. */
  steps: number;
  /** Properties run beyond these: several run at once. */
  ahead?: number[];
  /** Time spent on it. */
  minutes: number;
  cases: number;
  readonly casesByProperty: Record<string, number>;
  /** Failed properties in all; the first of them are kept in `disagreements`. */
  failures: number;
  readonly disagreements: PropertyReport[];
  /** Why it could not run here. */
  readonly unavailable?: string;
}

/** All that a soak has found, as its file holds it. */
export interface SoakState {
  readonly seed: number;
  /** Cases per property and round. */
  readonly runs: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly started: string;
  updated: string;
  /** Time spent, over all runs, in minutes. */
  minutes: number;
  cases: number;
  failures: number;
  readonly targets: SoakedTarget[];
}

/** Disagreements kept per target: one says as much as a thousand of its kind. */
const MOST_KEPT = 20;

/**
 * Runs all properties on all targets in turn, round after round, until the time is up.
 *
 * @param now - the clock, in milliseconds
 * @returns what was found, including earlier runs on the same file
 * @throws InputRangeError - if `minutes` is not a number above 0
 * @throws SoakFileError - if the file holds another soak
 * @throws WriteError - if the file cannot be written; `onProgress` has been given what was found
 */
export async function soak(
  targets: readonly SoakTarget[],
  options: SoakOptions,
  now: () => number = () => performance.now(),
): Promise<SoakState> {
  const { minutes, file, jobs = 1, onStart, onProgress } = options;
  if (!(minutes > 0)) outOfRange('option-out-of-range', 'minutes', 'a number above 0', minutes);
  const state = readSoakFile(file) ?? freshState(options.seed ?? 1);
  const asked = planSuite().properties;
  const earlier = state.minutes;
  const able: Able[] = [];
  let began = 0;
  let hasFailed = false;
  const spent = () => (now() - began) / 60_000;

  /** Judges the next property of a target. */
  const step = async (target: Able, session: Session): Promise<void> => {
    const { found } = target;
    const before = now();
    const at = nextStep(target);
    const property = asked[at % asked.length] as (typeof asked)[number];
    const seed = (state.seed + Math.floor(at / asked.length)) | 0;
    const where = `${whereOf(target)}: ${property.id}`;
    onStart?.(where);
    count(await session.judge(property.id, { runs: state.runs, seed, known: [] }), found, state);
    ended(at, found);
    found.minutes += (now() - before) / 60_000;
    state.minutes = earlier + spent();
    state.updated = new Date().toISOString();
    onProgress?.(state, where); // first, so that what was found is known if it cannot be written
    writeSoakFile(file, state);
  };

  /** Judges one target after the other, until the time is up or another fails. */
  const work = async (): Promise<void> => {
    while (spent() < minutes && !hasFailed) {
      const target = leastServed(able);
      if (target === undefined) return; // its engine is busy with the others' work
      target.sessions += 1;
      const session = target.idle.pop() ?? (await target.open());
      let steps = 0;
      try {
        do {
          await step(target, session);
          steps += 1;
        } while (
          steps < STEPS_OF_TURN &&
          leastServed(able, target) === target &&
          spent() < minutes &&
          !hasFailed
        );
      } finally {
        target.sessions -= 1;
        if (target.staysOpen) target.idle.push(session);
        else await session.close(); // a dispose that fails is for crl verify to report
      }
    }
  };

  try {
    for (const target of targets) {
      const joined = await join(target, state, options.timeout);
      if (joined.open !== undefined) able.push(joined as Able);
    }
    began = now(); // making the backends does not count
    const works = Array.from({ length: jobs }, async () => {
      try {
        await work();
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    });
    const failed = (await Promise.allSettled(works)).find(({ status }) => status === 'rejected');
    if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
  } finally {
    // a process that stays open would keep the command from ending
    for (const { idle } of able) for (const session of idle) await session.close();
  }
  writeSoakFile(file, state);
  return state;
}

/** Properties that a process judges before a new one takes its place: a soak lasts hours, and must not fill the memory. */
const STEPS_OF_TURN = 20;

/**
 * The target that has had the least time, so that a slow engine does not starve the others; undefined if none is free.
 *
 * @param holding - the target whose session is held by who asks
 */
function leastServed(able: readonly Able[], holding?: Able): Able | undefined {
  const isBusy = ({ found: { engine } }: Able) =>
    able.some((other) => other !== holding && other.found.engine === engine && other.sessions > 0);
  const free = able.filter((each) => each === holding || !each.isExclusive || !isBusy(each));
  return free.reduce<Able | undefined>(
    (best, each) => (best === undefined || each.found.minutes < best.found.minutes ? each : best),
    undefined,
  );
}

/** The first property of a target that has not been begun. */
function nextStep(target: Able): number {
  const { found } = target;
  target.next = Math.max(target.next, found.steps);
  while (found.ahead?.includes(target.next)) target.next += 1;
  target.next += 1;
  return target.next - 1;
}

/** Counts a property that has ended, in whatever order they end. */
function ended(step: number, found: SoakedTarget): void {
  const ahead = new Set([...(found.ahead ?? []), step]);
  while (ahead.delete(found.steps)) found.steps += 1;
  if (ahead.size > 0) found.ahead = [...ahead];
  else delete found.ahead;
}

function whereOf({ as, found }: Running): string {
  return `${as}${found.engine ? ` on ${found.engine}` : ''}`;
}

/** The file is shown to others, so it has no absolute paths. */
function writeSoakFile(file: string, state: SoakState): void {
  writeWhole(file, `${JSON.stringify(withoutPlaces(state), null, 2)}\n`);
}

function count(report: PropertyReport, found: SoakedTarget, state: SoakState): void {
  const { id, cases, verdict } = report;
  found.cases += cases;
  found.casesByProperty[id] = (found.casesByProperty[id] ?? 0) + cases;
  state.cases += cases;
  if (verdict !== 'failed') return;
  found.failures += 1;
  state.failures += 1;
  if (found.disagreements.length < MOST_KEPT) found.disagreements.push(report);
}

interface Running {
  readonly found: SoakedTarget;
  readonly as: string;
  /** Opens another session; none if the backend cannot run here. */
  readonly open?: () => Promise<Session>;
}

interface Able extends Running {
  readonly open: () => Promise<Session>;
  readonly isExclusive: boolean;
  /** Whether a session is kept for the next turn, as one in this process is. */
  readonly staysOpen: boolean;
  /** Sessions that wait for their turn. */
  readonly idle: Session[];
  /** How many sessions are at work. */
  sessions: number;
  /** The first property that may not have been begun. */
  next: number;
}

/** The target's place in the state, and a first session of its backend if it can run here. */
async function join(
  target: SoakTarget,
  state: SoakState,
  timeout: number | undefined,
): Promise<Running | Able> {
  const { backend: as, engine, isExclusive = false } = target;
  const named = shownPath(as);
  const known = state.targets.find((t) => t.backend === named && t.engine === (engine ?? null));
  const staysOpen = !('open' in target);
  const open = async () =>
    'open' in target ? target.open() : openSession(target.module, { engine, timeout, as });
  try {
    const session = await open();
    const adapter = session.backend.adapter ?? null;
    const isKnown = known !== undefined && known.unavailable === undefined;
    const found = isKnown ? known : place(state, fresh(named, engine, { adapter }));
    return { found, as, open, isExclusive, staysOpen, idle: [session], sessions: 0, next: 0 };
  } catch (error) {
    if ((error as Error).name !== 'EngineUnavailableError') throw error;
    const unavailable = (error as Error).message;
    return { found: known ?? place(state, fresh(named, engine, { adapter: null, unavailable })), as };
  }
}

function place(state: SoakState, target: SoakedTarget): SoakedTarget {
  const at = state.targets.findIndex((t) => t.backend === target.backend && t.engine === target.engine);
  if (at >= 0) state.targets[at] = target;
  else state.targets.push(target);
  return target;
}

function fresh(
  backend: string,
  engine: string | undefined,
  rest: Pick<SoakedTarget, 'adapter' | 'unavailable'>,
): SoakedTarget {
  const nothing = { steps: 0, minutes: 0, cases: 0, casesByProperty: {}, failures: 0, disagreements: [] };
  return { backend, engine: engine ?? null, ...nothing, ...rest };
}

function freshState(seed: number): SoakState {
  const now = new Date().toISOString();
  const nothing = { minutes: 0, cases: 0, failures: 0, targets: [] };
  return { seed, runs: DEFAULT_RUNS, versions: versions(), started: now, updated: now, ...nothing };
}

/**
 * Reads the file of an earlier soak; undefined if it does not exist.
 *
 * @throws SoakFileError - if the file holds something else, or a soak of other versions
 */
export function readSoakFile(file: string): SoakState | undefined {
  if (!existsSync(file)) return undefined;
  let state: Partial<SoakState>;
  try {
    state = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new SoakFileError(file, 'the JSON of an earlier soak', (cause as Error).message, { cause });
  }
  const wrong = wrongField(state);
  if (wrong !== undefined) {
    throw new SoakFileError(
      file,
      `the state of an earlier soak, with ${wrong}, or the name of a file that does not exist`,
      'something else',
    );
  }
  const { versions: earlier = {} } = state;
  const other = Object.entries(versions()).find(([name, version]) => earlier[name] !== version);
  if (other) {
    const [name, version] = other;
    const expected = `a soak of ${name} ${version}, or the name of a file that does not exist`;
    throw new SoakFileError(file, expected, `one of ${name} ${earlier[name] ?? 'unknown'}`);
  }
  return state as SoakState;
}

/** The first field of a soak file that is not what {@link SoakState} says, in words; undefined if all are. */
function wrongField(state: unknown): string | undefined {
  const isNumber = (value: unknown) => Number.isFinite(value) && (value as number) >= 0;
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  const isText = (value: unknown) => typeof value === 'string' && isPrintable(value);
  const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  const isName = (value: unknown) => value === null || isText(value);
  const isReport = (value: unknown) =>
    isObject(value) && ['id', 'stage', 'verdict'].every((name) => isText((value as Fields)[name]));
  const rules: readonly Rule[] = [
    ['seed', 'a 32-bit integer', (value) => Number.isInteger(value) && value === ((value as number) | 0)],
    [
      'runs',
      `a whole number from 1 to ${MOST_RUNS}`,
      (value) => isCount(value) && (value as number) >= 1 && (value as number) <= MOST_RUNS,
    ],
    ['versions', 'versions by name', isObject],
    ['started', 'a time', isText],
    ['minutes', 'a number from 0', isNumber],
    ['cases', 'a whole number', isCount],
    ['failures', 'a whole number', isCount],
    ['targets', 'a list of objects', (value) => Array.isArray(value) && value.every(isObject)],
  ];
  const ofTarget: readonly Rule[] = [
    ['backend', 'a name of printable characters', isText],
    ['engine', 'a name of printable characters or null', isName],
    ['adapter', 'a name of printable characters or null', isName],
    ['steps', 'a whole number', isCount],
    ['ahead', 'a list of whole numbers', (value) => value === undefined || isListOf(value, isCount)],
    ['minutes', 'a number from 0', isNumber],
    ['cases', 'a whole number', isCount],
    [
      'casesByProperty',
      'a whole number per property',
      (value) => isObject(value) && Object.values(value as object).every(isCount),
    ],
    ['failures', 'a whole number', isCount],
    ['disagreements', 'a list of reports', (value) => isListOf(value, isReport)],
    ['unavailable', 'a reason', (value) => value === undefined || typeof value === 'string'],
  ];
  if (!isObject(state)) return 'an object';
  const { targets } = state as SoakState;
  const ofEach = (target: unknown, at: number) => brokenRule(target as Fields, ofTarget, `targets[${at}].`);
  return brokenRule(state as Fields, rules) ?? targets.map(ofEach).find((wrong) => wrong !== undefined);
}

type Fields = Readonly<Record<string, unknown>>;
type Rule = readonly [field: string, expected: string, holds: (value: unknown) => boolean];

function brokenRule(fields: Fields, rules: readonly Rule[], where = ''): string | undefined {
  const broken = rules.find(([field, , holds]) => !holds(fields[field]));
  return broken && `${where}${broken[0]}: ${broken[1]}`;
}

function isListOf(value: unknown, holds: (entry: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(holds);
}
