/**
 * `crl verify`: runs the property suite and says what became of it, on the terminal and in files.
 *
 * @module
 */
import { type PropertyReport, planSuite, type Report } from '../../properties/index.js';
import { thrownText } from '../../spec/errors.js';
import type { Stage } from '../../spec/index.js';
import { BROWSER_BACKENDS } from '../browser/page/plan.js';
import { BROWSER_ENGINE_NAMES, verifyInBrowser } from '../browser/verify-in-browser.js';
import { startProgress } from '../support/progress.js';
import { checkReportFiles, ReportFileError, reportJson, writeReportFiles } from '../verify/report/index.js';
import { allPassed, isUnavailable } from '../verify/report/outcome.js';
import { type VerifyChoices, verify } from '../verify/verify.js';
import { CouldNotRunError, findBackend } from './backends.js';
import { readKnownFailures } from './known-file.js';
import { replayText } from './replay-text.js';
import { conformanceMatrix, counterexampleText, reportText } from './report-text.js';
import { soakTargets } from './soak-command.js';
import { type Target, targetsOf, targetText } from './targets.js';

/** The options of `crl verify`, parsed. */
export interface VerifyCommandOptions {
  readonly backend?: string;
  readonly engine?: string;
  readonly property?: readonly string[];
  readonly stage?: readonly Stage[];
  readonly runs?: number;
  readonly seed?: number;
  readonly replay?: string;
  readonly soak?: number;
  readonly soakFile?: string;
  readonly known?: string;
  readonly report?: readonly string[];
  readonly timeout?: number;
  readonly json?: boolean;
}

/**
 * Verifies one backend, or all that come with this package.
 *
 * @returns the exit code: 0 passed, 1 failed
 * @throws CouldNotRunError - if what was asked for cannot run here (exit code 2)
 */
export async function verifyCommand(options: VerifyCommandOptions): Promise<number> {
  const targets = targetsOf(options);
  const choices = choicesOf(options);
  planSuite(choices); // a wrong name is refused before anything is loaded
  const { report: files = [], json = false, soak: minutes, soakFile: file = 'soak.json', replay } = options;
  refusing(() => checkReportFiles(files));
  failOnStrayErrors();
  const soak = () =>
    soakTargets(targets, { minutes: minutes ?? 0, file, seed: options.seed, timeout: options.timeout });
  const reports = await unlessEnded(minutes === undefined ? () => verifyTargets(targets, choices) : soak);
  refusing(() => writeReportFiles(files, reports));
  if (json) process.stdout.write(reportJson(reports));
  const absent = reports.find(isUnavailable);
  if (absent && reports.every(isUnavailable))
    throw new CouldNotRunError(absent.properties[0]?.reason ?? 'nothing to run');
  if (!json) print(terminalText(reports, replay));
  return allPassed(reports) ? 0 : 1;
}

/** Verifies several backends, one after the other, under one progress bar. */
export async function verifyTargets(targets: readonly Target[], choices: VerifyChoices): Promise<Report[]> {
  const { properties: asked, seed } = planSuite(choices);
  const suite = choices.replay === undefined ? { ...choices, seed } : choices;
  const bar = startProgress('Verifying', targets.length * asked.length);
  const reports: Report[] = [];
  for (const target of targets) {
    const { backend, engine } = target;
    const onProgress = ({ id, verdict }: PropertyReport) =>
      bar.advance(`${targetText(target)}: ${id}${verdict === 'failed' ? ' failed' : ''}`);
    const inBrowser = BROWSER_ENGINE_NAMES.find((name) => name === engine);
    const ofTfjs = BROWSER_BACKENDS.find((name) => name === backend);
    if (inBrowser !== undefined && ofTfjs !== undefined) {
      reports.push(await verifyInBrowser({ ...suite, backend: ofTfjs, engine: inBrowser, onProgress }));
      continue;
    }
    const module = await findBackend(backend, choices.timeout);
    const on = engine === undefined ? {} : { engine };
    reports.push(await verify(module, { ...suite, ...on, replayAs: backend, onProgress }));
  }
  const ran = reports.filter((report) => !isUnavailable(report)).length;
  bar.stop(`Verified ${ran} of ${targets.length} pairs of backend and engine, seed ${seed}`);
  return reports;
}

function choicesOf(options: VerifyCommandOptions): VerifyChoices {
  const { property, stage, runs, seed, replay, known, timeout } = options;
  return {
    ...(property === undefined ? {} : { only: property }),
    ...(stage === undefined ? {} : { stages: stage }),
    ...(runs === undefined ? {} : { runs }),
    ...(seed === undefined ? {} : { seed }),
    ...(replay === undefined ? {} : { replay }),
    ...(known === undefined ? {} : { known: readKnownFailures(known) }),
    ...(timeout === undefined ? {} : { timeout }),
  };
}

function terminalText(reports: readonly Report[], replay: string | undefined): string {
  if (replay !== undefined) return reports.map((report) => replayText(report, replay)).join('\n');
  if (reports.length === 1) return reportText(reports[0] as Report);
  return [conformanceMatrix(reports), ...reports.map(counterexampleText)]
    .filter((part) => part !== '')
    .join('\n');
}

/** A file that cannot be written means that the run could not be had, not that a backend failed. */
function refusing(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof ReportFileError)) throw error;
    throw new CouldNotRunError(error.message, { cause: error });
  }
}

/** What a backend throws where nobody waits for it ends the run: no verdict of it could be trusted. */
function failOnStrayErrors(): void {
  const end = (thrown: unknown) => {
    process.stderr.write(
      `crl: something failed outside of any call, in a timer or a promise nobody waited for: `,
    );
    process.stderr.write(`${thrownText(thrown)}\n`);
    process.exit(2);
  };
  process.once('unhandledRejection', end);
  process.once('uncaughtException', end);
}

/** Runs something, during which a backend may end the process: that must not look like having passed. */
async function unlessEnded<T>(run: () => Promise<T>): Promise<T> {
  const ended = () => {
    process.stderr.write(
      'crl: the process was ended before there was a verdict, by the backend or what it uses\n',
    );
    process.exitCode = 2;
  };
  process.once('exit', ended);
  try {
    return await run();
  } finally {
    process.off('exit', ended);
  }
}

function print(text: string): void {
  if (text !== '') process.stdout.write(`${text}\n`);
}
