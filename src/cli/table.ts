/**
 * Tables as the command line prints them.
 *
 * @module
 */
import Table from 'cli-table3';

/** A small table, without colours of its own: verdicts bring theirs. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const drawn = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  for (const row of rows) drawn.push([...row]);
  return drawn.toString();
}
