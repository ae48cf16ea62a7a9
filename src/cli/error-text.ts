/**
 * What the command line says of an error.
 *
 * @module
 */
import { isInputError, thrownText } from '../../spec/rules.js';
import { missingPackageMessage } from './missing-package.js';

/**
 * Errors beside refused input that need no stack: their message tells the user what to do. By name, since most
 * are loaded on demand.
 */
const EXPECTED = [
  'CouldNotRunError',
  'StateError',
  'PackageMissingError',
  'EngineInstallError',
  'EngineUnavailableError',
  'WriteError',
];

/** The lines that tell what was thrown, whatever it is; with its stack if `CRL_DEBUG` is set and nobody expected it. */
export function errorText(thrown: unknown): string {
  const missing = missingPackageMessage(thrown);
  if (missing !== undefined) return `crl: ${missing}\n`;
  const isExpected = thrown instanceof Error && (isInputError(thrown) || EXPECTED.includes(thrown.name));
  if (isExpected) return `crl: ${thrown.message}\n`;
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  const more = process.env.CRL_DEBUG ? stack : 'crl: set CRL_DEBUG=1 in the environment to see where';
  return `crl: unexpected ${thrownText(thrown)}\n${more === undefined ? '' : `${more}\n`}`;
}
