/**
 * Errors that refuse an input: one family, with the same fields and stable codes.
 *
 * A value of the wrong type is an {@link InputTypeError}, a value that is not allowed an
 * {@link InputRangeError}. What is more than a value (a file, a folder, a configuration, a backend) is an
 * {@link InputSourceError}, which the packages above extend. {@link isInputError} recognises all of them.
 *
 * @module
 */
import { nearest } from './nearest.js';

/** Codes of an {@link InputTypeError}. */
export type TypeErrorCode = 'wrong-type' | 'malformed-json';

/** Codes of an {@link InputRangeError}. */
export type RangeErrorCode =
  | 'empty-batch'
  | 'ragged-rows'
  | 'wrong-shape'
  | 'label-out-of-range'
  | 'score-not-finite'
  | 'score-out-of-range'
  | 'scores-missing'
  | 'feature-not-finite'
  | 'features-missing'
  | 'option-out-of-range'
  | 'option-unknown'
  | 'attribute-invalid'
  | 'counts-invalid'
  | 'weight-out-of-range';

/** Stable codes of refused values: programs may depend on them. Each belongs to one class of error. */
export type InputErrorCode = TypeErrorCode | RangeErrorCode;

/** What every error of the family carries besides its message. */
export interface InputErrorDetail<Code extends string = string> {
  /** Stable code. */
  readonly code: Code;
  /** Where it was found, such as `scores[3][0]`, `options.rho` or `train.csv:17`. */
  readonly where: string;
  /** What was expected there. */
  readonly expected: string;
  /** What came instead, printed. */
  readonly got: string;
}

/** Marks an error of the family: the same symbol in every copy of this package. */
const REFUSED = Symbol.for('class-rectification.refused-input');

/** A value of the wrong type. A `TypeError` that says where, what was expected and what came. */
export class InputTypeError extends TypeError implements InputErrorDetail<TypeErrorCode> {
  override readonly name = 'InputTypeError';
  readonly [REFUSED] = true;
  readonly code!: TypeErrorCode;
  readonly where!: string;
  readonly expected!: string;
  readonly got!: string;
  constructor(detail: InputErrorDetail<TypeErrorCode>) {
    super(sentence(detail));
    Object.assign(this, detail);
  }
}

/** A value of the right type that is not allowed. A `RangeError` with the same fields. */
export class InputRangeError extends RangeError implements InputErrorDetail<RangeErrorCode> {
  override readonly name = 'InputRangeError';
  readonly [REFUSED] = true;
  readonly code!: RangeErrorCode;
  readonly where!: string;
  readonly expected!: string;
  readonly got!: string;
  constructor(detail: InputErrorDetail<RangeErrorCode>) {
    super(sentence(detail));
    Object.assign(this, detail);
  }
}

/**
 * Refused input that is more than one value: a file, a folder, a configuration, a backend. Subclasses name
 * the kind and its codes.
 */
export class InputSourceError<Code extends string = string> extends Error implements InputErrorDetail<Code> {
  override readonly name: string = 'InputSourceError';
  readonly [REFUSED] = true;
  readonly code!: Code;
  readonly where!: string;
  readonly expected!: string;
  readonly got!: string;
  /** @param message - default: `where: expected …, got …` */
  constructor(
    { code, where, expected, got }: InputErrorDetail<Code>,
    { message, ...options }: ErrorOptions & { readonly message?: string } = {},
  ) {
    super(message ?? sentence({ where, expected, got }), options);
    Object.assign(this, { code, where, expected, got });
  }
}

/** Any error of the family: what every public function of this package throws on bad input. */
export type InputError = InputTypeError | InputRangeError | InputSourceError;

/**
 * Tells whether an error refuses an input, also across copies of this package.
 *
 * @example
 * ```ts
 * import { isInputError } from 'class-rectification/spec';
 * isInputError(new Error('other')); // → false
 * ```
 */
export function isInputError(error: unknown): error is InputError {
  return error instanceof Error && REFUSED in error;
}

/**
 * What came instead in words, where it is no value that an error could print, by the mark that stands for it. A map
 * looks a mark up without touching it: `instanceof` throws for a proxy that was revoked.
 */
const DESCRIBED = new WeakMap<object, string>();

/**
 * What came instead, in words: an error prints them as they are, where it would put a string in quotes.
 *
 * @param words - such as `none`, or `a disposed tensor`
 */
export function described(words: string): unknown {
  const mark = {};
  DESCRIBED.set(mark, words);
  return mark;
}

/** Refuses a value of the wrong type. */
export function wrongType(code: TypeErrorCode, where: string, expected: string, got: unknown): never {
  throw new InputTypeError({ code, where, expected, got: shown(got) });
}

/** Refuses a value that is not allowed. */
export function outOfRange(code: RangeErrorCode, where: string, expected: string, got: unknown): never {
  throw new InputRangeError({ code, where, expected, got: shown(got) });
}

/**
 * Refuses a name that is not known, and suggests the nearest ones. A short list of known names is printed
 * whole.
 *
 * @param what - what the name should be, such as `the id of a property`
 */
export function unknownName(where: string, what: string, known: readonly string[], got: string): never {
  outOfRange('option-unknown', where, expectedName(what, known, got), got);
}

/** What was expected in place of a name that is not known, as {@link unknownName} says it. */
export function expectedName(what: string, known: readonly string[], got: string): string {
  const near = nearest(got, known).join(' or ');
  const isShort = known.length <= SHORT_LIST;
  const all = isShort ? `one of ${known.join(', ')}` : what;
  const hint = near === '' ? '' : isShort ? ` (did you mean ${near}?)` : ` such as ${near}`;
  return `${all}${hint}`;
}

/**
 * Refuses an object with a field that is not known: a misspelt option must not be silently ignored.
 *
 * @param prefix - what stands before the field in the error
 */
export function refuseUnknownFields(given: object, known: readonly string[], prefix = 'options.'): void {
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) unknownName(`${prefix}${key}`, 'an option', known, key);
  }
}

/** Lists of names up to this long are printed whole. */
const SHORT_LIST = 20;

function sentence({ where, expected, got }: Omit<InputErrorDetail, 'code'>): string {
  return `${where}: expected ${expected}, got ${got}`;
}

/** A value is printed in at most this many characters. */
const LONGEST = 60;

/**
 * A value as an error prints it: as JSON in at most 60 characters, and never ambiguous about its type. It
 * prints anything, also what JSON refuses: bigints, cycles, objects whose getters throw.
 */
export function shown(value: unknown): string {
  const text = DESCRIBED.get(value as object) ?? printed(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}

/** A message is told in at most this many characters: a whole one may hold megabytes. */
const LONGEST_MESSAGE = 4000;

/** A message, or as much of it as anybody would read, and how much more there is. */
export function told(message: string): string {
  const more = message.length - LONGEST_MESSAGE;
  return more <= 0 ? message : `${message.slice(0, LONGEST_MESSAGE)}... (${more} more characters)`;
}

/** What was thrown: an error by its name and message, anything else printed. It tells anything, whatever its getters do. */
export function thrownText(thrown: unknown): string {
  if (typeof thrown === 'string') return told(thrown);
  try {
    return thrown instanceof Error ? told(`${thrown.name}: ${thrown.message}`) : shown(thrown);
  } catch {
    return 'an error without a message';
  }
}

/** JSON of as much as can show, with what JSON has no word for. */
function printed(root: unknown): string {
  let left = LONGEST; // every value takes a character at least
  const print = (value: unknown, around: readonly object[]): string => {
    left -= 1;
    if (left < 0) return '...';
    if (typeof value === 'string') return JSON.stringify(value.slice(0, LONGEST));
    if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
    if (typeof value !== 'object' || value === null) return String(value);
    if (around.includes(value)) return 'a cycle';
    if (value instanceof Error) return thrownText(value);
    if (value instanceof Promise) return 'a promise';
    const { shape } = value as { shape?: unknown };
    if (Array.isArray(shape) && shape.every(Number.isInteger))
      return `an array of shape [${shape.join(',')}]`;
    const inside = (entry: unknown) => print(entry, [...around, value]);
    if (isList(value)) return `[${firstOf(value).map(inside).join(',')}]`;
    const entry = (key: string) =>
      `${JSON.stringify(key)}:${inside((value as Record<string, unknown>)[key])}`;
    return `{${firstOf(Object.keys(value)).map(entry).join(',')}}`;
  };
  try {
    return print(root, []);
  } catch {
    return 'an object that cannot be read';
  }
}

function isList(value: object): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** The entries that can show. */
function firstOf<T>(list: ArrayLike<T>): T[] {
  return Array.from({ length: Math.min(list.length, LONGEST) }, (_, at) => list[at] as T);
}
