/**
 * The checks of a mini-batch. They make no arrays, so that `createBatch` and code that only asks whether a
 * batch is valid follow the same rules.
 *
 * @module
 */
import type { Batch, Schema } from './contract.js';
import { refuseUnknownFields, wrongType } from './errors.js';
import { type FeatureReader, type FeaturesInput, readFeatures } from './features.js';
import { type LabelReader, readLabels } from './labels.js';
import type { EntryReader, Matrix } from './matrix.js';
import { createSchema, type SchemaInput } from './schema.js';
import { readScores } from './scores.js';

/** Every field of a batch. */
export const BATCH_FIELDS = ['attributes', 'labels', 'scores', 'features', 'encoding', 'fromLogits'];

/** A mini-batch as a caller writes it. */
export interface BatchInput extends SchemaInput {
  /** n×J class indices, −1 or null unlabelled; n×S of 0/1 for the two other encodings. */
  readonly labels: Matrix<number | null>;
  /** n×S, attribute-major. Not needed where there are features and only L_crl is asked for. */
  readonly scores?: Matrix<number>;
  /** n×d or J×n×d, for instance level. */
  readonly features?: FeaturesInput;
}

/** A mini-batch whose shapes have been checked; its entries are checked as they are visited. */
export interface BatchReader {
  readonly schema: Schema;
  readonly labels: LabelReader;
  readonly scores: EntryReader | undefined;
  readonly features: FeatureReader | undefined;
}

/**
 * Checks the shapes of a batch against each other and against its schema.
 *
 * @throws InputTypeError, InputRangeError
 */
export function readBatch(input: BatchInput): BatchReader {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    wrongType('wrong-type', 'batch', 'an object with attributes, labels and scores', input);
  }
  refuseUnknownFields(input, BATCH_FIELDS, '');
  const schema = createSchema(input);
  const labels = readLabels(schema, input.labels);
  const features =
    input.features === undefined
      ? undefined
      : readFeatures(input.features, labels.size, schema.attributes.length);
  const scored = input.scores !== undefined || features === undefined;
  const scores = scored ? readScores(schema, input.scores as Matrix<number>, labels.size) : undefined;
  return { schema, labels, scores, features };
}

/**
 * Checks a batch as `createBatch` does, without making one.
 *
 * @returns n, and whether the batch has scores and whether those are logits
 * @throws InputTypeError, InputRangeError - naming the row and column that is wrong
 */
export function checkBatch(input: BatchInput): Pick<Batch, 'size' | 'scored' | 'fromLogits'> {
  const { schema, labels, scores, features } = readBatch(input);
  const seen = () => {};
  labels.visit(seen, seen);
  scores?.visit(seen);
  features?.visit(seen);
  return { size: labels.size, scored: scores !== undefined, fromLogits: schema.fromLogits };
}
