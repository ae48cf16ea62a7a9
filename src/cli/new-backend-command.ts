/**
 * `crl new-backend NAME`: writes a backend to start from.
 *
 * @module
 */
import { writeFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { makeFolders } from '../support/make-folders.js';
import { CouldNotRunError, OWN_BACKENDS } from './backends.js';
import { type ScaffoldLanguage, scaffoldFile, scaffoldOf } from './scaffold.js';

/** Where a backend is written, and in which language. Default: TypeScript. */
export interface NewBackendOptions {
  readonly dir: string;
  readonly javascript?: boolean;
  readonly python?: boolean;
  readonly cpp?: boolean;
}

/**
 * Writes the file and says what to do next.
 *
 * @returns the exit code
 * @throws CouldNotRunError - if the name is not allowed, or the file exists or cannot be written
 */
export async function newBackendCommand(
  name: string,
  { dir, javascript, python, cpp }: NewBackendOptions,
): Promise<number> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 64) {
    throw new CouldNotRunError(
      `name ${JSON.stringify(name)}: expected small letters and digits with single dashes, such as my-kernel`,
    );
  }
  if (Object.hasOwn(OWN_BACKENDS, name))
    throw new CouldNotRunError(
      `name ${name}: expected another name, since a backend of this package has this one`,
    );
  const language = cpp ? 'cpp' : python ? 'python' : javascript ? 'javascript' : 'typescript';
  const path = join(dir, scaffoldFile(name, language));
  try {
    makeFolders(dir);
    writeFileSync(resolve(path), scaffoldOf(name, language), { flag: 'wx' });
  } catch (cause) {
    const there = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    const why = there
      ? 'is there already, and is left as it is'
      : `cannot be written (${(cause as Error).message})`;
    throw new CouldNotRunError(`${path} ${why}`, { cause });
  }
  const shown = isAbsolute(path) || path.startsWith('..') ? path : `./${path}`;
  process.stdout.write(
    `Wrote ${shown}. ${needs[language]} passes as it is. Replace a stage, then verify:\n${steps(shown, language)}`,
  );
  return 0;
}

const needs: Record<ScaffoldLanguage, string> = {
  typescript: 'It',
  javascript: 'It',
  python: 'Python 3.10 or later with numpy runs it; it',
  cpp: 'It needs a compiler of C++17, and',
};

/** The commands that build a backend, if it must be built, and verify it. */
function steps(path: string, language: ScaffoldLanguage): string {
  const isPlain = (file: string) => /^[\w./@:+-]+$/.test(file);
  const quoted = (file: string) => (isPlain(file) ? file : JSON.stringify(file));
  // a command is split at blanks, but not within quotes
  const command = (before: string, file: string) =>
    isPlain(file) ? `"${before}${file}"` : `'${before}"${file}"'`;
  if (language === 'python') return `  npx crl verify --command ${command('python ', path)}\n`;
  if (language !== 'cpp') return `  npx crl verify --backend ${quoted(path)}\n`;
  const built = path.slice(0, -'.cpp'.length);
  const build = `  c++ -std=c++17 -O2 -o ${quoted(built)} ${quoted(path)}\n`;
  return `${build}  npx crl verify --command ${isPlain(built) ? built : command('', built)}\n`;
}
