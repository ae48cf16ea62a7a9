/**
 * Errors in how arrays are read from memory.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import type { Batch } from '../../spec/index.js';
import { type WrongBackend, wrapped } from './wrong-backend.js';

type Numbers = Uint8Array | Float64Array;
type Read = <T extends Numbers>(array: NdArray<T>) => NdArray<T>;

/** Wrong backends of layouts. */
export const layouts: readonly WrongBackend[] = [
  reading(
    'row-pitch',
    'rows that lie forwards are taken for packed: a gap behind them is not read',
    (array) =>
      strideOf(array, 1) === 1 && strideOf(array, 0) > 0 ? withStride(array, [columnsOf(array), 1]) : array,
  ),
  reading('leading-dimension', 'columns are taken for as long as the array has rows', (array) =>
    strideOf(array, 0) === 1 && strideOf(array, 1) > 1 ? withStride(array, [1, rowsOf(array)]) : array,
  ),
  reading('transposed-from-the-start', 'a transposed array is read from the start of its memory', (array) =>
    strideOf(array, 0) === 1 && strideOf(array, 1) === rowsOf(array) && rowsOf(array) > 1
      ? ndarray(array.data, [...array.shape], [...array.stride])
      : array,
  ),
  reading('columns-forwards', 'columns that lie backwards are read forwards', (array) =>
    strideOf(array, 1) < 0 && strideOf(array, 0) > 0
      ? ndarray(
          array.data,
          [...array.shape],
          [strideOf(array, 0), -strideOf(array, 1)],
          array.offset + strideOf(array, 1) * (columnsOf(array) - 1),
        )
      : array,
  ),
  reading('view-from-its-buffer', 'a view is read from the start of its buffer', (array) => {
    const { data } = array;
    const Same = data.constructor as new (buffer: ArrayBufferLike) => typeof data;
    return ndarray(new Same(data.buffer), [...array.shape], [...array.stride], array.offset);
  }),
  wrongly(
    'first-features-begin',
    'features by attribute that lie in one memory are all read from where the first ones begin',
    (batch) => {
      const [first] = batch.features?.matrices ?? [];
      if (!batch.features || !first) return batch;
      const matrices = batch.features.matrices.map((own) =>
        own.data === first.data ? ndarray(own.data, [...own.shape], [...own.stride], first.offset) : own,
      );
      return { ...batch, features: { ...batch.features, matrices } };
    },
  ),
  keeping('kept-without-strides', 'without their strides', ({ offset }) => `${offset}`),
  keeping('kept-without-offset', 'without their offset', ({ stride }) => `${stride}`),
  keeping(
    'kept-by-buffer',
    'by their buffer, and not where it is read',
    ({ stride, offset }) => `${stride} ${offset}`,
  ),
  wrongly('packed-if-scores-are', 'labels are read as packed where the scores are', (batch) =>
    isPacked(batch.scores)
      ? { ...batch, membership: packed(batch.membership), labelled: packed(batch.labelled) }
      : batch,
  ),
  wrongly('features-packed-if-labels-are', 'features are read as packed where the labels are', (batch) =>
    batch.features && isPacked(batch.membership)
      ? { ...batch, features: { ...batch.features, matrices: batch.features.matrices.map(packed) } }
      : batch,
  ),
];

/** A right backend that reads every array of a batch wrongly. */
function reading(id: string, error: string, read: Read): WrongBackend {
  return wrongly(id, error, (batch) => ({
    ...batch,
    membership: read(batch.membership),
    labelled: read(batch.labelled),
    scores: read(batch.scores),
    ...(batch.features
      ? { features: { ...batch.features, matrices: batch.features.matrices.map((m) => read(m)) } }
      : {}),
  }));
}

/** A right backend that keeps the numbers of an array by its buffer and shape, and by what the key says. */
function keeping(id: string, what: string, key: (array: NdArray<Numbers>) => string): WrongBackend {
  const kept = new WeakMap<ArrayBufferLike, Map<string, NdArray<Numbers>>>();
  const read: Read = (array) => {
    const { buffer } = array.data;
    const ofBuffer = kept.get(buffer) ?? new Map<string, NdArray<Numbers>>();
    kept.set(buffer, ofBuffer);
    // where the caller fills the buffer again, it is read again
    const name = [array.shape, key(array), array.data.constructor.name, checksum(buffer)].join(' ');
    const known = ofBuffer.get(name) ?? copied(array);
    ofBuffer.set(name, known);
    return known as typeof array;
  };
  return reading(id, `the numbers of arrays are kept ${what}`, read);
}

/** Of all bytes of a buffer, in their order. */
function checksum(buffer: ArrayBufferLike): number {
  return new Uint8Array(buffer).reduce((sum, byte) => (Math.imul(31, sum) + byte) | 0, 0);
}

function copied<T extends Numbers>(array: NdArray<T>): NdArray<T> {
  const [rows, columns] = [rowsOf(array), columnsOf(array)];
  const copy = ndarray(new (array.data.constructor as new (length: number) => T)(rows * columns), [
    rows,
    columns,
  ]);
  for (let i = 0; i < rows; i++) for (let c = 0; c < columns; c++) copy.set(i, c, array.get(i, c));
  return copy;
}

function wrongly(id: string, error: string, read: (batch: Batch) => Batch): WrongBackend {
  return wrapped(id, error, 'layout-independent', (right) => ({
    balancedLoss: (batch, options) => right.balancedLoss(read(batch), options),
  }));
}

function strideOf({ stride }: NdArray<Numbers>, at: 0 | 1): number {
  return stride[at] as number;
}

function rowsOf({ shape }: NdArray<Numbers>): number {
  return shape[0] as number;
}

function columnsOf({ shape }: NdArray<Numbers>): number {
  return shape[1] as number;
}

function withStride<T extends Numbers>({ data, shape, offset }: NdArray<T>, stride: number[]): NdArray<T> {
  return ndarray(data, [...shape], stride, offset);
}

function isPacked(array: NdArray<Numbers>): boolean {
  return array.offset === 0 && strideOf(array, 1) === 1 && strideOf(array, 0) === columnsOf(array);
}

function packed<T extends Numbers>({ data, shape }: NdArray<T>): NdArray<T> {
  return ndarray(data, [...shape]);
}
