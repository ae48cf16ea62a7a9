/**
 * Feature vectors, for instance level: used as given, never normalised (ruling: features).
 *
 * @module
 */
import type { NdArray } from 'ndarray';
import type { Batch, Features } from './contract.js';
import { described, outOfRange, wrongType } from './errors.js';
import { isNdArray, type Matrix, type MatrixReader, readMatrix } from './matrix.js';

/** n×d, shared by all attributes, or J×n×d, one matrix per attribute. */
export type FeaturesInput = Matrix<number> | readonly Matrix<number>[];

/** Feature vectors whose shape has been checked. */
export interface FeatureReader {
  /** d. */
  readonly width: number;
  /** False: one matrix, shared by all attributes. */
  readonly perAttribute: boolean;
  /** How many matrices there are: 1, or J. */
  readonly matrices: number;
  /**
   * Checks every entry, and visits it.
   *
   * @throws InputTypeError, InputRangeError - naming the entry that is wrong
   */
  visit(entry: (matrix: number, sample: number, place: number, value: number) => void): void;
}

/**
 * Checks the shape of feature vectors; their entries are checked as they are visited.
 *
 * @param size - n
 * @param attributes - J
 * @throws InputTypeError, InputRangeError
 */
export function readFeatures(input: FeaturesInput, size: number, attributes: number): FeatureReader {
  const separated = separate(input);
  if (separated !== undefined && separated.length !== attributes) {
    outOfRange(
      'wrong-shape',
      'features',
      `one n×d matrix, or ${attributes} (one per attribute)`,
      separated.length,
    );
  }
  const perAttribute = separated !== undefined;
  const given = separated ?? [input as Matrix<number>];
  const where = (j: number) => (perAttribute ? `features[${j}]` : 'features');
  const width = widthOf(given[0] as Matrix<number>);
  const readers = given.map((matrix, j) => {
    const own = widthOf(matrix);
    const reader = readMatrix<number>(where(j), matrix, own);
    if (reader.rows !== size)
      outOfRange('wrong-shape', where(j), `${size} rows, one per sample`, reader.rows);
    if (own === 0) outOfRange('wrong-shape', where(j), 'at least one feature', 0);
    if (own !== width) outOfRange('wrong-shape', where(j), `${width} columns`, own);
    return reader;
  });
  return {
    width,
    perAttribute,
    matrices: readers.length,
    visit(entry) {
      readers.forEach((reader, j) => {
        visitMatrix(reader, size, width, where(j), (i, t, value) => entry(j, i, t, value));
      });
    },
  };
}

/**
 * f_j, the n×d feature matrix of attribute j.
 *
 * @throws InputRangeError - if the batch has no features
 */
export function featuresOf(batch: Batch, attribute: number): NdArray<Float64Array> {
  const { perAttribute, matrices } = requireFeatures(batch);
  return matrices[perAttribute ? attribute : 0] as NdArray<Float64Array>;
}

/**
 * The features of a batch that must have some.
 *
 * @throws InputRangeError - if it has none
 */
export function requireFeatures({ features }: Pick<Batch, 'features'>): Features {
  if (features === undefined)
    outOfRange('features-missing', 'features', 'n×d or J×n×d at instance level', described('none'));
  return features;
}

/** The J matrices of a three-dimensional input; undefined if it is one matrix. */
function separate(input: FeaturesInput): Matrix<number>[] | undefined {
  if (Array.isArray(input)) {
    const first: unknown = input[0];
    const nested =
      isNdArray(first) || (Array.isArray(first) && (Array.isArray(first[0]) || ArrayBuffer.isView(first[0])));
    return nested ? (input as Matrix<number>[]) : undefined;
  }
  if (!isNdArray(input) || input.shape.length !== 3) return undefined;
  return Array.from({ length: input.shape[0] as number }, (_, j) => input.pick(j, null, null));
}

function visitMatrix(
  given: MatrixReader<number>,
  size: number,
  width: number,
  where: string,
  entry: (sample: number, place: number, value: number) => void,
): void {
  for (let i = 0; i < size; i++) {
    for (let t = 0; t < width; t++) {
      const value: unknown = given.at(i, t);
      if (!Number.isFinite(value)) {
        const place = `${where}[${i}][${t}]`;
        if (typeof value !== 'number') wrongType('wrong-type', place, 'a number', value);
        outOfRange('feature-not-finite', place, 'a finite number', value);
      }
      entry(i, t, value as number);
    }
  }
}

/** d, by the first row; `readMatrix` then holds every row against it. */
function widthOf(input: Matrix<number>): number {
  if (isNdArray(input)) return input.shape[1] ?? 0;
  const first: unknown = Array.isArray(input) ? input[0] : undefined;
  return Array.isArray(first) || ArrayBuffer.isView(first) ? (first as ArrayLike<number>).length : 0;
}
