/**
 * What verifying in a browser needs and a machine may lack.
 *
 * @module
 */
import { EngineUnavailableError } from '../../backends/tfjs/index.js';
import type { BrowserEngine } from './page/plan.js';

/** The name of a browser's engine outside of it. */
export type BrowserEngineName = `browser-${BrowserEngine}`;

/** Imports a package that need not be installed. */
export async function importFor<T>(engine: string, name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const missing = (cause as { code?: string }).code === 'ERR_MODULE_NOT_FOUND';
    const reason = missing
      ? `${name} is not installed; get it with: npm install ${name}`
      : `${name} does not load here: ${(cause as Error).message.split('\n')[0]}`;
    throw new EngineUnavailableError(engine, reason, { cause });
  }
}
