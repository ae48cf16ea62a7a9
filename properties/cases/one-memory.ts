/**
 * Two batches whose arrays lie in the same memory, and differ only in where and how they are read.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import type { Batch } from '../../spec/index.js';
import { permutation, permuteSamples } from './permute.js';

/** In what two batches of one memory differ. */
export const DIFFERENCES = ['strides', 'offset', 'view'] as const;

/** Two batches of the same shape in one memory. */
export interface InOneMemory {
  /** Of samples of the batch: every second one is another. */
  readonly other: Batch;
  /** The batch, entry by entry. */
  readonly same: Batch;
}

/**
 * Puts the batch and another one into one memory. A loop that goes over a large array gives such batches, and what is
 * kept of one must not be taken for the other.
 *
 * @param differs - in which alone the arrays of the two differ: their strides, as those of every second row; their
 * offsets; or the view of the buffer, as `subarray` gives it
 */
export function inOneMemory(
  batch: Batch,
  shuffle: number,
  differs: (typeof DIFFERENCES)[number],
): InOneMemory {
  const n = batch.size;
  const own = [...Array(n).keys()];
  const others = permutation(n, shuffle);
  const interleaved = own.flatMap((i) => [i, others[i] as number]);
  if (differs === 'strides') {
    const whole = permuteSamples(batch, interleaved);
    return {
      other: rowsOf(whole, n, (rows) => rows),
      same: rowsOf(whole, n, (rows) => ndarray(rows.data, rows.shape, [2 * down(rows), along(rows)])),
    };
  }
  const whole = permuteSamples(batch, [...interleaved.slice(0, n), ...own]);
  return {
    other: rowsOf(whole, n, differs === 'offset' ? (rows) => rows : (rows) => view(rows, 0)),
    same: rowsOf(
      whole,
      n,
      differs === 'offset'
        ? (rows) => ndarray(rows.data, rows.shape, rows.stride, n * down(rows))
        : (rows) => view(rows, n),
    ),
  };
}

/** The first rows of all arrays of a batch, read in another way. */
function rowsOf(batch: Batch, n: number, read: (rows: NdArray) => NdArray): Batch {
  const rows = <T extends NdArray>({ data, shape, stride, offset }: T) =>
    read(ndarray(data, [n, shape[1] as number], [...stride], offset)) as T;
  return {
    ...batch,
    size: n,
    membership: rows(batch.membership),
    labelled: rows(batch.labelled),
    scores: rows(batch.scores),
    ...(batch.features
      ? { features: { ...batch.features, matrices: batch.features.matrices.map(rows) } }
      : {}),
  };
}

/** So many rows of a packed array, from the given one on, as a view of its buffer. */
function view({ data, shape }: NdArray, from: number): NdArray {
  const [rows, columns] = shape as [number, number];
  const numbers = (data as Float64Array).subarray(from * columns, (from + rows) * columns);
  return ndarray(numbers, [rows, columns]);
}

function down({ stride }: NdArray): number {
  return stride[0] as number;
}

function along({ stride }: NdArray): number {
  return stride[1] as number;
}
