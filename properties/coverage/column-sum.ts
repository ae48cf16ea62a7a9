/**
 * How many entries of a column of 0 and 1 are 1.
 *
 * @module
 */
import type { NdArray } from 'ndarray';

/** The sum of a column of 0 and 1. */
export function columnSum(matrix: NdArray<Uint8Array>, column: number): number {
  let sum = 0;
  for (let i = 0; i < (matrix.shape[0] as number); i++) sum += matrix.get(i, column);
  return sum;
}
