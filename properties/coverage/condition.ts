/**
 * What a condition is: something that holds for some cases of the suite and not for others, so that a run
 * can count how often it was met.
 *
 * @module
 */
import type { AnchorChoice, Capabilities, Comparison, Encoding, Level, Stage } from '../../spec/index.js';
import { STAGES } from '../../spec/rules.js';
import type { Facts } from './facts.js';

/** A range of whole numbers, both ends included. */
export type Bounds = readonly [least: number, most: number];

/** The cases in which a condition can hold. What is not named is not limited. */
export interface Domain {
  readonly encoding?: readonly Encoding[];
  readonly level?: readonly Level[];
  readonly comparison?: readonly Comparison[];
  /** Whether scores are `probabilities` or `logits`. */
  readonly scores?: readonly ScoreForm[];
  readonly precision?: readonly Capabilities['precision'][];
  readonly execution?: readonly Capabilities['execution'][];
  readonly anchors?: readonly AnchorChoice[];
  /** Of which the backend must support two or more. */
  readonly several?: readonly ('level' | 'comparison' | 'anchors')[];
  /** Encodings of which the backend must support every one. */
  readonly everyEncoding?: readonly Encoding[];
  /** n. */
  readonly samples?: Bounds;
  /** J. */
  readonly attributes?: Bounds;
  /** κ. */
  readonly kappa?: Bounds;
  /** The most classes of an attribute. */
  readonly classes?: Bounds;
}

/** What a score is. */
export type ScoreForm = 'probabilities' | 'logits' | 'none';

/** What is counted of how a property asks, beside what its cases hold. */
export type Aspect = 'training' | 'leaks' | 'state' | 'layout' | 'magnitude' | 'sharding';

/** Something that holds for some cases and not for others. */
export interface Condition {
  /** Stable name, such as `size-tie-decides`. */
  readonly id: string;
  /** In words: completes “cases in which …”. */
  readonly what: string;
  /**
   * The choice that it is a value of, such as `size`. Of two conditions of one choice at most one holds for a
   * case, and those of different choices are counted in pairs. None for what is found in a batch.
   */
  readonly choice?: string;
  /** The ruling or equation that it is about, for what is found in a batch. */
  readonly source?: string;
  /** What it is about, for a way in which a property asks. */
  readonly aspect?: Aspect;
  /** The stage that it can affect first: a property of an earlier stage does not test it. */
  readonly stage: Stage;
  readonly domain: Domain;
  /** The properties that can meet it. Default: all of its stage and of later ones. */
  readonly by?: readonly string[];
  /** Properties of which one must run too for it to be met. Default: none. */
  readonly needs?: readonly string[];
  /** In how many cases of a default run it must hold, over all properties, on any engine. */
  readonly required: number;
  /** The same where the engine gets every case, if that is more. */
  readonly requiredInFull?: number;
}

/** A condition that a case holds, whatever a property does with it. */
export interface CaseCondition extends Condition {
  readonly holds: (facts: Facts) => boolean;
}

/** Whether a condition that a case holds affects a property of a stage. */
export function affects(condition: Condition, stage: Stage): boolean {
  return STAGES.indexOf(condition.stage) <= STAGES.indexOf(stage);
}

/** Whether a property can meet a condition. */
export function canMeet(
  condition: Condition,
  { id, stage }: { readonly id: string; readonly stage: Stage },
): boolean {
  return condition.by?.includes(id) ?? affects(condition, stage);
}

/** How many attributes and classes batches of an encoding can have. What is not named is not limited. */
export const ENCODING_BOUNDS: Readonly<Record<Encoding, Pick<Domain, 'attributes' | 'classes'>>> = {
  categorical: {},
  'multi-label': { classes: [2, 2] },
  'one-attribute': { attributes: [1, 1] },
};

/** Why no backend of these capabilities meets a condition; undefined if one can. */
export function excludedBy({ domain }: Condition, supports: Capabilities): string | undefined {
  const offered = {
    encoding: supports.encodings,
    level: supports.levels,
    comparison: supports.comparisons,
    precision: [supports.precision],
    execution: [supports.execution],
    anchors: supports.anchors ?? ['all'],
  };
  for (const [name, values] of Object.entries(offered)) {
    const needed = domain[name as keyof typeof offered] as readonly string[] | undefined;
    if (needed !== undefined && !values.some((value) => needed.includes(value)))
      return `it needs the ${name} ${needed.join(' or ')}, which the backend does not support`;
  }
  const single = domain.several?.find((name) => offered[name].length < 2);
  if (single !== undefined) return `it needs more than one choice of ${single}, and the backend supports one`;
  const lacking = domain.everyEncoding?.find((encoding) => !supports.encodings.includes(encoding));
  if (lacking !== undefined)
    return `it needs the encodings ${domain.everyEncoding?.join(' and ')}, and the backend does not support ${lacking}`;
  for (const name of ['attributes', 'classes'] as const) {
    const needed = domain[name];
    const isOffered = (encoding: Encoding) => {
      const bounds = ENCODING_BOUNDS[encoding][name];
      return needed === undefined || bounds === undefined || !areApart(needed, bounds);
    };
    if (needed !== undefined && !supports.encodings.some(isOffered))
      return `it needs ${boundsText(needed)} ${name}, which no encoding has that the backend supports`;
  }
  return undefined;
}

/** Why two conditions cannot hold for one case; undefined if they can. */
export function apart(one: Condition, other: Condition): string | undefined {
  if (one.choice !== undefined && one.choice === other.choice) return `both are values of ${one.choice}`;
  for (const name of ['encoding', 'level', 'comparison', 'scores', 'precision'] as const) {
    const [a, b] = [one.domain[name], other.domain[name]] as [
      readonly string[] | undefined,
      readonly string[] | undefined,
    ];
    if (a && b && !a.some((value) => b.includes(value)))
      return `${name} is ${a.join(' or ')} for one, and ${b.join(' or ')} for the other`;
  }
  for (const name of ['samples', 'attributes', 'kappa', 'classes'] as const) {
    const [a, b] = [one.domain[name], other.domain[name]];
    if (a && b && areApart(a, b))
      return `${name} is ${boundsText(a)} for one, and ${boundsText(b)} for the other`;
  }
  return undefined;
}

function areApart(one: Bounds, other: Bounds): boolean {
  return one[1] < other[0] || other[1] < one[0];
}

function boundsText([least, most]: Bounds): string {
  if (least === most) return String(least);
  return most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} to ${most}`;
}
