/**
 * Feature vectors, for instance level: used as given, never normalised (ruling: features).
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import type { Batch, Features } from './contract.js';
import { outOfRange, wrongType } from './errors.js';
import { type Matrix, readMatrix } from './matrix.js';

/** n×d, shared by all attributes, or J×n×d, one matrix an attribute. */
export type FeaturesInput = Matrix<number> | readonly Matrix<number>[];

/**
 * Checks and copies feature vectors.
 *
 * @param size - n
 * @param attributes - J
 * @throws InputTypeError, InputRangeError - naming the entry that is wrong
 */
export function readFeatures(input: FeaturesInput, size: number, attributes: number): Features {
  const given = separate(input);
  if (given === undefined) {
    const matrix = readFeatureMatrix('features', input as Matrix<number>, size);
    return { width: matrix.shape[1] as number, perAttribute: false, matrices: [matrix] };
  }
  if (given.length !== attributes) {
    outOfRange(
      'wrong-shape',
      'features',
      `one n×d matrix, or ${attributes} (one an attribute)`,
      given.length,
    );
  }
  const matrices = given.map((matrix, j) => readFeatureMatrix(`features[${j}]`, matrix, size));
  const width = matrices[0]?.shape[1] as number;
  matrices.forEach((matrix, j) => {
    if (matrix.shape[1] !== width)
      outOfRange('wrong-shape', `features[${j}]`, `${width} columns`, matrix.shape[1]);
  });
  return { width, perAttribute: true, matrices };
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
export function requireFeatures({ features }: Batch): Features {
  if (features === undefined)
    outOfRange('features-missing', 'features', 'n×d or J×n×d at instance level', 'none');
  return features;
}

/** The J matrices of a three-dimensional input; undefined if it is one matrix. */
function separate(input: FeaturesInput): Matrix<number>[] | undefined {
  if (Array.isArray(input)) {
    const first: unknown = input[0];
    const nested =
      isMatrix(first) || (Array.isArray(first) && (Array.isArray(first[0]) || ArrayBuffer.isView(first[0])));
    return nested ? (input as Matrix<number>[]) : undefined;
  }
  const array = input as NdArray;
  if (!isMatrix(array) || array.shape.length !== 3) return undefined;
  return Array.from({ length: array.shape[0] as number }, (_, j) => array.pick(j, null, null));
}

function isMatrix(value: unknown): value is NdArray {
  return typeof value === 'object' && value !== null && 'shape' in value && 'get' in value;
}

function readFeatureMatrix(where: string, input: Matrix<number>, size: number): NdArray<Float64Array> {
  const width = widthOf(input);
  const given = readMatrix<number>(where, input, width);
  if (given.rows !== size) outOfRange('wrong-shape', where, `${size} rows, one a sample`, given.rows);
  if (width === 0) outOfRange('wrong-shape', where, 'at least one feature', 0);
  const matrix = ndarray(new Float64Array(size * width), [size, width]);
  for (let i = 0; i < size; i++) {
    for (let t = 0; t < width; t++) {
      const value: unknown = given.at(i, t);
      const place = `${where}[${i}][${t}]`;
      if (typeof value !== 'number') wrongType('wrong-type', place, 'a number', value);
      if (!Number.isFinite(value)) outOfRange('feature-not-finite', place, 'a finite number', value);
      matrix.set(i, t, value);
    }
  }
  return matrix;
}

/** d, by the first row; `readMatrix` then holds every row against it. */
function widthOf(input: Matrix<number>): number {
  if (isMatrix(input)) return input.shape[1] ?? 0;
  const first: unknown = Array.isArray(input) ? input[0] : undefined;
  return Array.isArray(first) || ArrayBuffer.isView(first) ? (first as ArrayLike<number>).length : 0;
}
