/**
 * Tables as the command line prints them: as wide as the terminal at most.
 *
 * @module
 */
import Table from 'cli-table3';
import stringWidth from 'fast-string-width';
import { wrapAnsi } from 'fast-wrap-ansi';
import { terminalWidth } from './terminal.js';

/** A cell is not made narrower than this: one word to a line is hard to read. */
const NARROWEST = 12;
/** The first column names the row: it is not broken up to this width. */
const NARROWEST_KEY = 36;

type Row = readonly string[];

/**
 * A small table, without colours of its own: verdicts bring theirs. Where it does not fit, its cells wrap; where
 * that would make them too narrow, it becomes several tables that repeat the first column.
 *
 * @param width - columns of the terminal
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  width = terminalWidth(),
): string {
  const cells = rows.map((row) => row.map(String));
  return parts(head, [...cells], width)
    .map((part) => drawn(head, cells, part.columns, part.widths))
    .join('\n');
}

interface Part {
  readonly columns: readonly number[];
  readonly widths: readonly number[];
}

/** The columns of each table, with their widths. */
function parts(head: Row, rows: readonly Row[], width: number): Part[] {
  const natural = head.map((name, at) =>
    Math.max(...[name, ...rows.map((row) => row[at] ?? '')].map(widest)),
  );
  const least = natural.map((own, at) => Math.min(own, at === 0 ? NARROWEST_KEY : NARROWEST));
  const groups: number[][] = [];
  for (let at = 1; at < head.length; at++) {
    const last = groups.at(-1);
    if (last && total([0, ...last, at].map((k) => least[k] as number)) <= width) last.push(at);
    else groups.push([at]);
  }
  return (groups.length === 0 ? [[]] : groups).map((group) => {
    const columns = [0, ...group];
    const of = (widths: readonly number[]) => columns.map((k) => widths[k] as number);
    return { columns, widths: fitted(of(natural), of(least), width) };
  });
}

/** Width of a table: each cell has a space on both sides and a line before it; the last has one after it. */
function total(widths: readonly number[]): number {
  return widths.reduce((sum, own) => sum + own + 3, 1);
}

/** The widest columns give way first, none below its least width as long as another is above it. */
function fitted(natural: readonly number[], least: readonly number[], width: number): number[] {
  const widths = [...natural];
  for (const bounds of [least, widths.map(() => 1)]) {
    while (total(widths) > width) {
      const room = widths.map((own, at) => (own > (bounds[at] as number) ? own : 0));
      const most = Math.max(...room);
      if (most === 0) break;
      widths[room.indexOf(most)] = most - 1;
    }
  }
  return widths;
}

function drawn(
  head: Row,
  rows: readonly Row[],
  columns: readonly number[],
  widths: readonly number[],
): string {
  const pick = (row: Row) =>
    columns.map((k, at) => wrapAnsi(row[k] ?? '', widths[at] as number, { hard: true, trim: false }));
  const made = new Table({ head: pick(head), style: { head: [], border: [], compact: true } });
  for (const row of rows) made.push(pick(row));
  return made.toString();
}

function widest(text: string): number {
  return Math.max(...text.split('\n').map((line) => stringWidth(line)));
}
