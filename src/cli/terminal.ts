/**
 * The terminal that the command prints to: its width, and text that fits.
 *
 * @module
 */
import stringWidth from 'fast-string-width';
import { wrapAnsi } from 'fast-wrap-ansi';

/** Width taken where a terminal does not tell its own. */
const USUAL_WIDTH = 80;

/** Columns of the terminal at standard output; without bound where output goes to a file or another program. */
export function terminalWidth(): number {
  const { isTTY, columns } = process.stdout;
  return isTTY ? columns || USUAL_WIDTH : Number.POSITIVE_INFINITY;
}

/**
 * Text whose lines fit a width, broken at spaces where there are any. What follows a break is indented as the
 * line that was broken, and by `deeper` more.
 */
export function wrapped(text: string, width = terminalWidth(), deeper = 0): string {
  if (!Number.isFinite(width)) return text;
  return text
    .split('\n')
    .map((line) => wrappedLine(line, width, deeper))
    .join('\n');
}

function wrappedLine(line: string, width: number, deeper: number): string {
  if (stringWidth(line) <= width) return line;
  const [indent = ''] = /^ */.exec(line) ?? [];
  const room = Math.max(1, width - indent.length - deeper);
  const [first, ...others] = wrapAnsi(line.slice(indent.length), room, { hard: true }).split('\n');
  return [`${indent}${first}`, ...others.map((part) => `${indent}${' '.repeat(deeper)}${part}`)].join('\n');
}
