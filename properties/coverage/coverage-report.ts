/**
 * The coverage of a run: how many cases met each condition, which were met too rarely, and which two values
 * were never met together.
 *
 * @module
 */
import { type Capabilities, COMPARISONS, ENCODINGS, LEVELS } from '../../spec/index.js';
import { type Aspect, apart, type Condition, excludedBy } from './condition.js';
import { conditions, type PropertyCoverage, pairName } from './tally.js';

/** How many cases of a run met one condition. */
export interface ConditionCoverage {
  readonly id: string;
  /** In words: completes “cases in which …”. */
  readonly what: string;
  /** The choice that it is a value of, if it is drawn. */
  readonly choice?: string;
  /** The ruling or equation that it is about, if it is found in a batch. */
  readonly source?: string;
  /** What it is about, if it is a way in which a property asks. */
  readonly aspect?: Aspect;
  readonly cases: number;
  /** How many properties met it. */
  readonly properties: number;
  /** The fewest cases that a default run must have. */
  readonly required: number;
  /** Why a backend of these capabilities cannot meet it. */
  readonly excluded?: string;
}

/** What a condition belongs to: its aspect, its choice, its ruling. */
export function originOf({
  aspect,
  choice,
  source,
}: Pick<Condition, 'aspect' | 'choice' | 'source'>): string {
  return [aspect, choice ?? source].filter((part) => part !== undefined).join(': ');
}

/** What is read of the outcome of a property. */
export interface CountedProperty {
  readonly id: string;
  readonly verdict?: string;
  /** Why it was skipped. */
  readonly reason?: string;
  readonly cases: number;
  readonly coverage?: PropertyCoverage;
}

/** Two values of different choices, and how many cases met both. */
export interface PairCoverage {
  readonly pair: readonly [string, string];
  readonly cases: number;
}

/** How far a run looked. */
export interface Coverage {
  /** Whether a condition that is met too rarely fails the run. */
  readonly enforced: boolean;
  /** Why it does not, if so. */
  readonly notEnforced?: string;
  readonly cases: number;
  readonly conditions: readonly ConditionCoverage[];
  /** Ids of conditions that were met too rarely. */
  readonly short: readonly string[];
  readonly pairs: {
    /** Why a pair that was never met does not fail the run; absent where it does. */
    readonly notEnforced?: string;
    /** How many two values can be together. */
    readonly possible: number;
    /** How many of these were. */
    readonly met: number;
    /** Those that never were. */
    readonly missing: readonly (readonly [string, string])[];
    /** The rarest of those that were. */
    readonly rarest: readonly PairCoverage[];
    /** How many cannot be together. */
    readonly impossible: number;
  };
}

/** How many of the rarest pairs are listed. */
const RAREST = 10;

/** Two values that cannot be together, and why. */
export interface ImpossiblePair {
  readonly pair: readonly [Condition, Condition];
  readonly reason: string;
}

/** All two values of different choices, apart from those of one choice: possible ones, and the others with a reason. */
export function choicePairs(among: readonly Condition[] = conditions): {
  readonly possible: readonly (readonly [Condition, Condition])[];
  readonly impossible: readonly ImpossiblePair[];
} {
  const drawn = among.filter(({ choice }) => choice !== undefined);
  const possible: (readonly [Condition, Condition])[] = [];
  const impossible: ImpossiblePair[] = [];
  drawn.forEach((one, at) => {
    for (const other of drawn.slice(at + 1)) {
      if (one.choice === other.choice) continue;
      const reason = apart(one, other);
      if (reason === undefined) possible.push([one, other]);
      else impossible.push({ pair: [one, other], reason });
    }
  });
  return { possible, impossible };
}

/** How a run is judged by its coverage. */
export interface Enforcement {
  /** Why a condition that is met too rarely does not fail this run. Default: it does. */
  readonly notEnforced?: string | undefined;
  /** Whether the engine got only a part of the cases. Default false. */
  readonly isReduced?: boolean;
}

/** Adds up the coverage of the properties of a run. */
export function coverageOf(
  properties: readonly CountedProperty[],
  supports: Capabilities,
  { notEnforced, isReduced = false }: Enforcement = {},
): Coverage {
  const counted = properties.flatMap(({ coverage }) => (coverage ? [coverage] : []));
  const able = conditions.filter((condition) => excludedBy(condition, supports) === undefined);
  const rows = conditions.map((condition): ConditionCoverage => {
    const { id, what, choice, source, aspect, required, requiredInFull = 0 } = condition;
    const own = counted.flatMap((coverage) => coverage.conditions[id] ?? []);
    const excluded = excludedBy(condition, supports) ?? notAsked(condition, properties);
    return {
      id,
      what,
      ...(choice === undefined ? {} : { choice }),
      ...(source === undefined ? {} : { source }),
      ...(aspect === undefined ? {} : { aspect }),
      cases: own.reduce((sum, cases) => sum + cases, 0),
      properties: own.length,
      required: isReduced ? required : Math.max(required, requiredInFull),
      ...(excluded === undefined ? {} : { excluded }),
    };
  });
  const { possible, impossible } = choicePairs(able);
  const met = possible.map(([one, other]): PairCoverage => {
    const name = pairName(one, other);
    const cases = counted.reduce((sum, { pairs }) => sum + (pairs?.[name] ?? 0), 0);
    return { pair: [one.id, other.id], cases };
  });
  const pairsNotEnforced = notEnforced ?? narrowness(supports, isReduced);
  const rarestFirst = met.filter(({ cases }) => cases > 0).sort((a, b) => a.cases - b.cases);
  return {
    enforced: notEnforced === undefined,
    ...(notEnforced === undefined ? {} : { notEnforced }),
    cases: properties.reduce((sum, { cases }) => sum + cases, 0),
    conditions: rows,
    short: rows
      .filter(({ cases, required, excluded }) => excluded === undefined && cases < required)
      .map(({ id }) => id),
    pairs: {
      ...(pairsNotEnforced === undefined ? {} : { notEnforced: pairsNotEnforced }),
      possible: possible.length,
      met: rarestFirst.length,
      missing: met.filter(({ cases }) => cases === 0).map(({ pair }) => pair),
      rarest: rarestFirst.slice(0, RAREST),
      impossible: impossible.length,
    },
  };
}

/** Why not every pair is met for certain: cases are planned for backends that support everything, and that get them all. */
function narrowness(supports: Capabilities, isReduced: boolean): string | undefined {
  if (isReduced) return 'the engine gets only a part of the cases';
  const offered = { encodings: ENCODINGS, levels: LEVELS, comparisons: COMPARISONS };
  const lacking = Object.entries(offered).find(([name, all]) =>
    all.some((one) => !(supports[name as keyof typeof offered] as readonly string[]).includes(one)),
  );
  return lacking && `the backend does not support all ${lacking[0]}`;
}

/** Why no property that can meet a condition ran, if all were skipped: the backend declares that it lacks what they need. */
function notAsked({ by, needs }: Condition, properties: readonly CountedProperty[]): string | undefined {
  for (const ids of [by, needs]) {
    const own = properties.filter(({ id }) => ids?.includes(id));
    if (own.length > 0 && own.every(({ verdict }) => verdict === 'skipped'))
      return own[0]?.reason ?? 'the properties that can meet it were skipped';
  }
  return undefined;
}
