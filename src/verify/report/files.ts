/**
 * Reports as files. The ending decides the format, and a file that cannot be written is refused before the run.
 *
 * @module
 */
import { closeSync, openSync, rmSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import type { Report } from '../../../properties/index.js';
import { InputSourceError } from '../../../spec/errors.js';
import { NotAFileError, outputTarget } from '../../support/output-target.js';
import { writeWhole } from '../../support/write-whole.js';
import { reportBadge } from './badge-svg.js';
import { jsonText } from './difference.js';
import { reportMarkdown } from './markdown.js';
import { reportHtml } from './report-html.js';
import { withoutPlaces } from './without-places.js';

const FORMS: Readonly<Record<string, (reports: readonly Report[]) => string>> = {
  '.json': reportJson,
  '.md': reportMarkdown,
  '.html': reportHtml,
  '.svg': reportBadge,
};

/** How an error names the option that a file was given by. */
interface WrittenAs extends ErrorOptions {
  readonly as?: string;
}

/** A report file that cannot be written. */
export class ReportFileError extends InputSourceError<'report-unwritable'> {
  override readonly name = 'ReportFileError';
  /** @param as - what the file was named by, such as `--certificate`. Default `report` */
  constructor(file: string, expected: string, got: string, { as = 'report', ...options }: WrittenAs = {}) {
    super({ code: 'report-unwritable', where: `${as} ${file}`.trim(), expected, got }, options);
  }
}

/**
 * One report, or a list of several, without absolute paths; NaN and the infinities as strings, since JSON lacks
 * them.
 *
 * @example
 * ```ts
 * import { reportJson, verify } from 'class-rectification/verify';
 * import { referenceBackend } from 'class-rectification/backends/reference';
 * const report = await verify(referenceBackend, { seed: 1, runs: 5, only: ['minority-agrees'] });
 * JSON.parse(reportJson([report])).backend; // → 'reference'
 * ```
 */
export function reportJson(reports: readonly Report[]): string {
  const shown = withoutPlaces(reports);
  return `${numbersOnOneLine(jsonText(shown.length === 1 ? shown[0] : shown, 2))}\n`;
}

/** A line of indented JSON that holds one number of an array, also one that JSON must write as text. */
const ONE_NUMBER = /^ *(?:-?\d[\d.eE+-]*|"NaN"|"-?Infinity"),?$/;

/** Indented JSON with each array of numbers on one line: a counterexample may have a hundred thousand of them. */
function numbersOnOneLine(json: string): string {
  const lines = json.split('\n');
  const joined: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string;
    let end = at + 1;
    if (line.endsWith('[')) while (ONE_NUMBER.test(lines[end] ?? '')) end++;
    const closing = (lines[end] ?? '').trim();
    if (end > at + 1 && closing.startsWith(']')) {
      const numbers = lines.slice(at + 1, end).map((each) => each.trim());
      joined.push(`${line}${numbers.join(' ')}${closing}`);
      at = end;
    } else joined.push(line);
  }
  return joined.join('\n');
}

/**
 * Refuses files that a run could not write at its end.
 *
 * @throws ReportFileError - if an ending is unknown, or a folder is missing or cannot be written to
 * @example
 * ```ts
 * import { checkReportFiles, isInputError } from 'class-rectification/verify';
 * const refused = () => {
 *   try {
 *     checkReportFiles(['report.pdf']);
 *   } catch (error) {
 *     return (error as Error).message;
 *   }
 * };
 * refused(); // → 'report report.pdf: expected an ending among .json, .md, .html, .svg, got .pdf'
 * ```
 */
export function checkReportFiles(files: readonly string[]): void {
  for (const file of files) {
    if (!Object.hasOwn(FORMS, extname(file))) {
      throw new ReportFileError(
        file,
        `an ending among ${Object.keys(FORMS).join(', ')}`,
        extname(file) || 'none',
      );
    }
    checkWritable(file);
  }
}

/**
 * Refuses a file that a run could not write at its end.
 *
 * @param as - what the file was named by, such as `--certificate`. Default `report`
 * @throws ReportFileError - if it has no name, is a folder, a device or a pipe, or its folder is missing or cannot
 * be written to
 */
export function checkWritable(file: string, as?: string): void {
  const named = as === undefined ? {} : { as };
  if (file.trim() === '') throw new ReportFileError(file, 'the name of a file', 'none', named);
  let path: string;
  try {
    path = outputTarget(resolve(file));
  } catch (cause) {
    if (!(cause instanceof NotAFileError)) throw cause;
    const wanted = 'a file, or nothing in its place';
    throw new ReportFileError(file, wanted, cause.found, { ...named, cause });
  }
  const probe = `${path}.${process.pid}.probe`;
  try {
    closeSync(openSync(probe, 'wx')); // permissions do not show that a disk is read-only
    rmSync(probe);
  } catch (cause) {
    const wanted = `a folder that can be written to: ${dirname(file)}`;
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new ReportFileError(file, wanted, code ?? message, { ...named, cause });
  }
}

/**
 * Writes each file whole. One that cannot be written does not keep the others from being written.
 *
 * @throws ReportFileError - if one cannot be written: the first of them, once the others are
 */
export function writeReportFiles(files: readonly string[], reports: readonly Report[]): void {
  const errors: unknown[] = [];
  for (const file of files) {
    try {
      checkReportFiles([file]);
      const form = FORMS[extname(file)] as (typeof FORMS)[string];
      writeFile(file, form(reports));
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

/**
 * Writes a file whole.
 *
 * @param as - what the file was named by. Default `report`
 * @throws ReportFileError - if it cannot be written
 */
export function writeFile(file: string, text: string, as?: string): void {
  try {
    writeWhole(resolve(file), text);
  } catch (cause) {
    const wanted = 'a disk that it can be written to';
    const named = as === undefined ? {} : { as };
    throw new ReportFileError(file, wanted, (cause as Error).message, { ...named, cause });
  }
}
