/**
 * `crl verify --certificate FILE` and `crl verify --check FILE`: what was judged in a form that others can
 * repeat, and its repetition.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { styleText } from 'node:util';
import { commandName, splitCommand } from '../../backends/command/index.js';
import type { Report } from '../../properties/index.js';
import { isInputError } from '../../spec/rules.js';
import { indentedJson } from '../support/json-text.js';
import {
  type Certificate,
  type CertificateEntry,
  type CertifiedBackend,
  type CertifiedSource,
  compareCertificates,
  makeCertificate,
  readCertificate,
  sourceOf,
} from '../verify/certificate/index.js';
import { checkWritable, writeFile } from '../verify/report/files.js';
import { isUnavailable } from '../verify/report/outcome.js';
import { withoutPlaces } from '../verify/report/without-places.js';
import type { VerifyChoices } from '../verify/verify-choices.js';
import { CouldNotRunError, existingBackend, OWN_BACKENDS } from './backends.js';
import { JudgedFiles } from './judged-files.js';
import { stoppable } from './stop-signals.js';
import { table } from './table.js';
import type { Target } from './targets.js';
import { terminalWidth, wrapped } from './terminal.js';
import { Verification } from './verification.js';

/** The certificate of a run that is about to begin. */
export class Certification {
  readonly #file: string;
  readonly #sources: readonly CertifiedSource[];
  readonly #choices: VerifyChoices;

  /**
   * Takes the digests of the backends, before they are loaded.
   *
   * @throws ReportFileError - if the file could not be written at the end
   * @throws CouldNotRunError - if there is no such backend
   */
  constructor(file: string, targets: readonly Target[], choices: VerifyChoices) {
    checkWritable(file, '--certificate');
    this.#file = file;
    this.#choices = choices;
    this.#sources = targets.map(({ backend }) => sourceOf(existingBackend(backend)));
  }

  /**
   * Writes it, unless nothing could run here.
   *
   * @throws ReportFileError - if it cannot be written
   */
  write(reports: readonly Report[]): void {
    if (reports.every(isUnavailable)) this.leaveOut('nothing could run here');
    else {
      const text = certificateText(makeCertificate(reports, this.#sources, this.#choices));
      writeFile(this.#file, text, '--certificate');
    }
  }

  /** Says that none is written, and why. */
  leaveOut(why: string): void {
    process.stderr.write(`No certificate was written to ${this.#file}: ${why}\n`);
  }
}

/** A certificate as its file holds it. */
function certificateText(certificate: Certificate): string {
  return `${indentedJson(certificate)}\n`;
}

/** How to check a certificate. */
export interface CheckOptions {
  /** Where the backend's file lies. Default: where the certificate says, from the working directory. */
  readonly backend?: string | undefined;
  /** The program that was judged: one that a file of others names is not started. */
  readonly command?: string | undefined;
  readonly timeout?: number | undefined;
  /** Processes at once. */
  readonly jobs?: number | undefined;
  /** The most memory that a process may take, in MiB. */
  readonly memory?: number | undefined;
  readonly json?: boolean | undefined;
}

/**
 * Repeats the run of a certificate, and says for each entry whether it is the same.
 *
 * @returns the exit code: 0 if all that counts is the same, 1 if not
 * @throws CertificateError - if the file is no certificate
 * @throws CouldNotRunError - if a backend of the certificate is not there, or cannot run here
 */
export async function checkCertificate(file: string, options: CheckOptions): Promise<number> {
  const certificate = readCertificate(file);
  refuseOthers(file, certificate, options);
  const targets = certificate.backends.map((backend) => targetOf(file, backend, options));
  const choices = choicesOf(certificate, options);
  const { jobs, memory } = options;
  const judged = new JudgedFiles(targets);
  const verification = startVerification(file, () => new Verification(targets, choices, { jobs, memory }));
  const ran = await stoppable(
    () => verification.run(),
    (signal) => {
      verification.stopped(signal);
    },
  );
  const reports = judged.checked(ran);
  const absent = reports.find(isUnavailable);
  if (absent && reports.every(isUnavailable))
    throw new CouldNotRunError(absent.properties[0]?.reason ?? 'nothing to run');
  const sources = certificate.backends.map(({ source }, at) => {
    return { ...sourceOf(targets[at]?.backend as string), backend: source.backend };
  });
  const entries = compareCertificates(certificate, makeCertificate(reports, sources, choices));
  const confirmed = entries.every(({ same, counts }) => same || !counts);
  if (options.json) process.stdout.write(`${indentedJson({ confirmed, entries })}\n`);
  else process.stdout.write(`${checkText(file, entries, confirmed)}\n`);
  return confirmed ? 0 : 1;
}

/**
 * Refuses a backend or a program that the certificate did not judge: the check would leave it out.
 *
 * @throws CouldNotRunError - naming the option and what was judged
 */
function refuseOthers(
  file: string,
  { backends }: Certificate,
  { backend: elsewhere, command }: CheckOptions,
): void {
  const judged = [...new Set(backends.map(({ source }) => source.backend))];
  const shown = judged.map((name) => JSON.stringify(name.replace(PROGRAM, ''))).join(', ');
  const wanted = `certificate ${file}: it judged ${shown}`;
  if (elsewhere !== undefined && !judged.some((name) => isFile(name) || name === elsewhere)) {
    throw new CouldNotRunError(
      `${wanted}, which is no file that lies elsewhere; leave out --backend ${elsewhere}, or check another certificate`,
    );
  }
  if (elsewhere !== undefined && Object.hasOwn(OWN_BACKENDS, elsewhere) && judged.some(isFile)) {
    throw new CouldNotRunError(
      `${wanted}: expected --backend with the place of that file, got the backend ${elsewhere} of this package`,
    );
  }
  if (command !== undefined && !judged.some(isProgram)) {
    throw new CouldNotRunError(
      `${wanted}, which is no program; leave out --command, or check another certificate`,
    );
  }
}

const PROGRAM = commandName('');

function isProgram(judged: string): boolean {
  return judged.startsWith(PROGRAM);
}

function isFile(judged: string): boolean {
  return !isProgram(judged) && !Object.hasOwn(OWN_BACKENDS, judged);
}

function targetOf(
  file: string,
  { source, engine }: CertifiedBackend,
  { backend: elsewhere, command }: CheckOptions,
): Target {
  if (isProgram(source.backend)) {
    const program = source.backend.slice(PROGRAM.length);
    if (command === undefined) {
      throw new CouldNotRunError(
        `certificate ${file}: it judged the program ${JSON.stringify(program)}, which is not started because a file says so: name it with --command`,
      );
    }
    if (!isSameCommand(program, command)) {
      throw new CouldNotRunError(
        `certificate ${file}: expected --command with the words that it judged, ${JSON.stringify(program)}, got ${JSON.stringify(command)}`,
      );
    }
    return { backend: commandName(command) };
  }
  const isOwn = !isFile(source.backend);
  const backend = isOwn ? source.backend : (elsewhere ?? source.backend);
  if (!isOwn && !existsSync(backend)) {
    const advice = elsewhere === undefined ? '; --backend FILE says where it lies' : '';
    const named = elsewhere === undefined ? `${backend} in the working directory` : `at --backend ${backend}`;
    throw new CouldNotRunError(
      `certificate ${file}: expected the backend's file ${named}, got none${advice}`,
    );
  }
  return { backend, ...(engine === null ? {} : { engine }) };
}

/**
 * Whether a command has the words of one in a certificate, which has no absolute paths: a program or a file may lie
 * elsewhere, and its digest is compared.
 */
function isSameCommand(certified: string, command: string): boolean {
  const words = splitCommand(command);
  let before: readonly string[];
  try {
    before = splitCommand(certified);
  } catch {
    return false; // a file may hold anything
  }
  const same = (word: string, at: number) =>
    word === before[at] || withoutPlaces(word) === before[at] || isSameName(word, before[at] as string);
  return words.length === before.length && words.every(same);
}

/** Whether two paths end in one name. */
function isSameName(one: string, other: string): boolean {
  const name = (path: string) => path.split(/[/\\]/).at(-1);
  return /[/\\]/.test(one + other) && name(one) === name(other);
}

function choicesOf({ choices }: Certificate, { timeout }: CheckOptions): VerifyChoices {
  const { seed, runs, level, properties, stages, known } = choices;
  return {
    seed,
    runs,
    known,
    ...(level === null ? {} : { level }),
    ...(properties === null ? {} : { only: properties }),
    ...(stages === null ? {} : { stages }),
    ...(timeout === undefined ? {} : { timeout }),
  };
}

function startVerification(file: string, start: () => Verification): Verification {
  try {
    return start();
  } catch (error) {
    if (!isInputError(error)) throw error;
    const { message } = error;
    throw new CouldNotRunError(
      `certificate ${file}: this version cannot repeat it (${message}); check it with the version that it names`,
      { cause: error },
    );
  }
}

/** A digest is told apart by its first digits. */
const SHOWN_DIGITS = 12;
/** What is the same is only shown up to so many characters. */
const LONGEST_SAME = 64;

function checkText(file: string, entries: readonly CertificateEntry[], confirmed: boolean): string {
  const short = (text: string) => (/^[0-9a-f]{64}$/.test(text) ? text.slice(0, SHOWN_DIGITS) : text);
  const rows = entries.map(({ entry, same, counts, certified, found }) => [
    entry,
    same ? styleText('green', 'same') : styleText(counts ? 'red' : 'yellow', 'differs'),
    same && certified.length > LONGEST_SAME ? '' : short(certified),
    same ? '' : short(found),
  ]);
  const other = entries.filter(({ same, counts }) => !same && counts).length;
  const ofMachine = entries.filter(({ same, counts }) => !same && !counts).map(({ entry }) => entry);
  const verdict = confirmed
    ? `${styleText('green', 'CONFIRMED')}: a new run gave what ${file} says`
    : `${styleText('red', 'NOT CONFIRMED')}: ${other} of ${entries.length} entries of ${file} differ`;
  return [
    table(['entry', '', 'certificate', 'now'], rows),
    ...(ofMachine.length > 0 ? [`differs between machines and does not count: ${ofMachine.join(', ')}`] : []),
    verdict,
  ]
    .map((line, at) => (at === 0 ? line : wrapped(line, terminalWidth(), 2)))
    .join('\n');
}
