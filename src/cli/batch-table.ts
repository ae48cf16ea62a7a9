/**
 * A batch as a small table: one row a sample.
 *
 * @module
 */
import type { BatchDocument } from '../../spec/index.js';
import { table } from './table.js';

/** Rows past this are counted, not shown. */
const MOST_ROWS = 40;

/** Samples with their labels and scores. */
export function batchTable({ labels, scores, attributes }: BatchDocument): string {
  const rows = labels.slice(0, MOST_ROWS).map((label, i) => {
    const shown = label.map((l) => (l === null || l === -1 ? '–' : l)).join(' ');
    return [i, shown, (scores?.[i] ?? []).map(short).join(' ')];
  });
  const drawn = table(['sample', attributes.length === 1 ? 'label' : 'labels', 'scores'], rows);
  const rest = labels.length - MOST_ROWS;
  return rest > 0 ? `${drawn}\n… and ${rest} more samples` : drawn;
}

/** A number as short as it can be read: exact if short, else rounded. */
export function short(x: number): string {
  const exact = String(x);
  return exact.length <= 8 ? exact : x.toPrecision(4);
}
