/**
 * A batch as a small table: one row a sample.
 *
 * @module
 */
import Table from 'cli-table3';
import type { BatchDocument } from '../../spec/index.js';

/** Rows past this are counted, not shown. */
const MOST_ROWS = 40;

/** Samples with their labels and scores. */
export function batchTable({ labels, scores, attributes }: BatchDocument): string {
  const table = new Table({
    head: ['sample', attributes.length === 1 ? 'label' : 'labels', 'scores'],
    style: { head: [], compact: true },
  });
  labels.slice(0, MOST_ROWS).forEach((label, i) => {
    table.push([i, label.map((l) => (l === null || l === -1 ? '–' : l)).join(' '), (scores[i] ?? []).map(short).join(' ')]);
  });
  const rest = labels.length - MOST_ROWS;
  return rest > 0 ? `${table.toString()}\n… and ${rest} more samples` : table.toString();
}

/** A number as short as it can be read: exact if short, else rounded. */
export function short(x: number): string {
  const exact = String(x);
  return exact.length <= 8 ? exact : x.toPrecision(4);
}
