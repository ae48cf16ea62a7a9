/**
 * What to say where a package that the command line needs is not installed.
 *
 * @module
 */

/** What brings the packages of the command line, and of the property suite. */
const COMMAND = 'npm install --save-dev class-rectification-cli';

/** The message for an import that failed because its package is missing; undefined for any other error. */
export function missingPackageMessage(error: unknown): string | undefined {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (code !== 'ERR_MODULE_NOT_FOUND') return undefined;
  const name = /Cannot find package '([^']+)'/.exec(message)?.[1];
  if (name === undefined) return undefined;
  return `the package ${name} is not installed. The packages that crl needs come with: ${COMMAND}`;
}
