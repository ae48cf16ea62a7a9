/**
 * The labels of a whole training set, from which Ω is measured.
 *
 * @module
 */

import type { Schema } from './contract.js';
import {
  described,
  type InputError,
  InputRangeError,
  InputTypeError,
  outOfRange,
  wrongType,
} from './errors.js';
import { classCounts } from './labels.js';
import type { Matrix } from './matrix.js';

/** Told of labels that are legal but hardly intended; the name tells the kinds of warnings apart. */
export type Warn = (name: string, message: string) => void;

/** Class indices, one per sample, or rows of labels. */
export type TrainingLabels = ArrayLike<number> | Matrix<number | null>;

/** The option that the labels are given by. */
const NAME = 'options.trainingLabels';

/**
 * h_k of a training set, one array of class counts per attribute.
 *
 * @param labels - class indices, one per sample; or rows, one index per attribute, or for the other encodings rows of
 * 0 and 1. −1 or null: unlabelled
 * @param warn - told where −1 seems to mean "absent", as in CelebA
 * @throws InputTypeError, InputRangeError - naming the option and the label that is wrong
 */
export function trainingCounts(schema: Schema, labels: TrainingLabels, warn: Warn): number[][] {
  const flat = isFlat(labels);
  if (flat && schema.labelWidth !== 1) {
    wrongType('wrong-type', NAME, `rows of ${schema.labelWidth} labels, one row per sample`, labels);
  }
  const rows = flat ? Array.from(labels, (label) => [label]) : (labels as Matrix<number | null>);
  if (Array.isArray(rows)) {
    refuseOneHot(schema, rows);
    if (schema.encoding === 'multi-label') warnWithoutAbsence(rows, warn);
  }
  const counts = namedCounts(schema, rows, flat);
  counts.forEach((h, j) => {
    if (h.every((count) => count === 0)) {
      outOfRange('counts-invalid', NAME, `a labelled sample for ${schema.attributes[j]?.name}`, labels);
    }
  });
  return counts;
}

function namedCounts(schema: Schema, rows: Matrix<number | null>, flat: boolean): number[][] {
  try {
    return classCounts(schema, rows);
  } catch (error) {
    throw named(error, flat);
  }
}

function isFlat(labels: TrainingLabels): labels is ArrayLike<number> {
  if (ArrayBuffer.isView(labels)) return true;
  return (
    Array.isArray(labels) &&
    labels.length > 0 &&
    !labels.some((row) => typeof row === 'object' && row !== null)
  );
}

/** Rows of the scores' width instead of one index per attribute. */
function refuseOneHot(
  { encoding, attributes, scoreWidth }: Schema,
  rows: readonly ArrayLike<unknown>[],
): void {
  const [first] = rows;
  if (encoding !== 'categorical' || scoreWidth === attributes.length || first?.length !== scoreWidth) return;
  const classes = attributes.length === 1 ? '[0, 2, 1, …]' : `rows of ${attributes.length}`;
  const expected = `class indices, ${classes}: the place of the 1, not one-hot rows`;
  outOfRange('wrong-shape', NAME, expected, described(`rows of ${scoreWidth}`));
}

/** Some data sets, CelebA among them, write an absent label as −1, which means unlabelled here. */
function warnWithoutAbsence(rows: readonly ArrayLike<unknown>[], warn: Warn): void {
  const width = rows[0]?.length ?? 0;
  const without = Array.from({ length: width }, (_, l) => l).filter((l) => {
    const own = rows.map((row) => row[l]);
    return own.includes(-1) && own.includes(1) && !own.includes(0);
  });
  if (without.length === 0) return;
  const shown = without.length > 8 ? `${without.slice(0, 8).join(', ')}, …` : without.join(', ');
  warn(
    'no-absence',
    `${NAME}: label ${shown} is 1 or -1 in every row and never 0. With encoding multi-label -1 means unlabelled, ` +
      'so no sample would be a negative. If -1 means absent, as in CelebA, write 0 instead.',
  );
}

/** The specification's refusal under the name of the option. */
function named(error: unknown, flat: boolean): unknown {
  if (!(error instanceof InputTypeError || error instanceof InputRangeError)) return error;
  const { code, expected, got } = error as InputError;
  const where = error.where.replace('labels', NAME);
  const detail = { code: code as never, where: flat ? where.replace(/\[0\]$/, '') : where, expected, got };
  return error instanceof InputTypeError ? new InputTypeError(detail) : new InputRangeError(detail);
}
