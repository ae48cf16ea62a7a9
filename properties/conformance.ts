/**
 * Levels of conformance: what a backend can claim, also one that does not have everything.
 *
 * A level is a promise. It needs declared capabilities, and properties that hold. `core` and `full` are about
 * the numbers on small batches, `training` about the loss in training, and `scale` about large batches.
 *
 * @module
 */
import type { Backend, Capabilities } from '../spec/index.js';
import { COMPARISONS, ENCODINGS, LEVELS } from '../spec/index.js';
import { CONFORMANCE_LEVELS, type ConformanceLevel } from './conformance-levels.js';
import { properties } from './of-backends/index.js';
import { scale } from './of-backends/robustness/scale.js';
import { EVERYTHING } from './of-spec/definition.js';
import type { Property, Subject } from './property.js';

export { CONFORMANCE_LEVELS, type ConformanceLevel } from './conformance-levels.js';

/** What a level promises, and what a backend must declare to reach it. */
export interface LevelTerms extends Pick<Capabilities, 'encodings' | 'levels' | 'comparisons'> {
  /** In a sentence. */
  readonly promise: string;
  /** Whether gradients are needed. */
  readonly gradient: boolean;
  /** Whether the backend must be able to train. */
  readonly trains: boolean;
}

const CORE = {
  encodings: ['categorical'],
  levels: ['class'],
  comparisons: ['relative'],
  gradient: false,
  trains: false,
} as const;

/** The terms of each level. */
export const LEVEL_TERMS: Readonly<Record<ConformanceLevel, LevelTerms>> = {
  core: {
    ...CORE,
    promise:
      'On small batches with categorical labels, at class level and with the relative comparison, every stage that the backend has agrees with the specification; its gradient does too, if it declares one.',
  },
  full: {
    encodings: ENCODINGS,
    levels: LEVELS,
    comparisons: COMPARISONS,
    gradient: true,
    trains: false,
    promise:
      'On small batches, every stage that the backend has and its gradient agree with the specification, with every encoding of labels, at both levels and with all three comparisons.',
  },
  training: {
    ...CORE,
    gradient: true,
    trains: true,
    promise:
      'The loss and its gradient agree with the specification as training computes them, with all that the backend declares.',
  },
  scale: {
    ...CORE,
    promise:
      'On large batches, of hundreds to thousands of samples or classes, the backend agrees with the specification, with all that it declares.',
  },
};

/** Whether a level was reached. `not-judged`: not all of its properties were asked for. */
export type LevelVerdict = 'reached' | 'not-reached' | 'not-judged';

/** What a report says about one level. */
export interface LevelReport {
  readonly level: ConformanceLevel;
  readonly verdict: LevelVerdict;
  /** What is missing: capabilities that are not declared, properties that do not hold or were not judged. */
  readonly missing: readonly string[];
}

/** As much of a property's outcome as decides about a level. */
interface Outcome {
  readonly id: string;
  readonly verdict: string;
  readonly required: boolean;
  readonly cases: number;
}

const WEIGHED: Capabilities = { ...EVERYTHING, perSample: true };

/** A subject that is only asked what applies to it. */
function probe(supports: Capabilities, trains: boolean): Subject {
  const never = () => Promise.reject(new Error('this backend only declares what it supports'));
  const backend = { name: 'probe', supports, balancedLoss: never, resources: () => 0, dispatches: () => 0 };
  return trains ? { backend, train: never } : { backend };
}

const ABLE = probe(WEIGHED, true);
const UNTRAINABLE = probe(WEIGHED, false);
const CORE_ONLY = probe({ ...WEIGHED, ...CORE, anchors: ['all'], gradient: true }, false);

/**
 * The levels that a property belongs to: `scale` if it draws large batches, `training` if it needs a backend
 * that trains, else `full`, and `core` too if it applies to what `core` covers.
 *
 * @example
 * ```ts
 * import { levelsOf, properties } from 'class-rectification/verify';
 * const mining = properties.find(({ id }) => id === 'mining-agrees');
 * mining && levelsOf(mining); // → ['core', 'full']
 * ```
 */
export function levelsOf(property: Property): readonly ConformanceLevel[] {
  if (scale.some(({ id }) => id === property.id)) return ['scale'];
  const applies = (subject: Subject) => property.inapplicable?.(subject) === undefined;
  if (applies(ABLE) && !applies(UNTRAINABLE)) return ['training'];
  return applies(CORE_ONLY) ? ['core', 'full'] : ['full'];
}

const MEMBERS = new Map(
  CONFORMANCE_LEVELS.map((level) => [level, properties.filter((p) => levelsOf(p).includes(level))]),
);

/** The properties of a level. */
export function propertiesAt(level: ConformanceLevel): readonly Property[] {
  return MEMBERS.get(level) as readonly Property[];
}

/** A subject that declares no more than a level covers, so that no other case is drawn for it. */
export function atLevel(subject: Subject, level: ConformanceLevel | undefined): Subject {
  return level === 'core' ? { ...subject, backend: declaring(subject.backend, coreOf) } : subject;
}

function coreOf(supports: Capabilities): Capabilities {
  const within = <T>(declared: readonly T[], covered: readonly T[]) =>
    declared.filter((one) => covered.includes(one));
  return {
    ...supports,
    encodings: within(supports.encodings, CORE.encodings),
    levels: within(supports.levels, CORE.levels),
    comparisons: within(supports.comparisons, CORE.comparisons),
    anchors: ['all'],
  };
}

/** The same backend with other capabilities. A backend may be frozen or have private members, so it is not copied. */
function declaring(backend: Backend, narrowed: (supports: Capabilities) => Capabilities): Backend {
  const supports = narrowed(backend.supports);
  return new Proxy({} as Backend, {
    get(_, key) {
      if (key === 'supports') return supports;
      const member: unknown = Reflect.get(backend, key);
      return typeof member === 'function' ? member.bind(backend) : member;
    },
    has: (_, key) => key in backend,
  });
}

/**
 * What a report says about the levels.
 *
 * @param supports - what the backend declares; without it no level is judged
 * @param asked - the level that was asked for: the others are not told
 */
export function levelReports(
  outcomes: readonly Outcome[],
  supports: Capabilities | undefined,
  asked?: ConformanceLevel,
): LevelReport[] {
  if (supports === undefined) return [];
  return CONFORMANCE_LEVELS.filter((level) => asked === undefined || level === asked).map((level) =>
    levelReport(level, outcomes, supports),
  );
}

function levelReport(
  level: ConformanceLevel,
  outcomes: readonly Outcome[],
  supports: Capabilities,
): LevelReport {
  const ids = new Set(propertiesAt(level).map(({ id }) => id));
  const own = outcomes.filter(({ id }) => ids.has(id));
  const left = ids.size - own.length;
  const trains = left > 0 || canTrain(supports, own);
  const missing = [...undeclared(level, supports, trains), ...own.flatMap(flaw)];
  if (missing.length > 0) return { level, verdict: 'not-reached', missing };
  if (left === 0) return { level, verdict: 'reached', missing };
  return { level, verdict: 'not-judged', missing: [`${left} of ${ids.size} properties were not judged`] };
}

/** Capabilities that a level needs and a backend does not declare. */
function undeclared(level: ConformanceLevel, supports: Capabilities, canTrain: boolean): string[] {
  const { gradient, trains, ...lists } = LEVEL_TERMS[level];
  const absent = (['encodings', 'levels', 'comparisons'] as const).flatMap((key) => {
    const declared: readonly string[] = supports[key];
    const rest = lists[key].filter((one) => !declared.includes(one));
    return rest.length > 0 ? [`supports.${key}: ${rest.join(', ')}`] : [];
  });
  return [
    ...absent,
    ...(gradient && !supports.gradient ? ['supports.gradient'] : []),
    ...(trains && !canTrain ? ["supports.execution: 'sync' or 'tensor' (a program: answer `train`)"] : []),
  ];
}

/**
 * An `async` backend trains only if it does so by itself, as a program that answers `train` does; then its properties
 * of training ran. Where some of them were not judged, this cannot be told.
 */
function canTrain({ execution }: Capabilities, training: readonly Outcome[]): boolean {
  return execution !== 'async' || training.some(({ cases }) => cases > 0);
}

function flaw({ id, verdict, required, cases }: Outcome): string[] {
  if (verdict === 'failed' || verdict === 'unexpected-pass') return [`${id} failed`];
  if (verdict === 'known') return [`${id} is a known failure`];
  if (verdict === 'unavailable') return [`${id} is unavailable`];
  return required && cases === 0 ? [`${id} ran no case`] : [];
}
