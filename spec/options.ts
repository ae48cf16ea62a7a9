/**
 * The choices that shape L_crl, their defaults and their limits.
 *
 * @module
 */
import { ANCHORS, type AnchorChoice, COMPARISONS, type Comparison, LEVELS, type Level } from './choices.js';
import type { Options, Schema } from './contract.js';
import { outOfRange, refuseUnknownFields, wrongType } from './errors.js';

/** Options as a caller writes them: all optional. */
export interface OptionsInput {
  /** ρ in (0, 1]. Default 0.5. */
  readonly rho?: number;
  /** κ, an integer ≥ 1. Default 3 (the article's worked example). */
  readonly kappa?: number;
  /** Default `class`. */
  readonly level?: Level;
  /** Default `relative`. */
  readonly comparison?: Comparison;
  /**
   * `all`: every member of a surviving minority class is an anchor; `easy`: the κ that score highest on
   * their class (ruling: easy anchors), which needs scores at instance level too. Default `all`.
   */
  readonly anchors?: AnchorChoice;
  /** One finite number ≥ 0, or one per attribute. Default 0.5 at class level, 2π/K_j at instance level. */
  readonly margin?: number | readonly number[];
  /** τ, an integer from 2 to 1,000,000. Default 100. */
  readonly bins?: number;
  /** [lo, hi], lo < hi. Default [−1, 1] at class level, [0, 2] at instance level. */
  readonly range?: readonly [number, number];
}

/** The names of {@link OptionsInput}'s fields. */
export const OPTION_NAMES = [
  'rho',
  'kappa',
  'level',
  'comparison',
  'anchors',
  'margin',
  'bins',
  'range',
] as const;

/** m at class level (ruling: margin). */
export const CLASS_MARGIN = 0.5;

/** m_j at instance level (Eq. 12): 2π/K_j, empty classes counted. */
export function instanceMargin(classes: number): number {
  return (2 * Math.PI) / classes;
}

/**
 * Complete, valid options (rulings: ρ, κ; easy anchors; margin; histogram).
 *
 * @param schema - says how many margins there must be, and how many classes
 * @throws InputTypeError, InputRangeError - naming the option; also for an unknown option, since a
 * misspelt one must not be silently ignored
 * @example
 * ```ts
 * import { createSchema, resolveOptions } from 'class-rectification/spec';
 * resolveOptions(createSchema({ attributes: [10, 2] }), { kappa: 5 }).margin; // → [0.5, 0.5]
 * resolveOptions(createSchema({ attributes: [2] }), { level: 'instance' }).margin; // → [Math.PI]
 * ```
 */
export function resolveOptions(schema: Schema, input: OptionsInput = {}): Options {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    wrongType('wrong-type', 'options', 'an object', input);
  }
  refuseUnknownFields(input, OPTION_NAMES);
  const {
    rho = 0.5,
    kappa = 3,
    level = 'class',
    comparison = 'relative',
    anchors = 'all',
    bins = 100,
  } = input;
  readNumber('rho', rho, 'a number in (0, 1]', (x) => x > 0 && x <= 1);
  readNumber('kappa', kappa, 'an integer ≥ 1', (x) => Number.isSafeInteger(x) && x >= 1);
  readChoice('level', level, LEVELS);
  readChoice('comparison', comparison, COMPARISONS);
  readChoice('anchors', anchors, ANCHORS);
  readNumber('bins', bins, 'an integer from 2 to 1000000', (x) => Number.isInteger(x) && x >= 2 && x <= 1e6);
  const range = readRange(input.range ?? (level === 'class' ? [-1, 1] : [0, 2]));
  const margin = readMargins(schema, level, input.margin);
  return { rho, kappa, level, comparison, anchors, margin, bins, range };
}

/**
 * α as a caller gives it directly (ruling: α): outside [0, 1] it is an error, not a clamp.
 *
 * @throws InputTypeError, InputRangeError
 */
export function readAlpha(alpha: number, where = 'options.alpha'): number {
  if (typeof alpha !== 'number') wrongType('wrong-type', where, 'a number in [0, 1]', alpha);
  if (!(alpha >= 0 && alpha <= 1)) outOfRange('option-out-of-range', where, 'a number in [0, 1]', alpha);
  return alpha;
}

function readMargins(schema: Schema, level: Level, margin?: number | readonly number[]): number[] {
  if (margin === undefined) {
    return schema.attributes.map(({ classes }) =>
      level === 'class' ? CLASS_MARGIN : instanceMargin(classes.length),
    );
  }
  const J = schema.attributes.length;
  const margins = Array.isArray(margin) ? [...margin] : new Array(J).fill(margin);
  if (margins.length !== J) {
    outOfRange('option-out-of-range', 'options.margin', `one number, or ${J} (one per attribute)`, margin);
  }
  margins.forEach((m, j) => {
    const name = Array.isArray(margin) ? `margin[${j}]` : 'margin';
    readNumber(name, m, 'a finite number ≥ 0', (x) => Number.isFinite(x) && x >= 0);
  });
  return margins;
}

function readRange(range: unknown): [number, number] {
  const expected = '[lo, hi], finite, lo < hi';
  if (!Array.isArray(range)) wrongType('wrong-type', 'options.range', expected, range);
  if (range.length !== 2) outOfRange('option-out-of-range', 'options.range', expected, range);
  range.forEach((end, at) => {
    readNumber(`range[${at}]`, end, 'a finite number', Number.isFinite);
  });
  const [lo, hi] = range as [number, number];
  if (!(lo < hi && Number.isFinite(hi - lo)))
    outOfRange('option-out-of-range', 'options.range', expected, range);
  return [lo, hi];
}

function readNumber(name: string, value: unknown, expected: string, allowed: (x: number) => boolean): void {
  if (typeof value !== 'number') wrongType('wrong-type', `options.${name}`, expected, value);
  if (!allowed(value)) outOfRange('option-out-of-range', `options.${name}`, expected, value);
}

function readChoice<T extends string>(name: string, value: T, choices: readonly T[]): void {
  if (!choices.includes(value))
    outOfRange('option-out-of-range', `options.${name}`, choices.join(' | '), value);
}
