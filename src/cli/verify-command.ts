/**
 * `crl verify`: runs the property suite and says what became of it, on the terminal and in files.
 *
 * @module
 */
import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { commandName } from '../../backends/command/index.js';
import {
  type ConformanceLevel,
  planSuite,
  properties,
  type Report,
  type SuitePlan,
} from '../../properties/index.js';
import type { Stage } from '../../spec/choices.js';
import { isInputError, unknownName } from '../../spec/rules.js';
import { checkWritable } from '../verify/report/files.js';
import { checkReportFiles, reportJson, writeReportFiles } from '../verify/report/index.js';
import { allPassed, isUnavailable } from '../verify/report/outcome.js';
import type { VerifyChoices } from '../verify/verify-choices.js';
import { filesOfBackend } from './backend-files.js';
import { CouldNotRunError, existingBackend, OWN_BACKENDS } from './backends.js';
import { Certification, checkCertificate } from './certificate-command.js';
import { coverageText } from './coverage-text.js';
import { JudgedFiles } from './judged-files.js';
import { PrintedOutput } from './judging/printed-output.js';
import { readKnownFailures } from './known-file.js';
import { checkNamedFiles, namedFile } from './named-files.js';
import { printProperties } from './properties-command.js';
import { replayText } from './replay-text.js';
import { conformanceMatrix, counterexampleText, type Printed, reportText } from './report-text.js';
import { SoakRun } from './soak-command.js';
import { stoppable } from './stop-signals.js';
import { type Target, targetsOf } from './targets.js';
import { Verification } from './verification.js';
import { watchCommand } from './watch-command.js';

/** The options of `crl verify`, parsed. */
export interface VerifyCommandOptions {
  readonly backend?: string;
  /** A command that starts a backend in a process of its own. */
  readonly command?: string;
  readonly engine?: string;
  readonly property?: readonly string[];
  readonly stage?: readonly Stage[];
  readonly level?: ConformanceLevel;
  readonly runs?: number;
  readonly seed?: number;
  readonly replay?: string;
  readonly soak?: number;
  readonly soakFile?: string;
  readonly known?: string;
  readonly report?: readonly string[];
  /** Lists the properties that would run, and runs none. */
  readonly list?: boolean;
  /** Where the certificate goes. */
  readonly certificate?: string;
  /** The certificate to check; most other options do not go with it. */
  readonly check?: string;
  readonly timeout?: number;
  /** Processes at once. */
  readonly jobs?: number;
  /** The most memory that a process may take, in MiB. */
  readonly memory?: number;
  readonly failFast?: boolean;
  /** Judges again whenever the backend's files change. */
  readonly watch?: boolean;
  readonly json?: boolean;
  /** Prints how many cases met each condition. */
  readonly coverage?: boolean;
  /** Shows what the backends print, also where nothing failed. */
  readonly verbose?: boolean;
}

/** Where a soak is kept if nothing else is said. */
const SOAK_FILE = 'soak.json';

/**
 * Verifies one backend, or all that come with this package.
 *
 * @returns the exit code: 0 passed, 1 failed
 * @throws CouldNotRunError - if what was asked for cannot run here (exit code 2)
 */
export async function verifyCommand(options: VerifyCommandOptions): Promise<number> {
  refuseEmpty(options);
  if (options.soakFile !== undefined && options.soak === undefined)
    throw new CouldNotRunError('--soak-file: expected --soak MINUTES with it, got none');
  if (!options.list) checkTemporaryFolder();
  if (options.check !== undefined) return checkCertificate(options.check, options);
  const { command } = options;
  const targets = targetsOf(command === undefined ? options : { backend: commandName(command) });
  for (const { backend } of targets) existingBackend(backend);
  const choices = choicesOf(options);
  const ids = properties.map(({ id }) => id);
  for (const id of options.property ?? [])
    if (!ids.includes(id)) unknownName('--property', 'the id of a property', ids, id);
  const plan = planOf(choices);
  if (options.list) {
    printProperties(plan.properties, options);
    return 0;
  }
  const {
    report: files = [],
    certificate,
    json = false,
    soak: minutes,
    replay,
    verbose = false,
    coverage = false,
    jobs,
    memory,
    failFast,
  } = options;
  checkReportFiles(files);
  checkNamedFiles([
    ...targets
      .flatMap(({ backend }) => filesOfBackend(backend))
      .flatMap((file) => namedFile('the backend', file)),
    ...namedFile('--known', options.known),
    ...files.flatMap((file) => namedFile('--report', file, true)),
    ...namedFile('--certificate', certificate, true),
    ...(minutes === undefined ? [] : namedFile('--soak-file', options.soakFile ?? SOAK_FILE, true)),
  ]);
  const certification =
    certificate === undefined ? undefined : new Certification(certificate, targets, choices);
  const tellOf = (printed: PrintedOutput) => (reports: readonly Report[]) => {
    process.exitCode = allPassed(reports) ? 0 : 1; // it holds also where nobody reads standard output to its end
    if (json) process.stdout.write(reportJson(reports));
    else if (!reports.every(isUnavailable))
      print(terminalText(reports, { replay, coverage, printed, verbose }));
    writeReportFiles(files, reports); // last: a file that cannot be written must not lose the verdict
  };
  if (minutes !== undefined) return soaked(targets, { ...options, minutes }, tellOf(new PrintedOutput()));
  const how = { jobs, memory, failFast };
  if (options.watch) {
    const { seed } = plan; // each run is given the same cases
    return watchCommand({
      file: watchedFile(options),
      start: (first) =>
        new Verification(targets, replay === undefined ? { ...choices, seed } : choices, { ...how, first }),
      tell: ({ printed }, reports) => tellOf(printed)(reports),
    });
  }
  const judged = new JudgedFiles(targets);
  const verification = new Verification(targets, choices, how);
  const tell = tellOf(verification.printed);
  const ran = await stoppable(
    () => verification.run(),
    (signal) => {
      certification?.leaveOut(`the run was stopped by ${signal}`);
      tell(judged.checked(verification.stopped(signal)));
    },
  );
  const reports = judged.checked(ran);
  try {
    return concluded(reports, tell);
  } finally {
    if (reports === ran) certification?.write(reports);
    else certification?.leaveOut('what was judged changed during the run');
  }
}

/** What an empty text is refused for: the shell may have made it of a variable that is not set. */
function refuseEmpty({ backend, command, engine, known, check, replay }: VerifyCommandOptions): void {
  for (const [option, value] of Object.entries({ backend, command, engine, known, check, replay }))
    if (value?.trim() === '') throw new CouldNotRunError(`--${option}: expected a value, got an empty text`);
}

/** The processes of a run keep files there. */
function checkTemporaryFolder(): void {
  if (statSync(tmpdir(), { throwIfNoEntry: false })?.isDirectory()) return;
  throw new CouldNotRunError(
    `the folder for temporary files: expected a folder that exists, got ${tmpdir()}; the variable TMPDIR (on Windows TEMP) names it`,
  );
}

/** The option of each choice, where the suite names the choice. */
const OPTIONS: Readonly<Record<string, string>> = {
  'only and stages': '--property and --stage',
  'only, stages and level': '--property, --stage and --level',
  runs: '--runs',
  seed: '--seed',
  replay: '--replay',
};

/** @throws CouldNotRunError - naming the options that do not go together */
function planOf(choices: VerifyChoices): SuitePlan {
  try {
    return planSuite(choices);
  } catch (error) {
    const option = isInputError(error) ? OPTIONS[error.where] : undefined;
    if (!isInputError(error) || option === undefined) throw error;
    throw new CouldNotRunError(`${option}: expected ${error.expected}, got ${error.got}`, { cause: error });
  }
}

/** @throws CouldNotRunError - if the backend is not a file */
function watchedFile({ backend }: VerifyCommandOptions): string {
  if (backend !== undefined && !Object.hasOwn(OWN_BACKENDS, backend)) return existingBackend(backend);
  throw new CouldNotRunError(
    `--watch: expected --backend FILE, the file to watch, got ${backend === undefined ? 'no backend' : `backend ${backend}`}`,
  );
}

async function soaked(
  targets: readonly Target[],
  {
    minutes,
    soakFile: file = SOAK_FILE,
    seed,
    timeout,
    jobs,
    memory,
  }: VerifyCommandOptions & { minutes: number },
  tell: (reports: readonly Report[]) => void,
): Promise<number> {
  checkWritable(file, '--soak-file');
  const judged = new JudgedFiles(targets);
  const soak = new SoakRun(targets, { minutes, file, seed, timeout, jobs, memory });
  let reports: readonly Report[];
  try {
    reports = await stoppable(
      () => soak.run(),
      (signal) => tell(judged.checked(soak.stopped(signal))),
    );
  } catch (error) {
    const found = soak.found(); // as where its file cannot be written any more
    if (found.length > 0) tell(judged.checked(found));
    throw error;
  }
  return concluded(judged.checked(reports), tell);
}

/** Tells the reports. @throws CouldNotRunError - if nothing could run here */
function concluded(reports: readonly Report[], tell: (reports: readonly Report[]) => void): number {
  tell(reports);
  const absent = reports.find(isUnavailable);
  if (absent && reports.every(isUnavailable))
    throw new CouldNotRunError(absent.properties[0]?.reason ?? 'nothing to run');
  return allPassed(reports) ? 0 : 1;
}

function choicesOf(options: VerifyCommandOptions): VerifyChoices {
  const { property, stage, level, runs, seed, replay, known, timeout } = options;
  return {
    ...(property === undefined ? {} : { only: property }),
    ...(stage === undefined ? {} : { stages: stage }),
    ...(level === undefined ? {} : { level }),
    ...(runs === undefined ? {} : { runs }),
    ...(seed === undefined ? {} : { seed }),
    ...(replay === undefined ? {} : { replay }),
    ...(known === undefined ? {} : { known: readKnownFailures(known) }),
    ...(timeout === undefined ? {} : { timeout }),
  };
}

interface Telling extends Printed {
  readonly replay: string | undefined;
  readonly coverage: boolean;
}

function terminalText(reports: readonly Report[], { replay, coverage, ...printed }: Telling): string {
  if (replay !== undefined) return reports.map((report) => replayText(report, replay)).join('\n');
  const counted = coverage ? coverageText(reports) : '';
  const [only] = reports;
  if (only !== undefined && reports.length === 1)
    return [counted, reportText(only, printed)].filter((part) => part !== '').join('\n');
  return [
    conformanceMatrix(reports),
    counted,
    ...reports.map((report) => counterexampleText(report, printed)),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function print(text: string): void {
  if (text !== '') process.stdout.write(`${text}\n`);
}
