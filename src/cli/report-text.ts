/**
 * Reports as text: the conformance matrix, the list of verdicts, and counterexamples as small tables.
 *
 * @module
 */
import { styleText } from 'node:util';
import {
  type Counterexample,
  type PropertyReport,
  type Report,
  STAGES,
  type Verdict,
} from '../../properties/index.js';
import type { BatchDocument, Stage } from '../../spec/index.js';
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

/** Stages by backends and engines, with the reason of whatever is not a pass below. */
export function conformanceMatrix(reports: readonly Report[]): string {
  const reasons: string[] = [];
  const footnote = (reason: string) => {
    if (!reasons.includes(reason)) reasons.push(reason);
    return `[${reasons.indexOf(reason) + 1}]`;
  };
  const rows = STAGES.map((stage) => [stage, ...reports.map((report) => cell(report, stage, footnote))]);
  const notes = reasons.map((reason, at) => `[${at + 1}] ${reason}`);
  const seeds = [
    ...new Set(
      reports.filter((r) => r.runs > 0).map(({ runs, seed }) => `${runs} cases a property, seed ${seed}`),
    ),
  ];
  return [table(['stage', ...reports.map(nameOf)], rows), ...notes, ...seeds].join('\n');
}

/** Every verdict of one backend, and its counterexamples. */
export function reportText(report: Report): string {
  const rows = report.properties.map(({ stage, id, verdict, cases, milliseconds, source, required }) => {
    return [stage, required ? id : `${id} (not required)`, coloured(verdict), cases, milliseconds, source];
  });
  const reasons = report.properties
    .filter(({ reason, verdict }) => reason !== undefined && verdict !== 'failed')
    .map(({ id, verdict, reason }) => `${id} ${verdict}: ${reason}`);
  const verdict = report.passed ? styleText('green', 'PASSED') : styleText('red', 'FAILED');
  const closing = `${nameOf(report)} ${verdict}: ${report.runs} cases a property, seed ${report.seed}`;
  return [
    table(['stage', 'property', 'verdict', 'cases', 'ms', 'source'], rows),
    ...reasons,
    counterexampleText(report),
    closing,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** What failed, why, and how to see it again; empty if nothing did. */
export function counterexampleText(report: Report): string {
  return report.properties
    .filter(({ verdict }) => verdict === 'failed' || verdict === 'known' || verdict === 'unexpected-pass')
    .map((property) => failureText(nameOf(report), property))
    .join('\n');
}

function failureText(name: string, property: PropertyReport): string {
  const { id, claim, source, reason, counterexample, replay, verdict } = property;
  const head = `${coloured(verdict)} ${name}: ${id} (${source})\n  claim: ${claim}`;
  const shown = counterexample ? smallestCase(counterexample) : `  ${reason ?? ''}`;
  return `\n${head}\n${shown}\n  replay: ${replay}`;
}

function smallestCase({ message, document, shrinks }: Counterexample): string {
  const { options } = document as BatchDocument;
  return [
    `  ${message}`,
    `  smallest batch found (${shrinks} shrinks):`,
    indent(batchTable(document)),
    `  options: ${JSON.stringify(options ?? {})}`,
    `  as a document: ${JSON.stringify(document)}`,
  ].join('\n');
}

function cell(report: Report, stage: Stage, footnote: (reason: string) => string): string {
  const own = report.properties.filter((property) => property.stage === stage);
  const failed = own.filter(({ verdict }) => verdict === 'failed' || verdict === 'unexpected-pass');
  const ran = own.reduce((sum, { cases }) => sum + cases, 0);
  if (failed.length > 0) return `${coloured('failed')} ${failed.length} of ${own.length}`;
  const excused = own.filter(({ verdict }) => verdict !== 'passed');
  const notes = [
    ...new Set(excused.map(({ verdict, reason }) => footnote(`${verdict}: ${reason ?? 'no reason given'}`))),
  ].join('');
  if (ran === 0) return `${coloured(excused[0]?.verdict ?? 'skipped')} ${notes}`;
  return `${coloured('passed')} ${own.length - excused.length} of ${own.length}${notes === '' ? '' : ` ${notes}`}`;
}

function nameOf({ backend, engine }: Report): string {
  return engine === null ? backend : `${backend}/${engine}`;
}

function coloured(verdict: Verdict): string {
  return styleText(COLOURS[verdict], verdict);
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
