/**
 * What all formats of a report share: names, the overall verdict, times, the matrix.
 *
 * @module
 */

import type {
  ConformanceLevel,
  LevelVerdict,
  PropertyReport,
  Report,
  Verdict,
} from '../../../properties/index.js';
import { type Budget, isOnlyStopped, LARGE, LARGE_COLUMNS } from '../../../properties/index.js';
import type { Stage } from '../../../spec/index.js';
import { STAGES } from '../../../spec/index.js';

/** Characters of a message that are shown on one line. */
const LONGEST_LINE = 200;

/** One stage of one backend. */
export interface MatrixCell {
  /** Undefined if no property of the stage was asked for. */
  readonly verdict?: Verdict;
  /** How many of the stage's properties have this verdict, such as `3 of 12`. */
  readonly share: string;
  /** Numbers of the reasons below the matrix, from 1. */
  readonly notes: readonly number[];
}

/** Stages by backends and engines. */
export interface Matrix {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly stage: Stage; readonly cells: readonly MatrixCell[] }[];
  /** Why something did not pass, each reason once. */
  readonly reasons: readonly string[];
}

/** The backend, and its engine if it has several. */
export function nameOf({ backend, engine }: Pick<Report, 'backend' | 'engine'>): string {
  return engine === null ? backend : `${backend}/${engine}`;
}

/** What ran and what was asked for, such as `150 cases of 3 properties (50 cases per property were asked for)`. */
export function runsText(report: Pick<Report, 'runs' | 'budget' | 'properties'>): string {
  const { ran, cases, asked } = countsOf(report);
  return `${cases} of ${counted(ran, 'property', 'properties')} (${asked})`;
}

/** How many properties and cases ran, and how many cases were asked for. */
function countsOf({ runs, budget, properties }: Pick<Report, 'runs' | 'budget' | 'properties'>) {
  const ran = properties.filter((property) => property.cases > 0);
  const cases = ran.reduce((sum, property) => sum + property.cases, 0);
  const asked = `${runs} cases per property were asked for${budget === undefined ? '' : `; ${budgetText(budget)}`}`;
  return { ran: ran.length, cases: counted(cases, 'case', 'cases'), asked };
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** What an engine got of the cases, in words. */
export function budgetText({ cases, large }: Budget): string {
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  return `slow per call, so it got ${percent(cases)} of the cases, and ${percent(large)} of those of more than ${LARGE} samples or ${LARGE_COLUMNS} class columns`;
}

/** Whether no property of a report could run on this machine. */
export function isUnavailable({ properties }: Report): boolean {
  return properties.length > 0 && properties.every(({ verdict }) => verdict === 'unavailable');
}

/** Whether everything that could run here passed, and something could. */
export function allPassed(reports: readonly Report[]): boolean {
  return (
    reports.some((report) => !isUnavailable(report)) &&
    reports.every((report) => report.passed || isUnavailable(report))
  );
}

/** The verdict on a whole run: `stopped` is one that was ended before anything had failed. */
export type WholeVerdict = 'passed' | 'failed' | 'stopped' | 'unavailable';

/** The overall verdict of a backend. */
export function wholeVerdict(report: Report): WholeVerdict {
  if (isUnavailable(report)) return 'unavailable';
  if (isOnlyStopped(report)) return 'stopped';
  return report.passed ? 'passed' : 'failed';
}

/** The verdict on several backends: that of those which could run here. */
export function jointVerdict(reports: readonly Report[]): WholeVerdict {
  if (allPassed(reports)) return 'passed';
  const verdicts = reports.map(wholeVerdict);
  if (verdicts.includes('failed')) return 'failed';
  return verdicts.includes('stopped') ? 'stopped' : 'unavailable';
}

/** The verdict in the last line of a run: only `passed` is written small where it follows many lines. */
export function verdictWord(report: Report): string {
  const verdict = wholeVerdict(report);
  return verdict === 'passed' ? verdict : verdict.toUpperCase();
}

/** What was asked of a backend whose run is over, and how many of its properties failed if it failed. */
export function outcomeText(report: Report): string {
  if (wholeVerdict(report) !== 'failed') return runsText(report);
  const { properties } = report;
  const isFailed = ({ verdict }: PropertyReport) => verdict === 'failed' || verdict === 'unexpected-pass';
  const failed = properties.filter(isFailed).length;
  const judged = properties.filter((property) => property.cases > 0 || isFailed(property)).length;
  const silent = properties.filter(
    (property) => property.required && property.cases === 0 && !isFailed(property),
  );
  const { cases, asked } = countsOf(report);
  return [
    `${failed === 0 ? 'none' : failed} of ${counted(judged, 'property', 'properties')} failed${failed + silent.length === 0 ? ', but see the lines above' : ''}`,
    ...(silent.length > 0
      ? [`${counted(silent.length, 'required property', 'required properties')} ran no case`]
      : []),
    `${cases} (${asked})`,
  ].join('; ');
}

/** The levels of conformance that a report reached. */
export function reachedLevels({ levels }: Report): ConformanceLevel[] {
  return levels.filter(({ verdict }) => verdict === 'reached').map(({ level }) => level);
}

/** One level of conformance in words. */
export interface LevelText {
  readonly level: ConformanceLevel;
  readonly verdict: LevelVerdict;
  /** Such as `not reached: missing in supports.levels: instance`. */
  readonly text: string;
}

/** What is missing for a level: so many entries are told, further ones are counted. */
const MOST_MISSING = 6;

/** The levels of conformance in words; none if no level was judged as a whole. */
export function levelTexts({ levels }: Report): LevelText[] {
  if (levels.every(({ verdict }) => verdict === 'not-judged')) return [];
  return levels.map(({ level, verdict, missing }) => {
    const more = missing.length - MOST_MISSING;
    const why = `${missing.slice(0, MOST_MISSING).map(lackText).join('; ')}${more > 0 ? ` and ${more} more` : ''}`;
    return { level, verdict, text: `${verdict.replace('-', ' ')}${why === '' ? '' : `: ${why}`}` };
  });
}

/** What is missing, in words: `supports.levels: instance` alone reads as what the backend supports. */
function lackText(lack: string): string {
  return lack.startsWith('supports.') ? `missing in ${lack}` : lack;
}

/** The id of a property as reports print it: one that need not run is recommended, unless it was skipped. */
export function idText({ id, required, verdict }: PropertyReport): string {
  return required || verdict === 'skipped' || verdict === 'unavailable' ? id : `${id} (recommended)`;
}

/** Properties with a counterexample or a reason to fail, in the order of the stages. */
export function troubles({ properties }: Report): PropertyReport[] {
  return properties.filter(
    ({ verdict, required, cases, reason }) =>
      verdict === 'failed' ||
      verdict === 'known' ||
      verdict === 'unexpected-pass' ||
      (verdict !== 'unavailable' && required && cases === 0 && reason !== undefined),
  );
}

/** The outcome of a pair on one line. */
export function pairLine(report: Report): string {
  if (isUnavailable(report)) return `${nameOf(report)}: unavailable: ${report.properties[0]?.reason ?? ''}`;
  const { properties, milliseconds } = report;
  const ran = properties.filter(({ cases }) => cases > 0);
  const passed = ran.filter(({ verdict }) => verdict === 'passed');
  const cases = properties.reduce((sum, property) => sum + property.cases, 0);
  const counts = `${passed.length} of ${ran.length} properties passed, ${cases} cases`;
  return `${nameOf(report)} ${verdictWord(report)}: ${counts}, ${timeText(milliseconds)}`;
}

/** The outcome of a property that does not hold, on one line. */
export function propertyLine({ id, verdict, cases, reason = '', counterexample }: PropertyReport): string {
  const [first = ''] = (counterexample?.message ?? reason).split('\n');
  const after = cases > 0 ? ` after ${cases} case${cases === 1 ? '' : 's'}` : '';
  return `${id} ${verdict}${after}: ${first.length > LONGEST_LINE ? `${first.slice(0, LONGEST_LINE)}…` : first}`;
}

/** A duration for people, such as `1 min 5 s`. */
export function timeText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Versions on one line. */
export function versionsText(versions: Report['versions']): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}

/** The matrix of some reports. */
export function matrixOf(reports: readonly Report[]): Matrix {
  const reasons: string[] = [];
  const note = (reason: string) => {
    if (!reasons.includes(reason)) reasons.push(reason);
    return reasons.indexOf(reason) + 1;
  };
  const rows = STAGES.map((stage) => ({ stage, cells: reports.map((report) => cell(report, stage, note)) }));
  return { columns: reports.map(nameOf), rows, reasons };
}

function cell(report: Report, stage: Stage, note: (reason: string) => number): MatrixCell {
  const own = report.properties.filter((property) => property.stage === stage);
  if (own.length === 0) return { share: 'not asked', notes: [] };
  const failed = own.filter(({ verdict }) => verdict === 'failed' || verdict === 'unexpected-pass');
  if (failed.length > 0) return { verdict: 'failed', share: `${failed.length} of ${own.length}`, notes: [] };
  const excused = own.filter(({ verdict }) => verdict !== 'passed');
  const notes = new Set(
    excused.map(({ verdict, reason }) => note(`${verdict}: ${reason ?? 'no reason given'}`)),
  );
  const ran = own.some(({ cases }) => cases > 0);
  if (!ran) return { verdict: excused[0]?.verdict ?? 'skipped', share: '', notes: [...notes] };
  return { verdict: 'passed', share: `${own.length - excused.length} of ${own.length}`, notes: [...notes] };
}
