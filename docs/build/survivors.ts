/**
 * Mutants that live, as the page and the data file of reasons write them.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

interface Place {
  readonly line: number;
  readonly column: number;
}

/** A mutant, as far as it is shown. */
interface Mutant {
  readonly replacement?: string;
  readonly location: { readonly start: Place; readonly end: Place };
}

/** A survivor that cannot be killed, or should not be. */
export interface Explained {
  readonly file: string;
  /** The code that was replaced, spaces collapsed. */
  readonly original: string;
  readonly replacement: string;
  readonly reason: string;
}

/** Every reason given, in `bench/mutation/survivors.json`. */
export const explained: readonly Explained[] = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../bench/mutation/survivors.json'), 'utf8'),
);

/** What was replaced by what. */
export type Shown = Omit<Explained, 'reason'>;

/** A mutant as the data file writes it: without lines, which move. */
export function shownMutant(file: string, source: string, { location, replacement = '' }: Mutant): Shown {
  const lines = source.split('\n').slice(location.start.line - 1, location.end.line);
  const end = lines.length - 1;
  lines[end] = (lines[end] as string).slice(0, location.end.column - 1);
  lines[0] = (lines[0] as string).slice(location.start.column - 1);
  return { file, original: oneLine(lines.join(' ')), replacement: oneLine(replacement) };
}

/** Why it lives, if that is known. */
export function reasonOf(shown: Shown): string | undefined {
  return explained.find((known) => same(shown, known))?.reason;
}

/** Whether both are one change. */
export function same(a: Shown, b: Shown): boolean {
  return a.file === b.file && a.original === b.original && a.replacement === b.replacement;
}

function oneLine(code: string): string {
  return code.replaceAll(/\s+/g, ' ').trim();
}
