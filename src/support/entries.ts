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

/**
 * Absolute paths of the entries' modules by name, such as `class-rectification/spec`.
 *
 * @param root - the folder of package.json
 */
export function entries(root: string, form: EntryForm): Record<string, string> {
  const text = readFileSync(resolve(root, 'package.json'), 'utf8');
  const { name, exports } = JSON.parse(text) as { name: string; exports: Record<string, string> };
  const modules = Object.entries(exports).filter(([, file]) => file.endsWith('.js'));
  return Object.fromEntries(
    modules.map(([entry, file]) => [name + entry.slice(1), resolve(root, placeOf(file, form))]),
  );
}

function placeOf(file: string, form: EntryForm): string {
  return form === 'built' ? file : file.replace(/^\.\/dist\//, './').replace(/\.js$/, '.ts');
}
