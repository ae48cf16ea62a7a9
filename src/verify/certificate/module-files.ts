/**
 * The files that a module consists of: its own, and those that it names by relative paths.
 *
 * @module
 */
import { readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';

/** A relative path in quotes: what an import, a `require` or a `new URL(…, import.meta.url)` names. */
const RELATIVE = /(['"`])(\.{1,2}\/[^'"`\n\\]+)\1/g;

const SCRIPTS: readonly string[] = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx'];
/** What a specifier without an ending, or of a folder, may mean. */
const ENDINGS: readonly string[] = [...SCRIPTS, '.json'];
/** Files that are loaded as code, or with it. Others that a module names, such as a log, it may write itself. */
const LOADED: readonly string[] = [...ENDINGS, '.wasm', '.node'];
/** In TypeScript a module is imported by the name of what it compiles to. */
const COMPILED: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

/**
 * The absolute paths of a module's files, in alphabetical order. A file belongs to the module if one of its
 * scripts names it by a relative path in quotes, wherever in the text. Packages do not belong to it.
 *
 * @param without - files that are left out, with all that only they name. Default: none
 */
export function moduleFiles(entry: string, without: (file: string) => boolean = () => false): string[] {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file) || without(file)) return;
    found.add(file);
    if (!SCRIPTS.includes(extname(file))) return;
    for (const [, , name] of readFileSync(file, 'utf8').matchAll(RELATIVE)) {
      const named = fileOf(resolve(dirname(file), name as string));
      if (named !== undefined) visit(named);
    }
  };
  visit(fileOf(entry) ?? entry);
  return [...found].sort();
}

/** The file that a path means: itself, its source in TypeScript, with an ending, or the index of a folder. */
function fileOf(path: string): string | undefined {
  const bare = path.replace(/[?#].*$/, '');
  const ending = extname(bare);
  const stem = bare.slice(0, bare.length - ending.length);
  return [
    bare,
    ...(COMPILED[ending] ?? []).map((source) => stem + source),
    ...ENDINGS.map((each) => bare + each),
    ...ENDINGS.map((each) => join(bare, `index${each}`)),
  ].find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile());
}

/** Whether a file of a module is code, or is loaded with it, by the ending of its name. */
export function isLoaded(file: string): boolean {
  return LOADED.includes(extname(file));
}
