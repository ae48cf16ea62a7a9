/**
 * Rows as a table for a terminal.
 *
 * @module
 */
import { table } from '../src/cli/table.js';
import { cellsOf, notesOf } from './cells.js';
import type { Found } from './section.js';

/** The rows and what was left out, for a terminal. */
export function shown(found: Found): string {
  const { head, lines } = cellsOf(found);
  return [...(found.adapter ? [`On ${found.adapter}`] : []), table(head, lines), ...notesOf(found)].join(
    '\n',
  );
}
