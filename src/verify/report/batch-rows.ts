/**
 * A batch as rows of text, one per sample.
 *
 * @module
 */
import { type BatchDocument, readPreset } from '../../../spec/index.js';

/** Rows that are shown; further ones are counted. */
const MOST_ROWS = 40;
/** Numbers of a row that are shown; further ones are counted. */
const MOST_NUMBERS = 12;

/** A batch as any table shows it. */
export interface BatchRows {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Samples that are not shown. */
  readonly more: number;
}

/** Samples with their labels, and their scores and features where there are any. */
export function batchRows(document: BatchDocument): BatchRows {
  const { labels, scores, features, attributes } = document;
  const parts: { head: string; cell: (i: number) => string }[] = [
    { head: attributes.length === 1 ? 'label' : 'labels', cell: (i) => labelCell(document, i) },
  ];
  if (scores) parts.push({ head: 'scores', cell: (i) => numbers(scores[i] ?? []) });
  for (const { head, rows } of featureParts(features)) {
    parts.push({ head, cell: (i) => numbers(rows[i] ?? []) });
  }
  const rows = labels.slice(0, MOST_ROWS).map((_, i) => [`${i}`, ...parts.map(({ cell }) => cell(i))]);
  return { head: ['sample', ...parts.map(({ head }) => head)], rows, more: labels.length - rows.length };
}

/** Digits of a number that is rounded. */
export const ROUNDED = 4;

/** A number as short as it can be read: exact if short, else rounded. */
export function short(x: number): string {
  const exact = String(x);
  return exact.length <= 8 ? exact : x.toPrecision(ROUNDED);
}

/** Class indices, or those set in a multi-hot row; – for unlabelled. */
function labelCell({ labels, encoding, preset }: BatchDocument, i: number): string {
  const label = labels[i] ?? [];
  if ((encoding ?? readPreset(preset).encoding) === 'one-attribute') {
    const held = [...label.keys()].filter((k) => label[k] === 1);
    return held.join(' ') || 'none';
  }
  return label.map((l) => (l === null || l === -1 ? '–' : l)).join(' ');
}

/** One matrix, or one per attribute. */
function featureParts(features: BatchDocument['features']): { head: string; rows: readonly number[][] }[] {
  if (!features) return [];
  const perAttribute = Array.isArray(features[0]?.[0]);
  if (!perAttribute) return [{ head: 'features', rows: features as number[][] }];
  return (features as number[][][]).map((rows, j) => ({ head: `features ${j}`, rows }));
}

function numbers(row: readonly number[]): string {
  const shown = row.slice(0, MOST_NUMBERS).map(short).join(' ');
  return row.length > MOST_NUMBERS ? `${shown} … (${row.length})` : shown;
}
