/**
 * A batch and its options as one JSON document: what `crl explain` reads and a counterexample prints.
 *
 * @module
 */
import type { NdArray } from 'ndarray';
import { type BatchInput, createBatch } from './batch.js';
import { BATCH_FIELDS } from './check-batch.js';
import type { Encoding } from './choices.js';
import type { BalancedOptions, Batch, Features, Options } from './contract.js';
import { refuseUnknownFields, wrongType } from './errors.js';
import { requireFeatures } from './features.js';
import { OPTION_NAMES, type OptionsInput, readAlpha, resolveOptions } from './options.js';
import { type PresetName, readPreset } from './presets.js';
import type { AttributeInput } from './schema.js';
import { requireScores } from './scores.js';

/** The JSON form of a batch with its options. */
export interface BatchDocument {
  readonly attributes: readonly AttributeInput[];
  readonly labels: readonly (readonly (number | null)[])[];
  readonly scores?: readonly (readonly number[])[];
  readonly features?: readonly (readonly number[])[] | readonly (readonly (readonly number[])[])[];
  readonly encoding?: Encoding;
  readonly fromLogits?: boolean;
  /** Default `paper`. Other fields of the document override it. */
  readonly preset?: PresetName;
  readonly options?: OptionsInput & { readonly alpha?: number };
}

/**
 * Reads a document: a checked batch, complete options, and α if it was given.
 *
 * @throws InputTypeError, InputRangeError
 */
export function readDocument(document: unknown): { batch: Batch; options: Options; alpha?: number } {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    wrongType('wrong-type', 'document', 'an object with attributes, labels and scores', document);
  }
  const { options: given = {}, preset: name, ...rest } = document as BatchDocument;
  refuseUnknownFields(document, [...BATCH_FIELDS, 'preset', 'options'], '');
  const preset = readPreset(name);
  const batch = createBatch({ encoding: preset.encoding, ...rest } as BatchInput);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    wrongType('wrong-type', 'options', 'an object', given);
  }
  refuseUnknownFields(given, [...OPTION_NAMES, 'alpha']);
  const { alpha, ...choices } = given;
  const options = resolveOptions(batch, { ...preset.options, ...choices });
  if (options.level === 'instance') requireFeatures(batch);
  const isRanked = options.level === 'class' || options.anchors === 'easy';
  if (isRanked || alpha !== undefined) requireScores(batch);
  return alpha === undefined ? { batch, options } : { batch, options, alpha: readAlpha(alpha) };
}

/**
 * Writes a batch as a document that {@link readDocument} reads back as the same batch.
 *
 * @example
 * ```ts
 * import { createBatch, resolveOptions, writeDocument } from 'class-rectification/spec';
 * const batch = createBatch({ attributes: [2], labels: [[1], [null]], scores: [[0.5, 0.5], [0, 1]] });
 * writeDocument(batch, resolveOptions(batch)).labels; // → [[1], [-1]]
 * ```
 */
export function writeDocument(batch: Batch, options: Options | BalancedOptions): BatchDocument {
  const rows = [...Array(batch.size).keys()];
  const { margin, range, anchors, ...choices } = options;
  const { alpha, ...rest } = choices as Partial<BalancedOptions>;
  return {
    attributes: batch.attributes.map(({ classes }) => classes.length),
    labels: rows.map((i) => labelRow(batch, i)),
    ...(batch.scored ? { scores: matrixRows(batch.scores) } : {}),
    ...(batch.features ? { features: featureRows(batch.features) } : {}),
    ...(batch.encoding === 'categorical' ? {} : { encoding: batch.encoding }),
    ...(batch.fromLogits ? { fromLogits: true } : {}),
    options: {
      ...rest,
      ...(anchors === 'all' ? {} : { anchors }),
      // without scores there is no cross entropy to weigh
      ...(alpha === undefined || !batch.scored ? {} : { alpha }),
      margin: [...margin],
      range: [...range],
    },
  };
}

function labelRow(batch: Batch, i: number): number[] {
  if (batch.encoding === 'one-attribute') return batch.columns.map((_, c) => batch.membership.get(i, c));
  return batch.attributes.map(({ columns }) => columns.findIndex((c) => batch.membership.get(i, c) === 1));
}

function featureRows({ perAttribute, matrices }: Features): number[][] | number[][][] {
  return perAttribute ? matrices.map(matrixRows) : matrixRows(matrices[0] as NdArray);
}

function matrixRows(matrix: NdArray): number[][] {
  const [n, width] = matrix.shape as [number, number];
  return Array.from({ length: n }, (_, i) => Array.from({ length: width }, (_, s) => matrix.get(i, s)));
}
