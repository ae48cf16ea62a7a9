/**
 * Packages that need not be installed. Each is imported when it is first needed; where it is missing, the
 * error says how to get it.
 *
 * @module
 */

/** An optional package is missing, or does not load; the message says how to get it. */
export class PackageMissingError extends Error {
  override readonly name = 'PackageMissingError';
}

/** How {@link importOptional} refuses. */
export interface ImportOptions {
  /** Makes the error to throw, from the reason in words. Default: PackageMissingError. */
  readonly refuse?: (reason: string, cause: unknown) => Error;
  /** The command that gets the package. Default: `npm install` of it. */
  readonly command?: string;
}

/**
 * Imports an optional package.
 *
 * @param load - the `import()` itself, so that bundlers and types see the name
 * @throws PackageMissingError - or what `refuse` makes: how to get the package, or why it does not load
 */
export async function importOptional<T>(
  name: string,
  load: () => Promise<T>,
  {
    refuse = (reason, cause) => new PackageMissingError(reason, { cause }),
    command = `npm install ${name}`,
  }: ImportOptions = {},
): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const missing = (cause as { code?: string }).code === 'ERR_MODULE_NOT_FOUND';
    const reason = missing
      ? `${name} is not installed; get it with: ${command}`
      : `${name} does not load here: ${(cause as Error).message.split('\n')[0]}`;
    throw refuse(reason, cause);
  }
}

/**
 * What every import of an optional package catches with. A bundler passes over a missing package only
 * where its import has a catch.
 */
export function rethrow(error: unknown): never {
  throw error;
}
