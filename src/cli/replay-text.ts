/**
 * The outcome of one case that runs again.
 *
 * @module
 */
import { DEFAULT_RUNS, pathParts, type Report, readToken, replayCommand } from '../../properties/index.js';
import { nameOf } from '../verify/report/outcome.js';
import { failureText, problemsText } from './report-text.js';

/** The case of a token, run again on one backend, and the problems outside of it. */
export function replayText(report: Report, token: string): string {
  const [property] = report.properties;
  if (property === undefined) return `${nameOf(report)}: no property ran`;
  if (property.counterexample) {
    const verdict = report.passed ? 'passed' : 'FAILED';
    return [
      failureText(report, property).trimStart(),
      ...problemsText(report),
      `${nameOf(report)} ${verdict}: this one case`,
    ].join('\n');
  }
  const { id, verdict, reason, claim, source } = property;
  const head = `${nameOf(report)}: ${id} (${source})\n  claim: ${claim}`;
  if (verdict !== 'passed') return [head, `  ${verdict}: ${reason}`, ...problemsText(report)].join('\n');
  return [
    head,
    ...problemsText(report),
    '  The case does not fail now: it is mended, or it only fails after other cases.',
    `  The whole property with the same cases: ${wholeProperty(report, token)}`,
  ].join('\n');
}

/** The property with enough cases to reach the one of the token. */
function wholeProperty({ backend, engine, level, properties }: Report, token: string): string {
  const { id, seed, path } = readToken(token);
  const runs = Math.max(DEFAULT_RUNS, pathParts(path).drawn + 1);
  // the replay command names the backend as the command line did
  const [, named] = / --backend (\S+|'.*?') /.exec(properties[0]?.replay ?? '') ?? [];
  const target = { backend: 'BACKEND', engine: engine ?? undefined, level: level ?? undefined };
  const command = replayCommand(target, id, runs, seed);
  return command.replace('BACKEND', named ?? backend);
}
