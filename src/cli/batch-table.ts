/**
 * A batch as a small table: one row a sample.
 *
 * @module
 */
import { type BatchDocument, readPreset } from '../../spec/index.js';
import { table } from './table.js';

/** Rows past this are counted, not shown. */
const MOST_ROWS = 40;

/** Samples with their labels, and their scores and features where there are any. */
export function batchTable(document: BatchDocument): string {
  const { labels, scores, features, attributes } = document;
  const parts: { head: string; cell: (i: number) => string }[] = [
    { head: attributes.length === 1 ? 'label' : 'labels', cell: (i) => labelCell(document, i) },
  ];
  if (scores) parts.push({ head: 'scores', cell: (i) => numbers(scores[i] ?? []) });
  for (const { head, rows } of featureParts(features)) {
    parts.push({ head, cell: (i) => numbers(rows[i] ?? []) });
  }
  const rows = labels.slice(0, MOST_ROWS).map((_, i) => [i, ...parts.map(({ cell }) => cell(i))]);
  const drawn = table(['sample', ...parts.map(({ head }) => head)], rows);
  const rest = labels.length - MOST_ROWS;
  return rest > 0 ? `${drawn}\n… and ${rest} more samples` : drawn;
}

/** A number as short as it can be read: exact if short, else rounded. */
export function short(x: number): string {
  const exact = String(x);
  return exact.length <= 8 ? exact : x.toPrecision(4);
}

/** Class indices; those that a multi-hot row holds; – for unlabelled. */
function labelCell({ labels, encoding, preset }: BatchDocument, i: number): string {
  const label = labels[i] ?? [];
  if ((encoding ?? readPreset(preset).encoding) === 'one-attribute') {
    const held = [...label.keys()].filter((k) => label[k] === 1);
    return held.join(' ') || 'none';
  }
  return label.map((l) => (l === null || l === -1 ? '–' : l)).join(' ');
}

/** One matrix, or one an attribute. */
function featureParts(features: BatchDocument['features']): { head: string; rows: readonly number[][] }[] {
  if (!features) return [];
  const perAttribute = Array.isArray(features[0]?.[0]);
  if (!perAttribute) return [{ head: 'features', rows: features as number[][] }];
  return (features as number[][][]).map((rows, j) => ({ head: `features ${j}`, rows }));
}

function numbers(row: readonly number[]): string {
  return row.map(short).join(' ');
}
