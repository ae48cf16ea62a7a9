/**
 * The numbers of a label tensor, n×S as `Backend.tensorLoss` takes them, read as integers.
 *
 * @module
 */
import type { Attribute, Schema } from './contract.js';
import { outOfRange } from './errors.js';

/** What the error for several 1s in a one-hot row advises, where the caller has no other option for it. */
const SEVERAL_LABELS = "several labels per sample need encoding 'multi-label' or 'one-attribute'";

/**
 * Labels as integers: of one-hot rows the class, −1 where an attribute is all 0 (unlabelled); of the other
 * encodings the numbers themselves.
 *
 * A label that is not valid would train silently if it were taken for unlabelled: smoothed labels, rows with
 * several 1s, or whole numbers whose bits lie in a float32 tensor, as `tf.oneHot(…, 'float32')` leaves them
 * on tfjs's `wasm` engine.
 *
 * @param labels - n×S, row by row
 * @param size - n
 * @param advice - what to do with several labels per sample, as the error for several 1s in a row says it
 * @returns n×J for categorical labels, else n×S
 * @throws InputRangeError - naming the row, and the column where a single number is wrong
 */
export function integerLabels(
  schema: Schema,
  labels: ArrayLike<number>,
  size: number,
  advice: string = SEVERAL_LABELS,
): Int32Array {
  return schema.encoding === 'categorical'
    ? classesOfRows(schema, labels, size, advice)
    : zerosAndOnes(schema, labels, size);
}

function classesOfRows(
  { attributes, scoreWidth }: Schema,
  labels: ArrayLike<number>,
  size: number,
  advice: string,
): Int32Array {
  const found = new Int32Array(size * attributes.length).fill(-1);
  for (let i = 0, at = 0, out = 0; i < size; i++) {
    for (const { classes } of attributes) {
      for (let k = 0; k < classes.length; k++, at++) {
        const label = labels[at] as number;
        if (label === 1) {
          if (found[out] !== -1) refuseSeveral(labels, i, at - k, classes.length, advice);
          found[out] = k;
        } else if (label !== 0) {
          refuseLabel(label, at, scoreWidth, '0 or 1, one-hot (all 0: unlabelled)');
        }
      }
      out += 1;
    }
  }
  return found;
}

function zerosAndOnes({ encoding, scoreWidth }: Schema, labels: ArrayLike<number>, size: number): Int32Array {
  const least = encoding === 'multi-label' ? -1 : 0;
  const found = new Int32Array(size * scoreWidth);
  for (let at = 0; at < found.length; at++) {
    const label = labels[at] as number;
    if (label !== 1 && label !== 0 && label !== least) {
      refuseLabel(label, at, scoreWidth, least < 0 ? '0 or 1, or -1 (unlabelled)' : '0 or 1');
    }
    found[at] = label;
  }
  return found;
}

function refuseLabel(label: number, at: number, width: number, expected: string): never {
  return outOfRange(
    'label-out-of-range',
    `labels[${Math.floor(at / width)}][${at % width}]`,
    expected,
    label,
  );
}

function refuseSeveral(
  labels: ArrayLike<number>,
  row: number,
  from: number,
  classes: number,
  advice: string,
): never {
  const own = Array.from({ length: classes }, (_, k) => labels[from + k] as number);
  const expected = `at most one 1 per attribute (one-hot); ${advice}`;
  return outOfRange('label-out-of-range', `labels[${row}]`, expected, own);
}

/**
 * Checks class indices, n×J: whole numbers from −1 (unlabelled) to K_j − 1.
 *
 * @throws InputRangeError - naming the row and column
 */
export function checkClassIndices({ attributes }: Schema, indices: ArrayLike<number>): void {
  const J = attributes.length;
  for (let at = 0; at < indices.length; at++) {
    const index = indices[at] as number;
    const { length } = (attributes[at % J] as Attribute).classes;
    if (Number.isInteger(index) && index >= -1 && index < length) continue;
    const expected = `a class index from 0 to ${length - 1}, or -1 (unlabelled)`;
    refuseLabel(index, at, J, expected);
  }
}
