/**
 * A comparison as tables.
 *
 * @module
 */
import type { Interval } from '../support/interval.js';
import {
  COMPARED,
  type ComparedEntry,
  type ComparedMetric,
  type Comparison,
  type DivergedRun,
} from './compare.js';

/** A table in rows of text. */
export interface TextTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The metrics of all entries, and their differences from the first; a metric that no entry has is left out. */
export function comparisonTables({ entries, seeds }: Comparison): {
  metrics: TextTable;
  differences: TextTable;
} {
  const all = Object.keys(COMPARED) as ComparedMetric[];
  const present = all.filter((metric) => entries.some(({ metrics }) => metrics[metric] !== null));
  const [first, ...others] = entries;
  const named = ({ name, seeds: own }: ComparedEntry) =>
    own.length === seeds.length ? name : `${name} (${own.length} of ${seeds.length} seeds)`;
  return {
    metrics: {
      head: ['', ...present],
      rows: entries.map((entry) => [named(entry), ...present.map((m) => text(entry.metrics[m], fixed))]),
    },
    differences: {
      head: [`minus ${first?.name}`, ...present],
      rows: others.map((entry) => [
        named(entry),
        ...present.map((m) => text(entry.differences?.[m] ?? null, signed)),
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
    ...comparison.diverged.flatMap((run) => [divergedNote(run), '']),
  ].join('\n');
}

/** What the numbers are. */
export function comparisonNote({ on, seeds }: Comparison): string {
  const spread = seeds.length > 1 ? 'mean ± 95 % interval (Student’s t)' : 'one seed, which shows no spread';
  return `On the ${on} sets of ${seeds.length} seeds (${seeds.join(', ')}): ${spread}.`;
}

/** Why a run is missing. */
export function divergedNote({ name, seed, message }: DivergedRun): string {
  return `${name}, seed ${seed}: ${message}`;
}

/** A table in Markdown, the first column aligned left, the others right. */
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
  // by the digits that are shown: a difference of −0.00001 has no sign
  return `${Number(size) === 0 ? '' : x < 0 ? '−' : '+'}${size}`;
}
