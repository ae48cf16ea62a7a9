/**
 * Matrices as callers write them: rows of numbers, or a two-dimensional ndarray.
 *
 * @module
 */
import type { NdArray } from 'ndarray';
import { InputRangeError, outOfRange, wrongType } from './errors.js';

/** A matrix as rows (arrays or typed arrays) or as a two-dimensional ndarray of any layout. */
export type Matrix<T> = readonly ArrayLike<T>[] | NdArray;

/** A matrix whose shape has been checked; the reader of its entries checks them. */
export interface MatrixReader<T> {
  readonly rows: number;
  at(row: number, column: number): T;
}

/** Numbers of a matrix whose shape has been checked. */
export interface EntryReader {
  /**
   * Checks every entry, and visits it.
   *
   * @throws InputTypeError, InputRangeError - naming the entry that is wrong
   */
  visit(entry: (row: number, column: number, value: number) => void): void;
}

/**
 * Checks the shape of a matrix.
 *
 * @param where - its name in error messages
 * @param width - the number of columns it must have
 * @throws InputTypeError - if it is not a matrix; InputRangeError - if the rows differ in length or the width
 * is wrong
 */
export function readMatrix<T>(where: string, value: Matrix<T>, width: number): MatrixReader<T> {
  if (Array.isArray(value)) {
    value.forEach((row: unknown, i) => {
      if (!Array.isArray(row) && !(ArrayBuffer.isView(row) && 'length' in row)) {
        wrongType('wrong-type', `${where}[${i}]`, `a row of ${width} numbers`, row);
      }
      const { length } = row as ArrayLike<unknown>;
      if (length !== width) {
        const [expected, got] = [`a row of ${width} numbers`, `a row of ${length}`];
        throw new InputRangeError({ code: 'ragged-rows', where: `${where}[${i}]`, expected, got });
      }
    });
    const rows = value as readonly ArrayLike<T>[];
    return { rows: rows.length, at: (i, j) => (rows[i] as ArrayLike<T>)[j] as T };
  }
  if (!isNdArray(value)) return wrongType('wrong-type', where, 'rows of numbers, or an ndarray', value);
  const [rows, columns] = value.shape;
  if (value.shape.length !== 2 || columns !== width) {
    outOfRange('wrong-shape', where, `an ndarray of shape [n, ${width}]`, value.shape);
  }
  return { rows: rows as number, at: (i, j) => value.get(i, j) as T };
}

/** Whether a value is an ndarray, made by any copy of that package. */
export function isNdArray(value: unknown): value is NdArray {
  if (typeof value !== 'object' || value === null) return false;
  const { shape, get } = value as Partial<NdArray>;
  return Array.isArray(shape) && typeof get === 'function';
}
