/**
 * Reports as text: the conformance matrix, the list of verdicts, and counterexamples as small tables.
 *
 * @module
 */
import { styleText } from 'node:util';
import type { Counterexample, PropertyReport, Report, Verdict } from '../../properties/index.js';
import { hasValues, headline, jsonText, markedLines } from '../verify/report/difference.js';
import {
  isUnavailable,
  matrixOf,
  nameOf,
  timeText,
  troubles,
  versionsText,
} from '../verify/report/outcome.js';
import { batchTable } from './batch-table.js';
import { table } from './table.js';

const COLOURS: Record<Verdict, Parameters<typeof styleText>[0]> = {
  passed: 'green',
  failed: 'red',
  skipped: 'dim',
  unavailable: 'yellow',
  known: 'yellow',
  'unexpected-pass': 'red',
};

/** Lines of an expected or given value past this are counted, not shown. */
const MOST_LINES = 12;
/** A document longer than this, in characters, is not printed. */
const LONGEST_DOCUMENT = 4000;

/** Stages by backends and engines, with the reason of whatever is not a pass below. */
export function conformanceMatrix(reports: readonly Report[]): string {
  const { columns, rows, reasons } = matrixOf(reports);
  const cells = rows.map(({ stage, cells }) => [
    stage,
    ...cells.map(({ verdict, share, notes }) =>
      [verdict ? coloured(verdict) : '', share, notes.map((n) => `[${n}]`).join('')]
        .filter((part) => part !== '')
        .join(' '),
    ),
  ]);
  const times = ['time', ...reports.map((r) => (isUnavailable(r) ? '' : timeText(r.milliseconds)))];
  const adapters = reports.some(({ adapter }) => adapter !== null)
    ? [['adapter', ...reports.map(({ adapter }) => adapter ?? '')]]
    : [];
  const seeds = new Set(
    reports.filter((r) => r.runs > 0).map(({ runs, seed }) => `${runs} cases a property, seed ${seed}`),
  );
  return [
    table(['stage', ...columns], [...cells, times, ...adapters]),
    ...reasons.map((reason, at) => `[${at + 1}] ${reason}`),
    ...seeds,
    ...staleText(reports[0]),
    ...reports.flatMap(problemsText),
    ...(reports[0] ? [versionsText(reports[0].versions)] : []),
  ].join('\n');
}

/** Every verdict of one backend, and its counterexamples. */
export function reportText(report: Report): string {
  const rows = report.properties.map(({ stage, id, verdict, cases, milliseconds, source, required }) => {
    return [stage, required ? id : `${id} (not required)`, coloured(verdict), cases, milliseconds, source];
  });
  const times = report.stages
    .filter(({ properties }) => properties > 0)
    .map(({ stage, milliseconds }) => `${stage} ${timeText(milliseconds)}`);
  const verdict = report.passed ? styleText('green', 'PASSED') : styleText('red', 'FAILED');
  return [
    table(['stage', 'property', 'verdict', 'cases', 'ms', 'source'], rows),
    ...reasonsText(report),
    counterexampleText(report),
    `time: ${times.join(', ')}; ${timeText(report.milliseconds)} in all`,
    ...(report.adapter === null ? [] : [`adapter: ${report.adapter}`]),
    `versions: ${versionsText(report.versions)}`,
    ...staleText(report),
    ...problemsText(report),
    `${nameOf(report)} ${verdict}: ${report.runs} cases a property, seed ${report.seed}`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** What failed, why, and how to see it again; empty if nothing did. */
export function counterexampleText(report: Report): string {
  return troubles(report)
    .map((property) => failureText(report, property))
    .join('\n');
}

/** One property that does not hold. */
export function failureText(report: Report, property: PropertyReport): string {
  const { id, claim, source, reason, link, counterexample, replay, verdict } = property;
  const head = `${coloured(verdict)} ${nameOf(report)}: ${id} (${source})\n  claim: ${claim}`;
  const known = verdict === 'failed' ? '' : `\n  known: ${reason}${link ? ` (${link})` : ''}`;
  const shown = counterexample
    ? `\n${smallestCase(counterexample)}`
    : known === ''
      ? `\n  ${reason ?? ''}`
      : '';
  return `\n${head}${known}${shown}\n  replay: ${replay}`;
}

/** Why something was not asked, each reason once, with the properties that it holds for. */
function reasonsText({ properties }: Report): string[] {
  const groups = new Map<string, string[]>();
  for (const { id, verdict, reason, link } of properties) {
    if (reason === undefined || verdict === 'failed') continue;
    const why = `${verdict}: ${reason}${link ? ` (${link})` : ''}`;
    groups.set(why, [...(groups.get(why) ?? []), id]);
  }
  return [...groups].map(([why, ids]) => `${why}: ${ids.join(', ')}`);
}

function smallestCase(counterexample: Counterexample): string {
  const { document, shrinks, expected, got } = counterexample;
  const values = hasValues(counterexample)
    ? [valueText('expected', expected, got), valueText('got', got, expected)]
    : [];
  return [
    `  ${headline(counterexample)}`,
    ...values,
    `  smallest batch found (${shrinks} shrinks):`,
    indent(batchTable(document)),
    `  options: ${jsonText(document.options ?? {})}`,
    `  as a document: ${jsonText(document).length > LONGEST_DOCUMENT ? 'long; --report FILE.json holds it' : jsonText(document)}`,
  ].join('\n');
}

function valueText(name: string, value: unknown, other: unknown): string {
  const { lines, more } = markedLines(value, other, MOST_LINES);
  const rest = more > 0 ? [`… and ${more} more lines`] : [];
  const [first, ...others] = [...lines.map(({ text }) => text), ...rest];
  return [`  ${`${name}:`.padEnd(10)}${first}`, ...others.map((line) => `${' '.repeat(12)}${line}`)].join(
    '\n',
  );
}

function staleText(report: Report | undefined): string[] {
  if (report === undefined || report.stale.length === 0) return [];
  return [`stale known failures, no property has the id: ${report.stale.join(', ')}`];
}

/** What went wrong beside the properties. */
export function problemsText(report: Report): string[] {
  return report.problems.map((problem) => `${styleText('red', 'problem')} ${nameOf(report)}: ${problem}`);
}

function coloured(verdict: Verdict): string {
  return styleText(COLOURS[verdict], verdict);
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
