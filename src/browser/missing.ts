/**
 * What verifying in a browser needs and a machine may lack.
 *
 * @module
 */
import { EngineUnavailableError } from '../../backends/tfjs/index.js';
import { importOptional } from '../../backends/optional-package.js';
import type { BrowserEngine } from './page/plan.js';

/** The name of a browser's engine outside of it. */
export type BrowserEngineName = `browser-${BrowserEngine}`;

/** Imports a package that need not be installed. */
export function importFor<T>(engine: string, name: string, load: () => Promise<T>): Promise<T> {
  return importOptional(name, load, (reason, cause) => new EngineUnavailableError(engine, reason, { cause }));
}
