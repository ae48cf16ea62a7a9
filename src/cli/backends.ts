/**
 * Backends by name, and from a file.
 *
 * @module
 */

import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandIn } from '../../backends/command/split-command.js';
import type { BackendDeclaration } from '../../backends/declaration.js';
import { thrownPlace } from '../../properties/thrown-place.js';
import type { BackendModule } from '../../spec/index.js';
import { thrownText } from '../../spec/rules.js';
import { declaredBackends } from '../support/declared-backends.js';
import { entries } from '../support/entries.js';
import { inTime, readTimeout } from '../verify/answer-in-time.js';
import { withoutPlaces } from '../verify/report/without-places.js';

/** The backends that come with this package, by name. */
export const OWN_BACKENDS: Readonly<Record<string, BackendDeclaration>> = Object.fromEntries(
  declaredBackends.map((declared) => [declared.name, declared]),
);

/** Something could not run at all, in contrast to running and failing: the command line exits with 2. */
export class CouldNotRunError extends Error {
  override readonly name = 'CouldNotRunError';
}

/**
 * The name of a backend of this package, the command of one, or a file that exists; the file may be no module.
 *
 * @throws CouldNotRunError - if it is neither
 */
export function existingBackend(nameOrFile: string): string {
  if (Object.hasOwn(OWN_BACKENDS, nameOrFile) || commandIn(nameOrFile) !== undefined) return nameOrFile;
  const path = resolve(nameOrFile);
  if (!existsSync(path)) {
    const names = Object.keys(OWN_BACKENDS).join(', ');
    throw new CouldNotRunError(
      `backend ${nameOrFile}: expected one of ${names}, or a file; there is no ${path}`,
    );
  }
  if (!statSync(path).isFile())
    throw new CouldNotRunError(`backend ${nameOrFile}: expected a file, got a folder: ${path}`);
  return nameOrFile;
}

/**
 * A backend by name, by the command that starts its process, or from a module in JavaScript or TypeScript by
 * its path.
 *
 * In such a module `class-rectification` and its entry points resolve to this package, and `ndarray` to the one
 * that this package uses, wherever the module lies.
 *
 * @param timeout - how long loading may take, in seconds; default 120
 * @throws CouldNotRunError - if there is no such backend, the module does not load in time, or it has no
 * backend as its default export
 */
export async function findBackend(nameOrFile: string, timeout?: number): Promise<BackendModule> {
  const own = Object.hasOwn(OWN_BACKENDS, nameOrFile) ? OWN_BACKENDS[nameOrFile] : undefined;
  if (own) return own.load();
  const seconds = readTimeout(timeout);
  const command = commandIn(nameOrFile);
  if (command !== undefined) {
    const { commandBackend } = await import('../../backends/command/index.js');
    return () =>
      commandBackend({ command, timeout: seconds }).catch((cause: Error) => {
        throw new CouldNotRunError(`--command: ${commandFailure(command, cause)}`, { cause });
      });
  }
  const path = resolve(existingBackend(nameOrFile));
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
  const { createJiti } = await import('jiti');
  const jiti = createJiti(import.meta.url, {
    interopDefault: true, // `import ndarray from 'ndarray'`, which is not an ES module
    alias: {
      ...entries(root, 'built'),
      ndarray: createRequire(import.meta.url).resolve('ndarray'), // what every result is made of
    },
  });
  let loaded: { default?: unknown };
  let found: unknown;
  try {
    loaded = await inTime(jiti.import<typeof loaded>(path), seconds, () => {
      return new Error(`the module did not settle within ${seconds} s`);
    });
    // it may be a promise, which whoever returned it would wait for without end
    const exported = Promise.resolve('default' in loaded ? loaded.default : commonJsExports(loaded));
    found = await inTime(exported, seconds, () => {
      return new Error(`the promise that it exports did not settle within ${seconds} s`);
    });
  } catch (cause) {
    throw new CouldNotRunError(`backend ${nameOrFile} does not load: ${failure(cause)}`, { cause });
  }
  if (typeof found !== 'function' && (typeof found !== 'object' || found === null)) {
    throw new CouldNotRunError(
      `backend ${nameOrFile}: expected a backend or a factory as default export, got ${found === null ? null : typeof found}`,
    );
  }
  return found as BackendModule;
}

/** Why a program offers no backend. */
function commandFailure(command: readonly string[], failure: Error): string {
  if (failure.cause === undefined) {
    const isOwn = failure.name === 'ProcessError' || failure.name === 'ProtocolError';
    const text = isOwn ? failure.message.replace(/^answer: /, '') : thrownText(failure);
    return `${text} (${command.join(' ')})`;
  }
  const { code, message: why } = failure.cause as NodeJS.ErrnoException;
  const reason = code === 'ENOENT' ? 'ENOENT: there is no such program' : why;
  return `expected a program that can be started, got ${command[0]} (${reason})`;
}

/** What a CommonJS module assigned to `module.exports`; undefined for an ES module, or if it exports nothing. */
function commonJsExports(loaded: object): unknown {
  const isEsModule = '__esModule' in loaded || Object.prototype.toString.call(loaded) === '[object Module]';
  if (isEsModule || (typeof loaded !== 'function' && Object.keys(loaded).length === 0)) return undefined;
  return loaded;
}

/** How jiti fails where the default export is null. */
const DEFAULT_IS_NULL = "TypeError: Cannot read properties of null (reading 'then')";

/** Why a module does not load, with the file and the line; a mistake of syntax names them itself. */
function failure(cause: unknown): string {
  const text = withoutPlaces(thrownText(cause)).replaceAll(/\s+/g, ' ');
  if (text === DEFAULT_IS_NULL) return 'expected a backend or a factory as default export, got null';
  return /:\d+:\d+\b/.test(text) ? text : `${text}${thrownPlace(cause)}`;
}
