/**
 * The tensors that a loss takes, checked before anything is computed.
 *
 * Only shapes and types are looked at, which every engine knows without a read-back. Without this check an engine
 * that reads memory row by row trains on numbers of the wrong columns, and one that broadcasts compares
 * one column with all of them. A score that is not a float has no derivative, and on `wasm` the exponential of
 * booleans is NaN.
 *
 * @module
 */
import type { Level, Schema } from './contract.js';
import { InputRangeError, InputTypeError, type RangeErrorCode, wrongType } from './errors.js';

/** A tensor, as far as it is looked at here. */
export interface Shaped {
  readonly shape: readonly number[];
  /** As tfjs names types. Undefined: not checked. */
  readonly dtype?: string;
  readonly isDisposed?: boolean;
  /** The conversion that arrays of jax-js have; tensors of tfjs have `toFloat`. */
  readonly astype?: unknown;
}

/** What the caller of a loss calls its inputs, as errors name them. */
export interface InputNames {
  readonly labels: string;
  readonly scores: string;
}

/** The columns that a loss expects. */
export interface ExpectedColumns {
  /** S, the columns of the scores. Undefined: any number ≥ 1, the same for labels and scores. */
  readonly width?: number;
  /** Where S comes from, as errors say it: `for attributes [4]`. */
  readonly reason: string;
  /** J where labels may be class indices, one column per attribute; undefined where they may not. */
  readonly indexColumns?: number;
  /** K_j of each attribute, and what to do with scores that hold the columns of a single one. */
  readonly parts?: { readonly widths: readonly number[]; readonly advice: string };
}

/** How the labels of a batch are written: the columns of the scores, or class indices. */
export type LabelForm = 'columns' | 'indices';

/** The columns that a schema expects. */
export function columnsOfSchema({ attributes, encoding, scoreWidth }: Schema): ExpectedColumns {
  const counts = attributes.map(({ classes }) => classes.length);
  const listed = counts.length <= 8 ? `[${counts.join(', ')}]` : `${shortened(counts)}`;
  if (encoding === 'categorical')
    return { width: scoreWidth, reason: `for attributes ${listed}`, indexColumns: counts.length };
  const columns = encoding === 'multi-label' ? 'one column per label' : 'one column per class';
  return { width: scoreWidth, reason: `for attributes ${listed} (${encoding}: ${columns})` };
}

function shortened(counts: readonly number[]): string {
  return `[${counts.slice(0, 6).join(', ')}, ...] of length ${counts.length}`;
}

/**
 * Checks the labels and scores of one batch.
 *
 * Labels are n×S like the scores. Where class indices are allowed they may also be n×J, or n numbers for
 * one attribute. Where n×J is n×S too, since every attribute has one class, labels are columns.
 *
 * @returns how the labels are written
 * @throws InputTypeError - for what is not a tensor, for a tensor that was disposed of, and for a type that has no
 * place here: scores are float32, labels numbers or booleans
 * @throws InputRangeError - `wrong-shape`, or `empty-batch` for no row at all
 */
export function checkLossShapes(
  names: InputNames,
  { width, reason, indexColumns, parts }: ExpectedColumns,
  labels: Shaped,
  scores: Shaped,
): LabelForm {
  const expected = `n×${width ?? 'K'} ${reason}`;
  const [n, actual] = shapeOf(names.scores, scores, expected);
  const right = scores.shape.length === 2 && (actual as number) >= 1;
  if (!right || (width !== undefined && actual !== width)) {
    const advice = right && parts?.widths.includes(actual as number) ? ` (${parts.advice})` : '';
    refuse('wrong-shape', names.scores, expected + advice, scores);
  }
  checkType(names.scores, scores, FLOATS);
  if (n === 0) refuse('empty-batch', names.scores, 'at least one row', scores);
  const asColumns = `${n}×${actual}, as ${names.scores} has`;
  const asIndices = indexColumns === undefined ? '' : `, or class indices, ${n}×${indexColumns}`;
  const [rows, labelColumns] = shapeOf(names.labels, labels, asColumns + asIndices);
  checkType(names.labels, labels, LABEL_TYPES);
  const { length: rank } = labels.shape;
  if (rows === n && rank === 2 && labelColumns === actual) return 'columns';
  if (rows === n) {
    if (rank === 2 && labelColumns === indexColumns) return 'indices';
    if (rank === 1 && indexColumns === 1) return 'indices';
  }
  refuse('wrong-shape', names.labels, asColumns + asIndices, labels);
}

/**
 * Checks features against the rows of the scores: n×d, shared by all attributes, or J×n×d.
 *
 * @throws InputTypeError, InputRangeError - also without features at instance level
 */
export function checkFeatureShape(
  { attributes }: Schema,
  level: Level,
  rows: number,
  features: Shaped | undefined,
): void {
  if (level === 'class') return;
  const expected = `${rows}×d, or ${attributes.length}×${rows}×d, at instance level`;
  if (features === undefined) {
    throw new InputRangeError({ code: 'features-missing', where: 'features', expected, got: 'none' });
  }
  const shape = shapeOf('features', features, expected);
  const own = shape.slice(-2);
  const right =
    (shape.length === 2 || (shape.length === 3 && (shape[0] === 1 || shape[0] === attributes.length))) &&
    own[0] === rows &&
    (own[1] as number) >= 1;
  if (!right) refuse('wrong-shape', 'features', expected, features);
  checkType('features', features, FEATURE_TYPES);
}

/** What can be differentiated. */
const FLOATS = ['float32'];

/** Features may be whole numbers: a layer that only counts, or an embedding that is not trained. */
const FEATURE_TYPES = ['float32', 'int32'];

/** Labels are whole numbers, of any type that holds them. */
const LABEL_TYPES = ['float32', 'int32', 'bool'];

function checkType(where: string, { dtype, astype }: Shaped, allowed: readonly string[]): void {
  if (dtype === undefined || allowed.includes(dtype)) return;
  const conversion = astype === undefined ? '.toFloat()' : '.astype(np.float32)';
  const way = dtype === 'string' || dtype === 'complex64' ? '' : ` (convert it with ${conversion})`;
  throw new InputTypeError({
    code: 'wrong-type',
    where,
    expected: `a tensor of ${allowed.join(', ')}${way}`,
    got: dtype,
  });
}

/** Refuses a shape, printed as `10×3`. */
function refuse(code: RangeErrorCode, where: string, expected: string, { shape }: Shaped): never {
  const got = shape.length === 0 ? 'a scalar' : shape.length === 1 ? `[${shape[0]}]` : shape.join('×');
  throw new InputRangeError({ code, where, expected, got });
}

function shapeOf(name: string, tensor: Shaped, expected: string): readonly number[] {
  const shape: unknown = tensor?.shape;
  if (!Array.isArray(shape)) wrongType('wrong-type', name, `a tensor, ${expected}`, tensor);
  if (tensor.isDisposed) {
    const got = 'a tensor that was disposed of';
    throw new InputTypeError({ code: 'wrong-type', where: name, expected: `a tensor, ${expected}`, got });
  }
  return shape;
}
