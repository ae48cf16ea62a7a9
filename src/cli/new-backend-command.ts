/**
 * `crl new-backend NAME`: writes a backend to start from.
 *
 * @module
 */
import { writeFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { makeFolders } from '../support/make-folders.js';
import { CouldNotRunError, OWN_BACKENDS } from './backends.js';
import { scaffoldFile, scaffoldOf } from './scaffold.js';

/**
 * Writes the file and says what to do next.
 *
 * @returns the exit code
 * @throws CouldNotRunError - if the name is not allowed, or the file exists or cannot be written
 */
export async function newBackendCommand(
  name: string,
  { dir, javascript = false, python = false }: { dir: string; javascript?: boolean; python?: boolean },
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
  const language = python ? 'python' : javascript ? 'javascript' : 'typescript';
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
  const isPlain = /^[\w./@:+-]+$/.test(shown);
  const quoted = isPlain ? shown : JSON.stringify(shown);
  const needs = python ? 'Python 3.10 or later with numpy runs it; it' : 'It';
  const command = isPlain ? `"python ${shown}"` : `'python "${shown}"'`; // split at blanks, but not within quotes
  const target = python ? `--command ${command}` : `--backend ${quoted}`;
  process.stdout.write(
    `Wrote ${shown}. ${needs} passes as it is. Replace a stage, then verify:\n  npx crl verify ${target}\n`,
  );
  return 0;
}
