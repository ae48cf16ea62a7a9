/**
 * A backend from outside, loaded and guarded: whatever goes wrong in it is said in a sentence.
 *
 * @module
 */
import type { Backend, BackendModule } from '../../spec/index.js';
import { guarded } from '../guarded-backend.js';
import { makeBackend } from '../verify.js';
import { CouldNotRunError, findBackend } from './backends.js';

/** How long a promise of a backend may take, in seconds. */
export const DEFAULT_TIMEOUT = 120;

/** A backend that is safe to run, and the rejection of whatever waits for it once it hangs. */
export interface GuardedModule {
  readonly module: BackendModule;
  /** Never resolves; rejects with a CouldNotRunError if the backend hangs. */
  readonly hung: Promise<never>;
}

/**
 * Finds a backend and guards it.
 *
 * @param seconds - how long a promise of it may take
 * @throws CouldNotRunError - if it cannot be found, loaded or made
 */
export async function findGuarded(
  nameOrFile: string,
  engine?: string,
  seconds = DEFAULT_TIMEOUT,
): Promise<GuardedModule> {
  let hang: (message: string) => void = () => {};
  const hung = new Promise<never>((_, reject) => {
    hang = (message) => reject(new CouldNotRunError(`backend ${nameOrFile}: ${message}`));
  });
  hung.catch(() => {}); // one that hangs after its verdict is nobody's concern
  const within = <T>(what: string, promise: Promise<T>) => inTime(promise, what, nameOrFile, seconds);
  const guard = (backend: Backend): Backend => {
    const safe = guarded(backend, { seconds, onHang: hang });
    if (safe.dispose === undefined) return safe;
    return { ...safe, dispose: () => within('dispose', (async () => backend.dispose?.())()) };
  };
  const found = await within('the module', findBackend(nameOrFile));
  if (typeof found !== 'function') return { module: guard(await makeBackend(found, engine)), hung };
  const module: BackendModule = async (options) => {
    const made = await within('the factory', makeBy(found, options, nameOrFile));
    return guard(await makeBackend(made));
  };
  return { module, hung };
}

async function makeBy(
  factory: (options: { engine?: string }) => unknown,
  options: { engine?: string },
  nameOrFile: string,
): Promise<Backend> {
  try {
    return (await factory(options)) as Backend;
  } catch (cause) {
    if ((cause as Error | null)?.name === 'EngineUnavailableError') throw cause;
    throw new CouldNotRunError(`backend ${nameOrFile}: its factory failed: ${whatFailed(cause)}`, { cause });
  }
}

/** What was thrown, whatever it is. */
export function whatFailed(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
}

async function inTime<T>(promise: Promise<T>, what: string, nameOrFile: string, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new CouldNotRunError(`backend ${nameOrFile}: ${what} did not settle within ${seconds} s`));
    }, seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
