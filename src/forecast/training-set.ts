/**
 * The labels of a training set as a forecast needs them: which classes each sample has, and how many samples
 * each class has.
 *
 * @module
 */

import { outOfRange, wrongType } from '../../spec/errors.js';
import { isNdArray, type Matrix } from '../../spec/matrix.js';
import {
  type AttributeInput,
  classCounts,
  createSchema,
  type Encoding,
  readClassCounts,
  type Schema,
} from '../../spec/rules.js';

/** Lists of whole numbers, one per sample, end to end: those of sample i are from `starts[i]` to `starts[i + 1]`. */
export interface Lists {
  readonly starts: Int32Array;
  readonly values: Int32Array;
}

/** A training set without its images. */
export interface TrainingSet {
  readonly schema: Schema;
  /** N ≥ 1. */
  readonly size: number;
  /** h_k of the training set, one array per attribute; `multi-label`: absent and present. */
  readonly counts: readonly (readonly number[])[];
  /** N_j, the samples that are labelled for each attribute. */
  readonly labelled: readonly number[];
  /** Class columns of each sample; `multi-label`: only of labels that are present. */
  readonly members: Lists;
  /** Attributes for which a sample is unlabelled; undefined if there are none. */
  readonly unlabelled: Lists | undefined;
  /** Whether no sample has two classes of one attribute, so that counts say all there is to know. */
  readonly single: boolean;
}

/** How labels are written. */
export interface LabelsInput {
  readonly attributes?: readonly AttributeInput[] | undefined;
  readonly encoding?: Encoding | undefined;
}

/** More samples than this are not written out: 256 MiB of memory. */
const MOST_SAMPLES = 2 ** 26;

/**
 * The training set of one attribute with these class counts.
 *
 * @throws InputTypeError, InputRangeError - counts-invalid
 */
export function countedSet(counts: readonly number[], { attributes, encoding }: LabelsInput): TrainingSet {
  readClassCounts(counts, 'counts', 0);
  if (encoding !== undefined && encoding !== 'categorical') {
    const expected = 'categorical with class counts; give the rows of labels for other encodings';
    outOfRange('option-out-of-range', 'options.encoding', expected, encoding);
  }
  const schema = createSchema({ attributes: attributes ?? [counts.length] });
  if (schema.attributes.length !== 1 || schema.columns.length !== counts.length) {
    const expected = `one attribute of ${counts.length} classes, as there are counts`;
    outOfRange('attribute-invalid', 'options.attributes', expected, attributes);
  }
  const size = counts.reduce((sum, n) => sum + n, 0);
  if (size === 0) outOfRange('counts-invalid', 'counts', 'at least one sample', counts);
  if (size > MOST_SAMPLES)
    outOfRange('counts-invalid', 'counts', `at most ${MOST_SAMPLES} samples in all`, size);
  const values = new Int32Array(size);
  let at = 0;
  counts.forEach((n, k) => {
    values.fill(k, at, at + n);
    at += n;
  });
  const starts = Int32Array.from({ length: size + 1 }, (_, i) => i);
  const members = { starts, values };
  return { schema, size, counts: [counts], labelled: [size], members, unlabelled: undefined, single: true };
}

/**
 * The training set with these labels.
 *
 * @param labels - n×J class indices, −1 or null unlabelled; n×S of 0 and 1 for the two other encodings
 * @throws InputTypeError, InputRangeError - naming the label that is wrong
 */
export function labelledSet(labels: Matrix<number | null>, input: LabelsInput): TrainingSet {
  const { encoding = 'categorical' } = input;
  const attributes = input.attributes ?? foundAttributes(labels, encoding);
  const schema = createSchema({ attributes, encoding });
  const counts = classCounts(schema, labels); // which also checks every label
  const at = isNdArray(labels)
    ? (i: number, c: number) => labels.get(i, c)
    : (i: number, c: number) => labels[i]?.[c] ?? -1;
  const size = isNdArray(labels) ? (labels.shape[0] as number) : labels.length;
  const members: number[] = [];
  const unlabelled: number[] = [];
  const starts = { members: new Int32Array(size + 1), unlabelled: new Int32Array(size + 1) };
  let single = true;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < schema.labelWidth; j++) {
      const label = at(i, j);
      if (encoding === 'categorical' && label >= 0)
        members.push(schema.attributes[j]?.columns[label] as number);
      else if (encoding !== 'categorical' && label === 1) members.push(schema.presence[j] as number);
      else if (label < 0) unlabelled.push(j);
    }
    starts.members[i + 1] = members.length;
    starts.unlabelled[i + 1] = unlabelled.length;
    if (encoding === 'one-attribute' && members.length - (starts.members[i] as number) > 1) single = false;
  }
  const labelled = counts.map((h) =>
    encoding === 'one-attribute' ? size : h.reduce((sum, n) => sum + n, 0),
  );
  return {
    schema,
    size,
    counts,
    labelled,
    members: { starts: starts.members, values: Int32Array.from(members) },
    unlabelled:
      unlabelled.length === 0
        ? undefined
        : { starts: starts.unlabelled, values: Int32Array.from(unlabelled) },
    single,
  };
}

/** As many classes as the labels speak of. */
function foundAttributes(labels: Matrix<number | null>, encoding: Encoding): AttributeInput[] {
  const rows = isNdArray(labels) ? undefined : labels;
  const width = isNdArray(labels) ? (labels.shape[1] as number) : (labels[0]?.length ?? 0);
  if (width === 0) wrongType('wrong-type', 'labels', 'rows of labels, or an array of class counts', labels);
  if (encoding === 'one-attribute') return [width];
  if (encoding === 'multi-label') return new Array<number>(width).fill(2);
  const most = new Array<number>(width).fill(1);
  const size = isNdArray(labels) ? (labels.shape[0] as number) : labels.length;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < width; j++) {
      const label = rows ? rows[i]?.[j] : (labels as { get(i: number, j: number): number }).get(i, j);
      if (typeof label === 'number' && label >= (most[j] as number)) most[j] = label + 1;
    }
  }
  return most;
}
