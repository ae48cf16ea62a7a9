/**
 * Refusals of what a config asks for, once the data are known.
 *
 * @module
 */
import { isInputError } from '../../../spec/rules.js';
import { ConfigError } from './problems.js';

/**
 * Makes something that a field of a config asks for; a refusal names the field, and the class that it is about.
 *
 * @param field - `loss` or `postHoc`
 * @param classes - the names of the classes, for counts of images by class
 * @throws ConfigError
 */
export function refusedInWords<T>(field: 'loss' | 'postHoc', classes: readonly string[], make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw inWords(field, classes, error);
  }
}

/** An error as the refusal of a field; one that is no refusal stays as it is. */
export function inWords(field: 'loss' | 'postHoc', classes: readonly string[], error: unknown): unknown {
  if (!isInputError(error) || error instanceof ConfigError) return error;
  const { where, got } = error;
  const option = /^options\.(.*)$/.exec(where)?.[1];
  const path = option === undefined ? `${field} (${where})` : `${field}.${option}`;
  const expected = `${error.expected}${classInWords(field, where, classes)}`;
  return new ConfigError([{ path, expected, got }], { cause: error });
}

/** The class of a count that cannot be taken, and what to do about it. */
function classInWords(field: string, where: string, classes: readonly string[]): string {
  const k = /^counts\[(\d+)\]$/.exec(where)?.[1];
  if (k === undefined) return '';
  return ` images of class ${classes[Number(k)]} (add some, leave the class out, or take another ${field})`;
}
