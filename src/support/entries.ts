/**
 * The entries of this package, by the names that users import: read from `exports` in package.json, so
 * that they are listed once.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Where entries lie: built, as a user loads them, or as sources. */
export type EntryForm = 'built' | 'source';

/** The program of the command line, which the package of the command line starts: nothing is imported from it. */
const PROGRAM = './cli';

/**
 * Absolute paths of the entries' modules by name, such as `class-rectification/spec`, without the program.
 *
 * @param root - the folder of package.json
 */
export function entries(root: string, form: EntryForm): Record<string, string> {
  const text = readFileSync(resolve(root, 'package.json'), 'utf8');
  const { name, exports } = JSON.parse(text) as { name: string; exports: Record<string, string> };
  const modules = Object.entries(exports).filter(
    ([entry, file]) => file.endsWith('.js') && entry !== PROGRAM,
  );
  return Object.fromEntries(
    modules.map(([entry, file]) => [name + entry.slice(1), resolve(root, placeOf(file, form))]),
  );
}

function placeOf(file: string, form: EntryForm): string {
  return form === 'built' ? file : file.replace(/^\.\/dist\//, './').replace(/\.js$/, '.ts');
}
