/**
 * Packages that need not be installed: loaded when they are first needed, and missed in a sentence.
 *
 * @module
 */

export { rethrow } from '../../backends/tfjs/engines/errors.js';

/** An optional package that is not there, or does not load; says how to get it. */
export class PackageMissingError extends Error {
  override readonly name = 'PackageMissingError';
}

/**
 * Imports an optional package.
 *
 * @param load - the `import()` itself, so that bundlers and types see the name
 * @param refuse - the error to throw, from the reason. Default PackageMissingError
 * @throws PackageMissingError - or what `refuse` makes: with how to get the package, or why it does not load
 */
export async function importOptional<T>(
  name: string,
  load: () => Promise<T>,
  refuse: (reason: string, cause: unknown) => Error = (reason, cause) =>
    new PackageMissingError(reason, { cause }),
): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const missing = (cause as { code?: string }).code === 'ERR_MODULE_NOT_FOUND';
    const reason = missing
      ? `${name} is not installed; get it with: npm install ${name}`
      : `${name} does not load here: ${(cause as Error).message.split('\n')[0]}`;
    throw refuse(reason, cause);
  }
}
