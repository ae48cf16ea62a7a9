/**
 * Stage 0: labels and scores become class columns and a membership matrix, and bad input is refused.
 *
 * The membership matrix Y is n×C of 0/1 over the class columns of the schema. Every later stage
 * reads only these.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import { type BatchInput, readBatch } from './check-batch.js';
import type { Batch, Features } from './contract.js';
import type { FeatureReader } from './features.js';

export type { BatchInput } from './check-batch.js';

/**
 * A checked mini-batch: its class columns, membership matrix and scores.
 *
 * @returns a batch that owns its memory: the input may change afterwards
 * @throws InputTypeError, InputRangeError - naming the row and column that is wrong
 * @example
 * ```ts
 * import { createBatch } from 'class-rectification/spec';
 * const batch = createBatch({ attributes: [2], labels: [[0], [1], [-1]], scores: [[0.9, 0.1], [0.4, 0.6], [0.5, 0.5]] });
 * [batch.size, batch.membership.get(1, 1), batch.labelled.get(2, 0)]; // → [3, 1, 0]
 * ```
 */
export function createBatch(input: BatchInput): Batch {
  const { schema, labels, scores: givenScores, features: givenFeatures } = readBatch(input);
  const { size } = labels;
  const [C, J, S] = [schema.columns.length, schema.attributes.length, schema.scoreWidth];
  const membership = new Uint8Array(size * C);
  const labelled = new Uint8Array(size * J);
  labels.visit(
    (i, c) => {
      membership[i * C + c] = 1;
    },
    (i, j) => {
      labelled[i * J + j] = 1;
    },
  );
  const scores = new Float64Array(size * S).fill(Number.NaN); // which they stay if none are given
  givenScores?.visit((i, s, score) => {
    scores[i * S + s] = score;
  });
  return {
    ...schema,
    size,
    membership: ndarray(membership, [size, C]),
    labelled: ndarray(labelled, [size, J]),
    scores: ndarray(scores, [size, S]),
    scored: givenScores !== undefined,
    ...(givenFeatures ? { features: copyFeatures(givenFeatures, size) } : {}),
  };
}

function copyFeatures(given: FeatureReader, size: number): Features {
  const { width, perAttribute } = given;
  const matrices = Array.from({ length: given.matrices }, () => new Float64Array(size * width));
  given.visit((j, i, t, value) => {
    (matrices[j] as Float64Array)[i * width + t] = value;
  });
  return { width, perAttribute, matrices: matrices.map((data) => matrixOf(data, size, width)) };
}

function matrixOf(data: Float64Array, size: number, width: number): NdArray<Float64Array> {
  return ndarray(data, [size, width]);
}
