/**
 * Rows as the cells of a table, for a terminal and for a page alike.
 *
 * @module
 */
import type { Found } from './section.js';

/** The cells of a table. */
export interface Cells {
  readonly head: readonly string[];
  readonly lines: readonly (readonly (string | number)[])[];
}

/** The rows, with counts of GPU programs where there are any. */
export function cellsOf({ rows }: Found): Cells {
  const onGpu = rows.some(({ dispatches }) => dispatches !== undefined);
  const head = ['setting', 'subject', 'ms', '±', 'samples', 'ratio'];
  return {
    head: [...head, ...(onGpu ? ['programs', 'MB', 'read-backs'] : [])],
    lines: rows.map(({ setting, subject, milliseconds, margin, samples, ratio, ...row }) => [
      setting,
      subject,
      milliseconds.toPrecision(3),
      `${margin.toFixed(1)} %`,
      samples,
      ratio ? `${ratio.value.toPrecision(3)} × ${ratio.to}` : '',
      ...(onGpu ? [row.dispatches ?? '', inMegabytes(row.bytes), row.readBacks ?? ''] : []),
    ]),
  };
}

/** What was left out, and why. */
export function notesOf({ leftOut = [] }: Found): string[] {
  return leftOut.map(({ setting, subject, reason }) => `Left out: ${subject}, ${setting}: ${reason}`);
}

function inMegabytes(bytes: number | undefined): string {
  return bytes === undefined ? '' : (bytes / 1e6).toPrecision(3);
}
