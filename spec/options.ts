/**
 * The choices that shape L_crl, their defaults and their limits.
 *
 * @module
 */
import type { Comparison, Level, Options, Schema } from './contract.js';
import { outOfRange, wrongType } from './errors.js';

/** Options as a caller writes them: all optional. */
export interface OptionsInput {
  /** ρ in (0, 1]. Default 0.5. */
  readonly rho?: number;
  /** κ, an integer ≥ 1. Default 3 (the article's worked example). */
  readonly kappa?: number;
  /** Default `class`. `instance` is not built yet. */
  readonly level?: Level;
  /** Default `relative`. The others are not built yet. */
  readonly comparison?: Comparison;
  /** One finite number ≥ 0, or one an attribute. Default 0.5 at class level. */
  readonly margin?: number | readonly number[];
}

const KNOWN = ['rho', 'kappa', 'level', 'comparison', 'margin'] as const;
const LEVELS: readonly Level[] = ['class', 'instance'];
const COMPARISONS: readonly Comparison[] = ['relative', 'absolute', 'distribution'];

/** Margin at class level (ruling: margin). */
export const CLASS_MARGIN = 0.5;

/**
 * Complete, valid options (rulings: ρ, κ; margin).
 *
 * @param schema - says how many margins there must be
 * @throws InputTypeError, InputRangeError - naming the option; also for one that is unknown, since a
 * misspelt option must not be silently ignored
 * @example
 * ```ts
 * import { createSchema, resolveOptions } from 'class-rectification/spec';
 * resolveOptions(createSchema({ attributes: [10, 2] }), { kappa: 5 }).margin; // → [0.5, 0.5]
 * ```
 */
export function resolveOptions(schema: Schema, input: OptionsInput = {}): Options {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    wrongType('wrong-type', 'options', 'an object', input);
  }
  for (const key of Object.keys(input)) {
    if (!KNOWN.includes(key as never))
      outOfRange('option-unknown', `options.${key}`, `one of ${KNOWN.join(', ')}`, key);
  }
  const { rho = 0.5, kappa = 3, level = 'class', comparison = 'relative', margin = CLASS_MARGIN } = input;
  readNumber('rho', rho, 'a number in (0, 1]', (x) => x > 0 && x <= 1);
  readNumber('kappa', kappa, 'an integer ≥ 1', (x) => Number.isSafeInteger(x) && x >= 1);
  readChoice('level', level, LEVELS, 'class');
  readChoice('comparison', comparison, COMPARISONS, 'relative');
  return { rho, kappa, level, comparison, margin: readMargins(schema, margin) };
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

function readMargins(schema: Schema, margin: number | readonly number[]): number[] {
  const J = schema.attributes.length;
  const margins = Array.isArray(margin) ? [...margin] : new Array(J).fill(margin);
  if (margins.length !== J) {
    outOfRange('option-out-of-range', 'options.margin', `one number, or ${J} (one an attribute)`, margin);
  }
  margins.forEach((m, j) => {
    const name = Array.isArray(margin) ? `margin[${j}]` : 'margin';
    readNumber(name, m, 'a finite number ≥ 0', (x) => Number.isFinite(x) && x >= 0);
  });
  return margins;
}

function readNumber(name: string, value: unknown, expected: string, allowed: (x: number) => boolean): void {
  if (typeof value !== 'number') wrongType('wrong-type', `options.${name}`, expected, value);
  if (!allowed(value)) outOfRange('option-out-of-range', `options.${name}`, expected, value);
}

function readChoice<T extends string>(name: string, value: T, choices: readonly T[], built: T): void {
  if (!choices.includes(value)) {
    outOfRange('option-out-of-range', `options.${name}`, choices.join(' | '), value);
  }
  if (value !== built)
    outOfRange('not-built-yet', `options.${name}`, `${built}, the only one built yet`, value);
}
