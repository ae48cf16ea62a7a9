/**
 * Stage 0: labels and scores become class columns and a membership matrix, and bad input is refused.
 *
 * The classes of all attributes stand side by side, attribute-major: C = ΣK_j columns. The
 * membership matrix Y is n×C of 0/1. Every later stage reads only these, so that the three label
 * encodings differ here and nowhere else.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import type { Attribute, Batch, ClassColumn, Encoding, Schema } from './contract.js';
import { outOfRange, wrongType } from './errors.js';
import { type FeaturesInput, readFeatures } from './features.js';
import { readLabels } from './labels.js';
import { type Matrix, readMatrix } from './matrix.js';

/** How far a probability may lie outside [0, 1] (ruling: probabilities). */
export const PROBABILITY_TOLERANCE = 1e-6;

const KNOWN = ['attributes', 'labels', 'scores', 'features', 'encoding', 'fromLogits'];

const ENCODINGS: readonly Encoding[] = ['categorical', 'multi-label', 'one-attribute'];

/** An attribute as a caller writes it: its class count, or its name and its classes' names. */
export type AttributeInput =
  | number
  | { readonly name?: string; readonly classes: number | readonly string[] };

/** What a caller says about the classes, before any batch. */
export interface SchemaInput {
  /** One entry an attribute; `multi-label`: one 2 a label; `one-attribute`: one entry. */
  readonly attributes: readonly AttributeInput[];
  /** Default `categorical`. */
  readonly encoding?: Encoding;
  /** Whether scores are logits. Default false: probabilities. */
  readonly fromLogits?: boolean;
}

/** A mini-batch as a caller writes it. */
export interface BatchInput extends SchemaInput {
  /** n×J class indices, −1 or null unlabelled; n×S of 0/1 for the two other encodings. */
  readonly labels: Matrix<number | null>;
  /** n×S, attribute-major. Not needed where there are features and only L_crl is asked for. */
  readonly scores?: Matrix<number>;
  /** n×d or J×n×d, for instance level. */
  readonly features?: FeaturesInput;
}

/**
 * The class columns of a schema.
 *
 * @throws InputTypeError, InputRangeError - if attributes or encoding are not as documented
 * @example
 * ```ts
 * import { createSchema } from 'class-rectification/spec';
 * createSchema({ attributes: [3, 2] }).columns.map((c) => c.class); // → [0, 1, 2, 0, 1]
 * createSchema({ attributes: [2], encoding: 'multi-label' }).columns.map((c) => c.sign); // → [-1, 1]
 * ```
 */
export function createSchema(input: SchemaInput): Schema {
  const { encoding = 'categorical', fromLogits = false } = input;
  if (!ENCODINGS.includes(encoding))
    outOfRange('option-out-of-range', 'encoding', ENCODINGS.join(' | '), encoding);
  if (typeof fromLogits !== 'boolean') wrongType('wrong-type', 'fromLogits', 'true or false', fromLogits);
  if (!Array.isArray(input.attributes)) {
    wrongType('wrong-type', 'attributes', 'an array, one entry an attribute', input.attributes);
  }
  if (input.attributes.length === 0)
    outOfRange('attribute-invalid', 'attributes', 'at least one attribute', []);
  if (encoding === 'one-attribute' && input.attributes.length !== 1) {
    outOfRange(
      'attribute-invalid',
      'attributes',
      'one entry for encoding one-attribute',
      input.attributes.length,
    );
  }
  const attributes: Attribute[] = [];
  const columns: ClassColumn[] = [];
  input.attributes.forEach((entry, j) => {
    const { name, classes } = readAttribute(entry, j);
    if (encoding === 'multi-label' && classes.length !== 2) {
      outOfRange('attribute-invalid', `attributes[${j}]`, '2 classes (absent, present)', classes.length);
    }
    attributes.push({ name, classes, columns: classes.map((_, k) => columns.length + k) });
    classes.forEach((_, k) => {
      // ruling: multi-label data: one score a label, p(present); the absent side reads it in reverse
      const binary = encoding === 'multi-label';
      columns.push({
        attribute: j,
        class: k,
        score: binary ? j : columns.length,
        sign: binary && k === 0 ? -1 : 1,
      });
    });
  });
  const scoreWidth = encoding === 'multi-label' ? attributes.length : columns.length;
  return { encoding, attributes, columns, scoreWidth, fromLogits };
}

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
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    wrongType('wrong-type', 'batch', 'an object with attributes, labels and scores', input);
  }
  for (const key of Object.keys(input)) {
    if (!KNOWN.includes(key)) outOfRange('option-unknown', key, `one of ${KNOWN.join(', ')}`, key);
  }
  const schema = createSchema(input);
  const { size: n, membership, labelled } = readLabels(schema, input.labels);
  const features =
    input.features === undefined ? undefined : readFeatures(input.features, n, schema.attributes.length);
  const scored = input.scores !== undefined || features === undefined;
  const scores = ndarray(new Float64Array(n * schema.scoreWidth).fill(Number.NaN), [n, schema.scoreWidth]);
  if (scored) readScores(schema, input.scores as Matrix<number>, scores);
  return { ...schema, size: n, membership, labelled, scores, scored, ...(features ? { features } : {}) };
}

function readScores(schema: Schema, input: Matrix<number>, scores: NdArray<Float64Array>): void {
  const [n, width] = scores.shape as [number, number];
  const given = readMatrix<number>('scores', input, width);
  if (given.rows !== n) outOfRange('wrong-shape', 'scores', `${n} rows, one a sample`, given.rows);
  for (let i = 0; i < n; i++) {
    for (let s = 0; s < width; s++) {
      scores.set(i, s, readScore(given.at(i, s), `scores[${i}][${s}]`, schema.fromLogits));
    }
  }
}

/** Kept as given, also inside the tolerance (rulings: precision, probabilities). */
function readScore(value: unknown, where: string, fromLogits: boolean): number {
  if (typeof value !== 'number') wrongType('wrong-type', where, 'a number', value);
  if (!Number.isFinite(value)) outOfRange('score-not-finite', where, 'a finite number', value);
  const outside = value < -PROBABILITY_TOLERANCE || value > 1 + PROBABILITY_TOLERANCE;
  if (outside && !fromLogits) outOfRange('score-out-of-range', where, 'a probability in [0, 1]', value);
  return value;
}

function readAttribute(entry: AttributeInput, j: number): { name: string; classes: readonly string[] } {
  const where = `attributes[${j}]`;
  const described = typeof entry === 'object' && entry !== null;
  const name = described ? (entry.name ?? `attribute ${j}`) : `attribute ${j}`;
  if (typeof name !== 'string') wrongType('wrong-type', `${where}.name`, 'a string', name);
  const classes: unknown = described ? entry.classes : entry;
  if (Array.isArray(classes)) {
    if (classes.length === 0)
      outOfRange('attribute-invalid', `${where}.classes`, 'at least one class', classes);
    classes.forEach((c, k) => {
      if (typeof c !== 'string') wrongType('wrong-type', `${where}.classes[${k}]`, 'a string', c);
    });
    return { name, classes: [...classes] };
  }
  const expected = 'a class count (an integer ≥ 1) or {name, classes}';
  if (typeof classes !== 'number') wrongType('wrong-type', where, expected, classes);
  if (!Number.isInteger(classes) || classes < 1 || classes > 1e6) {
    outOfRange('attribute-invalid', where, expected, classes);
  }
  return { name, classes: Array.from({ length: classes }, (_, k) => String(k)) };
}
