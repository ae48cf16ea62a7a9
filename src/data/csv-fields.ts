/**
 * Fields of lines of CSV, many lines at once.
 *
 * @module
 */
import { importOptional, rethrow } from '../../backends/optional-package.js';

type Parse = typeof import('csv-parse/sync')['parse'];

/** The fields of a line, or what is wrong with its quotes. */
export type Fields = readonly string[] | Error;

/** Splits lines into fields. */
export type SplitLines = (lines: readonly string[], delimiter: string) => Fields[];

/**
 * The function that splits lines. csv-parse is loaded with it, and need not be installed by those who read no
 * label file.
 *
 * @throws PackageMissingError - without csv-parse
 */
export async function loadCsvFields(): Promise<SplitLines> {
  const { parse } = await importOptional('csv-parse', () => import('csv-parse/sync').catch(rethrow));
  return (lines, delimiter) => fieldsOfLines(lines, delimiter, parse);
}

/**
 * Splits lines into fields, without the spaces around them. A quoted field ends on its line, so that a stray
 * quote spoils its own line and not all that follow.
 *
 * The parser is called once for all lines that have a quote, since a call costs more than a line: one call
 * per line took 17 seconds for 200,000 lines. Only where a quote is wrong does it see each line alone.
 */
function fieldsOfLines(lines: readonly string[], delimiter: string, parse: Parse): Fields[] {
  const quoted = lines.filter((line) => line.includes('"'));
  const parsed = (quoted.length > 0 && parseAll(quoted, delimiter, parse)) || undefined;
  let at = 0;
  return lines.map((line) => {
    if (!line.includes('"')) return line.split(delimiter).map((field) => field.trim());
    return parsed?.[at++] ?? parseOne(line, delimiter, parse);
  });
}

/** The fields of all lines, or nothing where a quote of one line closes on another. */
function parseAll(lines: readonly string[], delimiter: string, parse: Parse): string[][] | undefined {
  try {
    const rows = parsed(lines.join('\n'), delimiter, parse);
    const sound =
      rows.length === lines.length && rows.every((row) => !row.some((field) => field.includes('\n')));
    return sound ? rows : undefined;
  } catch {
    return undefined; // each line parsed alone tells which one it is
  }
}

function parseOne(line: string, delimiter: string, parse: Parse): Fields {
  try {
    return parsed(line, delimiter, parse)[0] ?? [];
  } catch (cause) {
    return cause as Error;
  }
}

function parsed(text: string, delimiter: string, parse: Parse): string[][] {
  return parse(text, { trim: true, relax_column_count: true, delimiter }) as string[][];
}
