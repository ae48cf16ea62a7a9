/**
 * Packages that verifying in a browser needs, and that may not be installed.
 *
 * @module
 */

import { importOptional } from '../../backends/optional-package.js';
import { EngineUnavailableError } from '../../backends/tfjs/index.js';

/** Imports an optional package. */
export function importFor<T>(engine: string, name: string, load: () => Promise<T>): Promise<T> {
  const refuse = (reason: string, cause: unknown) => new EngineUnavailableError(engine, reason, { cause });
  return importOptional(name, load, { refuse });
}
