/**
 * The ways in which an input can be refused. Codes are stable: programs may depend on them.
 *
 * @module
 */

/** Stable codes of refused input. */
export type InputErrorCode =
  | 'empty-batch'
  | 'ragged-rows'
  | 'wrong-shape'
  | 'wrong-type'
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
  | 'malformed-json';

/** What an input error carries besides its message. */
export interface InputErrorDetail {
  /** Stable code. */
  readonly code: InputErrorCode;
  /** Where it was found, such as `scores[3][0]` or `options.rho`. */
  readonly where: string;
  /** What was expected there. */
  readonly expected: string;
  /** What came instead, printed. */
  readonly got: string;
}

/** An input of the wrong type. A `TypeError` that says where, what was expected and what came. */
export class InputTypeError extends TypeError implements InputErrorDetail {
  override readonly name = 'InputTypeError';
  readonly code!: InputErrorCode;
  readonly where!: string;
  readonly expected!: string;
  readonly got!: string;
  constructor(detail: InputErrorDetail) {
    super(`${detail.where}: expected ${detail.expected}, got ${detail.got}`);
    Object.assign(this, detail);
  }
}

/** An input of the right type with a value that is not allowed. A `RangeError` with the same fields. */
export class InputRangeError extends RangeError implements InputErrorDetail {
  override readonly name = 'InputRangeError';
  readonly code!: InputErrorCode;
  readonly where!: string;
  readonly expected!: string;
  readonly got!: string;
  constructor(detail: InputErrorDetail) {
    super(`${detail.where}: expected ${detail.expected}, got ${detail.got}`);
    Object.assign(this, detail);
  }
}

/** Either refusal: what every public function of this package throws on bad input. */
export type InputError = InputTypeError | InputRangeError;

/**
 * Tells whether an error is a refusal of input, also across copies of this package.
 *
 * @example
 * ```ts
 * import { isInputError, minorityClasses } from 'class-rectification/spec';
 * isInputError(new Error('other')); // → false
 * ```
 */
export function isInputError(error: unknown): error is InputError {
  return error instanceof Error && (error.name === 'InputTypeError' || error.name === 'InputRangeError');
}

/** Refuses a value of the wrong type. */
export function wrongType(code: InputErrorCode, where: string, expected: string, got: unknown): never {
  throw new InputTypeError({ code, where, expected, got: shown(got) });
}

/** Refuses a value that is not allowed. */
export function outOfRange(code: InputErrorCode, where: string, expected: string, got: unknown): never {
  throw new InputRangeError({ code, where, expected, got: shown(got) });
}

/** A value as an error prints it: short, and never ambiguous about its type. */
export function shown(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  const text = JSON.stringify(value) ?? String(value); // undefined has no JSON
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
