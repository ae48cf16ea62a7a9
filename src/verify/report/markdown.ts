/**
 * Reports as Markdown, for a pull request or a wiki.
 *
 * @module
 */
import type { Counterexample, PropertyReport, Report } from '../../../properties/index.js';
import type { Anchor } from '../../../spec/index.js';
import { batchRows } from './batch-rows.js';
import { batchTitle } from './batch-title.js';
import { type CounterexampleNote, failureNotes } from './counterexample-notes.js';
import { COVERAGE_HEAD, coverageRows, coverageWords, worstRows } from './coverage-rows.js';
import { hasValues, headline, jsonText, markedLines } from './difference.js';
import { minedRows } from './mined-rows.js';
import {
  idText,
  jointVerdict,
  levelTexts,
  matrixOf,
  nameOf,
  runsText,
  timeText,
  troubles,
  versionsText,
  type WholeVerdict,
  wholeVerdict,
} from './outcome.js';
import { playgroundLink } from './playground-link.js';
import { adviceOn } from './start-with.js';
import { areAnchors, stripsOf } from './strips.js';
import { SYMBOLS } from './verdict-badge.js';
import { withoutPlaces } from './without-places.js';

const MOST_LINES = 40;

/** The verdict on all reports, as the title says it. */
const HEADLINES: Readonly<Record<WholeVerdict, string>> = {
  passed: 'passed',
  failed: 'not passed',
  stopped: 'stopped',
  unavailable: 'not passed',
};

/**
 * Some reports as one document in Markdown, without absolute paths.
 *
 * @example
 * ```ts
 * import { reportMarkdown, verify } from 'class-rectification/verify';
 * import { referenceBackend } from 'class-rectification/backends/reference';
 * const report = await verify(referenceBackend, { seed: 1, runs: 5, only: ['minority-agrees'] });
 * reportMarkdown([report]).startsWith('# Conformance of reference: passed'); // → true
 * ```
 */
export function reportMarkdown(given: readonly Report[]): string {
  const reports = withoutPlaces(given);
  const { columns, rows, reasons } = matrixOf(reports);
  const cells = rows.map(({ stage, cells }) => [
    stage,
    ...cells.map(({ verdict, share, notes }) =>
      [verdict ? `${SYMBOLS[verdict]} ${verdict}` : '–', share, ...notes.map((n) => `(${n})`)]
        .filter((part) => part !== '')
        .join(' '),
    ),
  ]);
  return `${[
    `# Conformance of ${plain(columns.join(', '))}: ${HEADLINES[jointVerdict(reports)]}`,
    table(['stage', ...columns], cells),
    ...reasons.map((reason, at) => `${at + 1}. ${plain(reason)}`),
    ...reports.map(section),
  ].join('\n\n')}\n`;
}

function section(report: Report): string {
  const { engine, adapter, seed, started, milliseconds, versions, stages, stale, problems } = report;
  const head = [
    ['backend', report.backend],
    ['engine', engine ?? 'none'],
    ...(adapter === null ? [] : [['adapter', adapter]]),
    ['runs', runsText(report)],
    ['seed', `${seed}`],
    ['started', started],
    ['time', timeText(milliseconds)],
    ['versions', versionsText(versions)],
    ...levelTexts(report).map(({ level, text }) => [`level ${level}`, text]),
  ];
  const times = stages
    .filter(({ properties }) => properties > 0)
    .map((s) => [s.stage, `${s.properties}`, `${s.failed}`, `${s.cases}`, timeText(s.milliseconds)]);
  return [
    `## ${plain(nameOf(report))}: ${wholeVerdict(report)}`,
    head.map(([name, value]) => `- ${name}: ${plain(value as string)}`).join('\n'),
    ...(stale.length > 0 ? [`Known failures that no property has: ${plain(stale.join(', '))}`] : []),
    ...(problems.length > 0
      ? [
          problems
            .map(
              (problem) => `- ${problem === report.stopped ? 'ended early' : 'problem'}: ${plain(problem)}`,
            )
            .join('\n'),
        ]
      : []),
    table(['stage', 'properties', 'failed', 'cases', 'time'], times),
    table(
      ['stage', 'property', 'verdict', 'cases', 'time', 'equation or ruling', 'reason'],
      report.properties.map(row),
    ),
    ...adviceOn(report).map(plain),
    ...troubles(report).map((property) => trouble(property, failureNotes(report, property))),
    ...coverageSection(report),
  ].join('\n\n');
}

/** How far the run looked, where it counted. */
function coverageSection(report: Report): string[] {
  const { coverage } = report;
  if (coverage === undefined) return [];
  const worst = worstRows(report);
  return [
    '### Coverage',
    plain(coverageWords(coverage)),
    table(COVERAGE_HEAD, coverageRows(coverage)),
    ...(worst.length === 0 ? [] : [table(['property', 'worst share of its tolerance'], worst)]),
  ];
}

function row(property: PropertyReport): string[] {
  const { stage, verdict, cases, milliseconds, source, reason, link } = property;
  const why = verdict === 'failed' ? '' : [reason, link].filter((part) => part !== undefined).join(' ');
  return [
    stage,
    idText(property),
    `${SYMBOLS[verdict]} ${verdict}`,
    `${cases}`,
    timeText(milliseconds),
    source,
    why,
  ];
}

function trouble(
  { id, verdict, claim, source, reason, counterexample, replay }: PropertyReport,
  notes: readonly CounterexampleNote[],
): string {
  return [
    `### ${id}: ${verdict}`,
    `${plain(claim)} (${plain(source)})`,
    ...(counterexample ? caseOf(counterexample, notes) : [plain(reason ?? '')]),
    fenced('sh', replay),
    ...(counterexample ? playground(counterexample) : []),
  ].join('\n\n');
}

/** How to open the case in the playground; nothing for a batch that it cannot draw. */
function playground(counterexample: Counterexample): string[] {
  const found = playgroundLink(counterexample);
  if ('refused' in found) return [];
  if ('link' in found) return [`[Open this batch in the playground](${found.link})`];
  return ['Open this batch in the playground:', fenced('sh', found.command)];
}

function caseOf(counterexample: Counterexample, notes: readonly CounterexampleNote[]): string[] {
  const { document, expected, got } = counterexample;
  const { what, how } = batchTitle(counterexample);
  const { head, rows, more } = batchRows(document);
  const side = (value: unknown, other: unknown) => {
    const { lines, more: rest } = markedLines(value, other, MOST_LINES);
    return fenced(
      '',
      [...lines.map(({ text }) => text), ...(rest > 0 ? [`… and ${rest} more lines`] : [])].join('\n'),
    );
  };
  const values = !hasValues(counterexample)
    ? []
    : areAnchors(expected) && areAnchors(got)
      ? minedTable(expected, got)
      : ['Expected:', side(expected, got), 'Got:', side(got, expected)];
  return [
    ...notes.map(({ word, text }) => `**${word}:** ${plain(text)}`),
    `**${plain(headline(counterexample))}**`,
    ...values,
    `${what[0]?.toUpperCase()}${what.slice(1)} (${how}):`,
    table(head, rows),
    ...(more > 0 ? [`… and ${more} more samples`] : []),
    ...walk('The specification mines:', () => stripsOf(document)),
    ...(areAnchors(got) && areAnchors(expected)
      ? walk('The backend mined:', () => stripsOf(document, got))
      : []),
    fenced('json', jsonText(document)),
  ];
}

/** Anchors that are shown side by side. */
const MOST_MINED = 40;

function minedTable(expected: readonly Anchor[], got: readonly Anchor[]): string[] {
  const { rows, before, after } = minedRows(expected, got, MOST_MINED);
  const cells = rows.map((row) => [
    `${row.isFirst ? '→ ' : row.differs ? '≠ ' : ''}${row.anchor}`,
    row.expected,
    row.got,
  ]);
  const left = before + after;
  return [table(['anchor', 'expected', 'got'], cells), ...(left > 0 ? [`… and ${left} more anchors`] : [])];
}

/** The role of each sample; nothing for a batch that the specification refuses. */
function walk(title: string, strips: () => ReturnType<typeof stripsOf>): string[] {
  try {
    const words = strips().flatMap((strip) => strip.words.map((line) => `- ${strip.title}: ${line}`));
    return words.length === 0 ? [] : [title, words.slice(0, MOST_LINES).join('\n')];
  } catch {
    return [];
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** Text that Markdown takes for nothing else, in one line. */
function plain(text: string): string {
  const one = text.replaceAll(/\s+/g, ' ').replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return one.replaceAll(/[\\`*_[\]|~]/g, '\\$&');
}

/** A block of code, fenced so that nothing in it ends it. */
function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
