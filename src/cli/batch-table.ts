/**
 * A batch as a small table: one row per sample.
 *
 * @module
 */
import type { BatchDocument } from '../../spec/index.js';
import { batchRows } from '../verify/report/batch-rows.js';
import { table } from './table.js';
import { terminalWidth } from './terminal.js';

/** Samples with their labels, and their scores and features where there are any. */
export function batchTable(document: BatchDocument, width = terminalWidth()): string {
  const { head, rows, more } = batchRows(document);
  const drawn = table(head, rows, width);
  return more > 0 ? `${drawn}\n… and ${more} more samples` : drawn;
}
