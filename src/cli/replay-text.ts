/**
 * The outcome of one case that runs again.
 *
 * @module
 */
import {
  DEFAULT_RUNS,
  type PropertyReport,
  pathParts,
  type Report,
  readToken,
} from '../../properties/index.js';
import { nameOf, verdictWord } from '../verify/report/outcome.js';
import { failureText, problemsText } from './report-text.js';
import { terminalWidth, wrapped } from './terminal.js';

/** What the author of a file that exports an object must know of a case that passes now. */
const OF_OBJECTS =
  '  If your file exports a backend, export a factory, which makes a new one in each call, so that the suite can tell ' +
  'whether your backend keeps state.';

/** The case of a token, run again on one backend, and the problems outside of it. */
export function replayText(report: Report, token: string): string {
  const [property] = report.properties;
  if (property === undefined) return `${nameOf(report)}: no property ran`;
  if (property.counterexample) {
    return [
      failureText(report, property).trimStart(),
      ...problemsText(report),
      `${nameOf(report)} ${verdictWord(report)}: this one case`,
    ].join('\n');
  }
  const { id, verdict, reason, claim, source } = property;
  const head = `${nameOf(report)}: ${id} (${source})\n  claim: ${claim}`;
  if (verdict !== 'passed') return [head, `  ${verdict}: ${reason}`, ...problemsText(report)].join('\n');
  return [
    head,
    ...problemsText(report),
    '  The case does not fail now: it is mended, or it only fails after other cases.',
    wrapped(OF_OBJECTS, terminalWidth(), 2),
    `  The whole property with the same cases: ${wholeProperty(property, token)}`,
  ].join('\n');
}

/** The property with enough cases to reach the one of the token. */
function wholeProperty({ replay }: PropertyReport, token: string): string {
  const runs = Math.max(DEFAULT_RUNS, pathParts(readToken(token).path).drawn + 1);
  return replay.replace(/ --runs \d+/, ` --runs ${runs}`);
}
