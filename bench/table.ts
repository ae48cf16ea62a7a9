/**
 * Rows as a table for a terminal.
 *
 * @module
 */
import { table } from '../src/cli/table.js';
import type { Found } from './section.js';

/** The rows and what was left out, with counts of GPU programs where there are any. */
export function shown({ rows, adapter, leftOut = [] }: Found): string {
  const onGpu = rows.some(({ dispatches }) => dispatches !== undefined);
  const lines = rows.map(({ setting, subject, milliseconds, margin, samples, ratio, ...row }) => [
    setting,
    subject,
    milliseconds.toPrecision(3),
    `${margin.toFixed(1)} %`,
    samples,
    ratio ? `${ratio.value.toPrecision(3)} × ${ratio.to}` : '',
    ...(onGpu ? [row.dispatches ?? '', inMegabytes(row.bytes), row.readBacks ?? ''] : []),
  ]);
  const head = ['setting', 'subject', 'ms', '±', 'samples', 'ratio'];
  return [
    ...(adapter ? [`On ${adapter}`] : []),
    table([...head, ...(onGpu ? ['programs', 'MB', 'read-backs'] : [])], lines),
    ...leftOut.map(({ setting, subject, reason }) => `Left out: ${subject}, ${setting}: ${reason}`),
  ].join('\n');
}

function inMegabytes(bytes: number | undefined): string {
  return bytes === undefined ? '' : (bytes / 1e6).toPrecision(3);
}
