/**
 * What can be wrong with a data set on a disk. Codes are stable: programs may depend on them.
 *
 * @module
 */
import { InputSourceError, shown } from '../../spec/errors.js';

/** Stable codes of refused data. */
export type DataErrorCode =
  | 'file-missing'
  | 'file-empty'
  | 'file-encoding'
  | 'folder-empty'
  | 'class-empty'
  | 'class-single'
  | 'class-duplicate'
  | 'class-name'
  | 'folders-are-sets'
  | 'column-missing'
  | 'line-malformed'
  | 'lines-bad'
  | 'id-empty'
  | 'id-duplicate'
  | 'id-outside'
  | 'label-missing'
  | 'label-unknown'
  | 'label-repeated'
  | 'label-several'
  | 'label-ambiguous'
  | 'image-missing'
  | 'image-broken'
  | 'image-wrong-size'
  | 'image-wrong-channels'
  | 'image-wrong-depth'
  | 'images-missing'
  | 'images-bad'
  | 'images-shared'
  | 'transform-failed'
  | 'atlas-different';

/** What a data error carries besides its message. */
export interface DataErrorDetail {
  /** Stable code. */
  readonly code: DataErrorCode;
  /** The file or folder, as it was named; or `images[3]` of an array. */
  readonly file: string;
  /** Line of the file, from 1. */
  readonly line?: number;
  /** Where the label of that image stands, such as `train.csv:17`. */
  readonly labelledAt?: string;
  /** What was expected there. */
  readonly expected: string;
  /** What came instead, printed. */
  readonly got: string;
  /** What to do about it, in a sentence. */
  readonly hint?: string;
  /** The errors that this one stands for, where there are several. */
  readonly each?: readonly DataError[];
}

/** Errors that a message lists; `each` has all of them. */
const MOST_LISTED = 100;

/** Data that cannot be used, and where: file, line, what was expected and what came. */
export class DataError extends InputSourceError<DataErrorCode> implements DataErrorDetail {
  override readonly name = 'DataError';
  readonly file!: string;
  readonly line?: number;
  readonly labelledAt?: string;
  readonly hint?: string;
  readonly each?: readonly DataError[];
  constructor(detail: DataErrorDetail, options?: ErrorOptions) {
    const { code, file, line, expected, got, each = [] } = detail;
    const where = line === undefined ? file : `${file}:${line}`;
    const listed = each.slice(0, MOST_LISTED).map((one) => `\n  ${sentenceOf(one)}`);
    const more = each.length > MOST_LISTED ? `\n  … and ${each.length - MOST_LISTED} more` : '';
    const hints = new Set([detail, ...each].flatMap(({ hint }) => (hint === undefined ? [] : [`\n${hint}`])));
    const message = `${sentenceOf(detail)}${listed.join('')}${more}${[...hints].join('')}`;
    super({ code, where, expected, got }, { ...options, message });
    Object.assign(this, detail);
  }
}

/** An error without its hint: of many errors each hint is given once. */
function sentenceOf({ file, line, labelledAt, expected, got }: DataErrorDetail): string {
  const where = line === undefined ? file : `${file}:${line}`;
  const labelled = labelledAt === undefined ? '' : ` (labelled in ${labelledAt})`;
  return `${where}: expected ${expected}, got ${got}${labelled}`;
}

/** Several errors as one that lists them; a single one is itself. */
export function together(
  errors: readonly DataError[],
  code: DataErrorCode,
  file: string,
  expected: string,
): DataError {
  const [first] = errors;
  if (errors.length === 1 && first) return first;
  return new DataError({ code, file, expected, got: `${errors.length} bad`, each: errors });
}

/**
 * Tells whether an error is a DataError, also across copies of this package: what `skipBad` leaves out.
 *
 * @example
 * ```ts
 * import { isDataError } from 'class-rectification/data';
 * isDataError(new Error('out of memory')); // → false
 * ```
 */
export function isDataError(error: unknown): error is DataError {
  return error instanceof Error && error.name === 'DataError';
}

/** A data error whose `got` is printed as the specification prints it. */
export function dataError(
  detail: Omit<DataErrorDetail, 'got'> & { readonly got: unknown },
  options?: ErrorOptions,
): DataError {
  return new DataError({ ...detail, got: shown(detail.got) }, options);
}
