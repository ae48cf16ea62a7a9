/**
 * What can be wrong with a data set on a disk. Codes are stable: programs may depend on them.
 *
 * @module
 */
import { shown } from '../../spec/errors.js';

/** Stable codes of refused data. */
export type DataErrorCode =
  | 'file-missing'
  | 'file-empty'
  | 'folder-empty'
  | 'column-missing'
  | 'line-malformed'
  | 'id-empty'
  | 'id-duplicate'
  | 'label-missing'
  | 'label-unknown'
  | 'label-repeated'
  | 'image-missing'
  | 'image-broken'
  | 'image-wrong-size'
  | 'image-wrong-channels'
  | 'images-missing'
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
}

/** Data that cannot be used, and where: file, line, what was expected and what came. */
export class DataError extends Error implements DataErrorDetail {
  override readonly name = 'DataError';
  readonly code!: DataErrorCode;
  readonly file!: string;
  readonly line?: number;
  readonly labelledAt?: string;
  readonly expected!: string;
  readonly got!: string;
  constructor(detail: DataErrorDetail, options?: ErrorOptions) {
    const { file, line, labelledAt, expected, got } = detail;
    const place = line === undefined ? file : `${file}:${line}`;
    const labelled = labelledAt === undefined ? '' : ` (labelled in ${labelledAt})`;
    super(`${place}: expected ${expected}, got ${got}${labelled}`, options);
    Object.assign(this, detail);
  }
}

/**
 * Tells whether an error is one of the data, also across copies of this package: what skipping skips.
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
