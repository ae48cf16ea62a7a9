/**
 * The coverage of a run as text: how many cases met each condition, and which two were never met together.
 *
 * @module
 */
import {
  type ConditionCoverage,
  type Coverage,
  originOf,
  type PropertyReport,
  type Report,
} from '../../properties/index.js';
import { nameOf } from '../verify/report/outcome.js';
import { table } from './table.js';
import { terminalWidth, wrapped } from './terminal.js';

/** Pairs that were never met are listed up to this many; the JSON report has them all. */
const MOST_MISSING = 40;

/** The coverage of each report that has one. */
export function coverageText(reports: readonly Report[]): string {
  return reports
    .flatMap((report) =>
      report.coverage
        ? [`\n${nameOf(report)}`, oneText(report.coverage), propertiesText(report.properties)]
        : [],
    )
    .join('\n');
}

function oneText(coverage: Coverage): string {
  const { enforced, notEnforced, cases, conditions, short, pairs } = coverage;
  const missing = pairs.missing.slice(0, MOST_MISSING).map((pair) => `  ${pair.join(' and ')}`);
  const more = pairs.missing.length - missing.length;
  const rule = enforced
    ? short.length === 0
      ? 'every condition was met by as many cases as a default run must have'
      : `too few cases met: ${short.join(', ')}`
    : `not required here: ${notEnforced}${short.length === 0 ? '' : `; too few cases met ${short.join(', ')}`}`;
  return [
    table(['condition', 'cases', 'required', 'properties', 'holds where', 'of'], conditions.map(row)),
    ...[
      `coverage of ${cases} cases: ${rule}`,
      `pairs of choices: ${pairs.met} of ${pairs.possible} were met together; ${pairs.impossible} more cannot be together${pairs.notEnforced === undefined ? '' : `; not required here: ${pairs.notEnforced}`}`,
    ].map((line) => wrapped(line, terminalWidth(), 2)),
    ...(missing.length > 0 ? ['never met together:', ...missing] : []),
    ...(more > 0 ? [`  … and ${more} more pairs, which the JSON report lists`] : []),
    'met together most rarely:',
    ...pairs.rarest.map(({ pair, cases: count }) => `  ${pair.join(' and ')}: ${count}`),
  ].join('\n');
}

/** Per property: how many conditions its cases met, and how near its numbers came to the limit of a tolerance. */
function propertiesText(properties: readonly PropertyReport[]): string {
  const rows = properties.flatMap(({ id, cases, coverage, worst }) =>
    coverage ? [[id, cases, Object.keys(coverage.conditions).length, worst?.toFixed(2) ?? '–']] : [],
  );
  return table(['property', 'cases', 'conditions', 'worst share of its tolerance'], rows);
}

function row(condition: ConditionCoverage) {
  const { id, cases, required, properties, what, excluded } = condition;
  const of = originOf(condition);
  if (excluded !== undefined) return [id, '–', '–', '–', `${what} (not met: ${excluded})`, of];
  return [id, cases, required, properties, what, of];
}
