/**
 * A batch's labels, scores and features as flat arrays, row by row, in the form in which training has them.
 *
 * @module
 */
import type { NdArray } from 'ndarray';
import type { Batch } from '../../spec/contract.js';

/** The batch's scores, n×S, in float32. */
export function scoreArray(batch: Batch): Float32Array {
  return toFloat32(batch.scores);
}

/** The batch's features, one n×d array per matrix: one if they are shared, else J. */
export function featureArrays({ features }: Batch): Float32Array[] {
  return (features?.matrices ?? []).map(toFloat32);
}

/** n×S labels as `Backend.tensorLoss` takes them: one-hot, or 0/1 with −1 for unlabelled. */
export function labelArray(batch: Batch): Float32Array {
  const { size, encoding, membership, labelled, presence, scoreWidth } = batch;
  if (encoding !== 'multi-label') return toFloat32(membership);
  return Float32Array.from({ length: size * scoreWidth }, (_, at) => {
    const [i, l] = [Math.floor(at / scoreWidth), at % scoreWidth];
    return labelled.get(i, l) === 0 ? -1 : membership.get(i, presence[l] as number);
  });
}

/** The numbers row by row, for any layout in memory. */
function toFloat32(a: NdArray): Float32Array {
  const [rows, columns] = a.shape as [number, number];
  const numbers = new Float32Array(rows * columns); // `Float32Array.from` takes ten times as long
  for (let i = 0; i < rows; i++) {
    for (let s = 0; s < columns; s++) numbers[i * columns + s] = a.get(i, s);
  }
  return numbers;
}
