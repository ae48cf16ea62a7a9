/**
 * `crl new-backend NAME`: writes a backend to start from.
 *
 * @module
 */
import { writeFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { makeFolders } from '../support/make-folders.js';
import { CouldNotRunError, OWN_BACKENDS } from './backends.js';
import { scaffold } from './scaffold.js';

/**
 * Writes the file and says what to do next.
 *
 * @returns the exit code
 * @throws CouldNotRunError - if the name is not allowed, or the file exists or cannot be written
 */
export async function newBackendCommand(
  name: string,
  { dir, javascript = false }: { dir: string; javascript?: boolean },
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
  const path = join(dir, `${name}.${javascript ? 'mjs' : 'ts'}`);
  try {
    makeFolders(dir);
    writeFileSync(resolve(path), scaffold(name, !javascript), { flag: 'wx' });
  } catch (cause) {
    const there = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    const why = there
      ? 'is there already, and is left as it is'
      : `cannot be written (${(cause as Error).message})`;
    throw new CouldNotRunError(`${path} ${why}`, { cause });
  }
  const shown = isAbsolute(path) || path.startsWith('..') ? path : `./${path}`;
  process.stdout.write(
    `Wrote ${shown}: it passes as it is. Replace a stage, then verify:\n  npx crl verify --backend ${/^[\w./@:+-]+$/.test(shown) ? shown : JSON.stringify(shown)}\n`,
  );
  return 0;
}
