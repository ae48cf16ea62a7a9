/**
 * A comparison as tables.
 *
 * @module
 */
import type { Interval } from '../support/interval.js';
import { COMPARED, type ComparedMetric, type Comparison } from './compare.js';

/** A table in rows of text. */
export interface TextTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The metrics of all entries, and what each differs by from the first; what no entry has is left out. */
export function comparisonTables({ entries }: Comparison): { metrics: TextTable; differences: TextTable } {
  const all = Object.keys(COMPARED) as ComparedMetric[];
  const present = all.filter((metric) => entries.some(({ metrics }) => metrics[metric] !== null));
  const [first, ...others] = entries;
  return {
    metrics: {
      head: ['', ...present],
      rows: entries.map(({ name, metrics }) => [name, ...present.map((m) => text(metrics[m], fixed))]),
    },
    differences: {
      head: [`less ${first?.name}`, ...present],
      rows: others.map(({ name, differences }) => [
        name,
        ...present.map((m) => text(differences?.[m] ?? null, signed)),
      ]),
    },
  };
}

/** The comparison as Markdown. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { metrics, differences } = comparisonTables(comparison);
  return [
    '# Comparison',
    '',
    comparisonNote(comparison),
    '',
    markdown(metrics),
    '',
    'Paired differences, seed by seed:',
    '',
    markdown(differences),
    '',
  ].join('\n');
}

/** What the numbers are. */
export function comparisonNote({ on, seeds }: Comparison): string {
  const spread = seeds.length > 1 ? 'mean ± 95 % interval (Student’s t)' : 'one seed, which shows no spread';
  return `On the ${on} sets of ${seeds.length} seeds (${seeds.join(', ')}): ${spread}.`;
}

/** A table in Markdown, its first column to the left, the others to the right. */
export function markdown({ head, rows }: TextTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}

function text(value: Interval | null, show: (x: number) => string): string {
  if (value === null) return '–';
  return value.reach === null ? show(value.mean) : `${show(value.mean)} ± ${fixed(value.reach)}`;
}

function fixed(x: number): string {
  return x.toFixed(4);
}

function signed(x: number): string {
  const size = fixed(Math.abs(x));
  // by what is shown: a difference of −0.00001 is none
  return `${Number(size) === 0 ? '' : x < 0 ? '−' : '+'}${size}`;
}
