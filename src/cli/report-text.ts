/**
 * Reports as text: the conformance matrix, the list of verdicts, and counterexamples as small tables.
 *
 * @module
 */
import { stripVTControlCharacters, styleText } from 'node:util';
import type { Counterexample, PropertyReport, Report, Verdict } from '../../properties/index.js';
import type { Anchor } from '../../spec/index.js';
import { batchTitle } from '../verify/report/batch-title.js';
import { type CounterexampleNote, failureNotes } from '../verify/report/counterexample-notes.js';
import { hasValues, headline, jsonText, markedLines } from '../verify/report/difference.js';
import { minedRows } from '../verify/report/mined-rows.js';
import {
  budgetText,
  idText,
  isUnavailable,
  levelTexts,
  matrixOf,
  nameOf,
  outcomeText,
  reachedLevels,
  timeText,
  troubles,
  versionsText,
  type WholeVerdict,
  wholeVerdict,
} from '../verify/report/outcome.js';
import { playgroundLink } from '../verify/report/playground-link.js';
import { adviceOn } from '../verify/report/start-with.js';
import { areAnchors } from '../verify/report/strips.js';
import { batchTable } from './batch-table.js';
import { LOADING, type PrintedOutput } from './judging/printed-output.js';
import { table } from './table.js';
import { terminalWidth, wrapped } from './terminal.js';

const COLOURS: Record<Verdict | WholeVerdict, Parameters<typeof styleText>[0]> = {
  passed: 'green',
  failed: 'red',
  skipped: 'dim',
  unavailable: 'yellow',
  known: 'yellow',
  'unexpected-pass': 'red',
  stopped: 'yellow',
};

/** Lines of an expected or given value that are shown; further ones are counted. */
const MOST_LINES = 12;
/** A document longer than this, in characters, is not printed. */
const LONGEST_DOCUMENT = 4000;

/** Lines of a backend's output that are shown, the last ones; earlier ones are counted. */
const MOST_PRINTED = 20;

/** What the backends printed while they were judged. */
export interface Printed {
  readonly printed?: Pick<PrintedOutput, 'of'>;
  /** Whether it is shown where nothing failed, too. */
  readonly verbose?: boolean;
}

/** The times of several backends add up to more than the run took. */
const TIMES_OVERLAP = 'backends are judged at the same time, so their times overlap';

/** Stages by backends and engines; below, the reasons of all that did not pass. */
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
  const levels = reports.some((report) => reachedLevels(report).length > 0)
    ? [['levels', ...reports.map((report) => reachedLevels(report).join(' '))]]
    : [];
  const adapters = reports.some(({ adapter }) => adapter !== null)
    ? [['adapter', ...reports.map(({ adapter }) => adapter ?? '')]]
    : [];
  const ran = reports.filter((report) => !isUnavailable(report)).length;
  const seeds = new Set(
    reports
      .filter((r) => r.runs > 0)
      .map(({ runs, seed }) => `${runs} cases per property were asked for, seed ${seed}`),
  );
  return [
    table(['stage', ...columns], [...cells, ...levels, times, ...adapters]),
    ...[
      ...reasons.map((reason, at) => `[${at + 1}] ${reason}`),
      ...seeds,
      ...(ran > 1 ? [TIMES_OVERLAP] : []),
      ...budgetTexts(reports),
      ...staleText(reports[0]),
      ...reports.flatMap(problemsText),
      ...reports.flatMap((report) => adviceOn(report).map((line) => `${nameOf(report)}: ${line}`)),
      ...(reports[0] ? [versionsText(reports[0].versions)] : []),
    ].map((line) => wrapped(line, terminalWidth(), 4)),
  ].join('\n');
}

/** Which engines got fewer cases, one line per budget. */
function budgetTexts(reports: readonly Report[]): string[] {
  const texts = reports.flatMap(({ engine, budget }) =>
    budget === undefined ? [] : [`${engine}: ${budgetText(budget)}`],
  );
  return [...new Set(texts)];
}

/** Every verdict of one backend but `skipped`, with `verbose` these too, and its counterexamples. */
export function reportText(report: Report, printed: Printed = {}): string {
  // what was skipped is told below with its reasons, and would be most rows of a backend that has one operation
  const listed = report.properties.filter(({ verdict }) => printed.verbose || verdict !== 'skipped');
  const rows = listed.map((property) => {
    const { stage, verdict, cases, milliseconds, source } = property;
    return [idText(property), coloured(verdict), cases, milliseconds, stage, source];
  });
  const times = report.stages
    .filter(({ properties }) => properties > 0)
    .map(({ stage, milliseconds }) => `${stage} ${timeText(milliseconds)}`);
  const verdict = styleText(COLOURS[wholeVerdict(report)], wholeVerdict(report).toUpperCase());
  const wrap = (line: string) => wrapped(line, terminalWidth(), 2);
  return [
    rows.length === 0 ? '' : table(['property', 'verdict', 'cases', 'ms', 'stage', 'source'], rows),
    ...reasonsText(report).map(wrap),
    counterexampleText(report, printed),
    ...[
      `time: ${times.join(', ')}; ${timeText(report.milliseconds)} in all`,
      ...(printed.verbose ? timingText(report) : []),
      ...(report.adapter === null ? [] : [`adapter: ${report.adapter}`]),
      `versions: ${versionsText(report.versions)}`,
      ...levelsText(report),
      ...staleText(report),
      ...problemsText(report),
      ...adviceOn(report),
      `${nameOf(report)} ${verdict}: ${outcomeText(report)}, seed ${report.seed}`,
    ].map(wrap),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** What failed, why, and how to see it again; with `verbose` what the others printed. Empty if there is nothing. */
export function counterexampleText(report: Report, printed: Printed = {}): string {
  const failed = troubles(report);
  const loading = printed.verbose ? printedText(report, LOADING, printed) : [];
  const others = printed.verbose ? report.properties.filter((property) => !failed.includes(property)) : [];
  return [
    ...(loading.length === 0 ? [] : [`\n${nameOf(report)}: while it was loaded`, ...loading]),
    ...failed.map((property) => failureText(report, property, printed)),
    ...others.flatMap(({ id }) => {
      const lines = printedText(report, id, printed);
      return lines.length === 0 ? [] : [`\n${nameOf(report)}: ${id}`, ...lines];
    }),
  ].join('\n');
}

/** One property that does not hold. */
export function failureText(report: Report, property: PropertyReport, printed: Printed = {}): string {
  const { id, claim, source, reason, link, counterexample, replay, verdict } = property;
  const head = `${coloured(verdict)} ${nameOf(report)}: ${id} (${source})\n  claim: ${claim}`;
  const known = verdict === 'failed' ? '' : `\n  known: ${reason}${link ? ` (${link})` : ''}`;
  const shown = counterexample
    ? `\n${smallestCase(counterexample, failureNotes(report, property))}`
    : known === ''
      ? `\n  ${reason ?? ''}`
      : '';
  const text = [`${head}${known}${shown}`, ...printedText(report, id, printed)].join('\n');
  // commands stay in one piece, to be copied
  return `\n${text.split('\n').map(fitting).join('\n')}${counterexample ? playgroundText(counterexample) : ''}\n  replay: ${replay}`;
}

/** How to open the case in the playground. */
function playgroundText(counterexample: Counterexample): string {
  const found = playgroundLink(counterexample);
  if ('refused' in found) return `\n${fitting(`  playground: cannot draw this batch: ${found.refused}`)}`;
  const text = 'link' in found ? found.link : found.command;
  return `\n  playground: ${text.length > LONGEST_DOCUMENT ? 'long; --report FILE.html holds it' : text}`;
}

/** Lines of tables fit already, and would be torn apart. */
function fitting(line: string): string {
  return /^\s*[│┌├└]/.test(stripVTControlCharacters(line)) ? line : wrapped(line, terminalWidth(), 2);
}

/** What the backend printed while a property ran. */
function printedText({ backend, engine }: Report, id: string, { printed }: Printed): string[] {
  const text = printed?.of({ backend, engine }, id);
  if (text === undefined) return [];
  const lines = text.trimEnd().split('\n');
  const more = lines.length - MOST_PRINTED;
  const shown = lines.slice(-MOST_PRINTED).map((line) => `    ${line}`);
  return ['  the backend printed:', ...(more > 0 ? [`    … ${more} more lines before`] : []), ...shown];
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

function smallestCase(counterexample: Counterexample, notes: readonly CounterexampleNote[]): string {
  const { document, expected, got } = counterexample;
  const { what, how } = batchTitle(counterexample);
  const values = !hasValues(counterexample)
    ? []
    : areAnchors(expected) && areAnchors(got)
      ? minedText(expected, got)
      : [valueText('expected', expected, got), valueText('got', got, expected)];
  return [
    ...notes.map(({ word, text }) => `  ${word}: ${text}`),
    `  ${headline(counterexample)}`,
    ...values,
    `  ${what} (${how}):`,
    indent(batchTable(document, terminalWidth() - 2)),
    `  options: ${spaced(document.options ?? {})}`,
    `  as a document: ${jsonText(document).length > LONGEST_DOCUMENT ? 'long; --report FILE.json holds it' : spaced(document)}`,
  ].join('\n');
}

/** Rows of mined samples that are shown: with the head and what is left out, 20 lines at most. */
const MOST_MINED = 16;

/** Two lists of mined samples side by side; an arrow marks the first difference. */
function minedText(expected: readonly Anchor[], got: readonly Anchor[]): string[] {
  const { rows, before, after } = minedRows(expected, got, MOST_MINED);
  const cells = [
    ['', 'anchor', 'expected', 'got'],
    ...rows.map((row) => [row.isFirst ? '→' : row.differs ? '≠' : '', row.anchor, row.expected, row.got]),
  ];
  const widths = [
    1,
    ...[1, 2].map((column) => Math.max(...cells.map((row) => (row[column] as string).length))),
  ];
  const lines = cells.map((row) => {
    const padded = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
    return `  ${row[0] === '' ? padded : styleText('yellow', padded)}`.trimEnd();
  });
  const [head, ...body] = lines as [string, ...string[]];
  const left = (count: number, where: string) => (count > 0 ? [`     … ${count} more anchors ${where}`] : []);
  return [head, ...left(before, 'before, which are the same'), ...body, ...left(after, 'after')];
}

function valueText(name: string, value: unknown, other: unknown): string {
  const { lines, more } = markedLines(value, other, MOST_LINES);
  const rest = more > 0 ? [`… and ${more} more lines`] : [];
  const [first, ...others] = [...lines.map(({ text }) => text), ...rest];
  return [`  ${`${name}:`.padEnd(10)}${first}`, ...others.map((line) => `${' '.repeat(12)}${line}`)].join(
    '\n',
  );
}

/** JSON that can be broken at its spaces and is still the same JSON. */
function spaced(value: object): string {
  const text = jsonText(value);
  return Number.isFinite(terminalWidth()) ? text.replaceAll(/,(?=["[{\d-]|null|true|false)/g, ', ') : text;
}

/** The levels of conformance, one line per level. */
function levelsText(report: Report): string[] {
  return levelTexts(report).map(({ level, verdict, text }) => {
    return `level ${level} ${verdict === 'reached' ? styleText('green', text) : text}`;
  });
}

/** Where the time went. */
function timingText({ timing }: Report): string[] {
  if (timing === undefined) return [];
  const { starting, processes, drawing, specification, backend } = timing;
  // a backend of this package may have been judged by processes that judged another before
  const what =
    processes === 0 ? 'making the backend' : `starting ${processes} process${processes === 1 ? '' : 'es'}`;
  const parts = [
    `${what} ${timeText(starting)}`,
    `drawing cases ${timeText(drawing)}`,
    `the specification ${timeText(specification)}`,
    `the backend ${timeText(backend)}`,
  ];
  return [`where it went, over all processes: ${parts.join(', ')}`];
}

function staleText(report: Report | undefined): string[] {
  if (report === undefined || report.stale.length === 0) return [];
  return [`stale known failures (no property has this id): ${report.stale.join(', ')}`];
}

/** What went wrong outside the properties. */
export function problemsText(report: Report): string[] {
  return report.problems.map((problem) => {
    const word =
      problem === report.stopped ? styleText(COLOURS.stopped, 'ended early') : styleText('red', 'problem');
    return `${word} ${nameOf(report)}: ${problem}`;
  });
}

function coloured(verdict: Verdict): string {
  return styleText(COLOURS[verdict], verdict);
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
