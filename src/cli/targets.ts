/**
 * What to verify: pairs of backend and engine.
 *
 * @module
 */
import { BROWSER_ENGINE_NAMES } from '../browser/engine-names.js';
import { CouldNotRunError, OWN_BACKENDS } from './backends.js';

/** A backend by name or file, and the engine to run it on. */
export interface Target {
  readonly backend: string;
  readonly engine?: string;
}

/**
 * Engines that run only if they are named: on a software adapter, which is all that most machines have, the
 * suite takes many minutes.
 */
export const NAMED_ONLY: readonly string[] = ['webgpu', 'webgl', ...BROWSER_ENGINE_NAMES];

/** Engines that need nothing installed beside npm packages. */
const PLAIN: readonly string[] = ['cpu', 'wasm'];

/** Every backend of this package on every engine, but for those that have to be named. */
export function allTargets(): Target[] {
  return Object.entries(OWN_BACKENDS).flatMap(([backend, { engines }]): Target[] =>
    engines.length === 0 ? [{ backend }] : unnamed(engines).map((engine) => ({ backend, engine })),
  );
}

/** Every backend of this package on engines that need nothing installed. */
export function plainTargets(): Target[] {
  return allTargets().filter(({ engine }) => engine === undefined || PLAIN.includes(engine));
}

function unnamed(engines: readonly string[]): string[] {
  return engines.filter((engine) => !NAMED_ONLY.includes(engine));
}

/**
 * The targets that were asked for.
 *
 * @throws CouldNotRunError - if the backend has no such engine
 */
export function targetsOf({ backend, engine }: Partial<Target>): Target[] {
  if (backend === undefined && engine === undefined) return allTargets();
  const name = backend ?? 'tfjs';
  const engines = Object.hasOwn(OWN_BACKENDS, name) ? (OWN_BACKENDS[name]?.engines ?? []) : undefined;
  if (engine !== undefined) {
    if (engines && !engines.includes(engine)) {
      const known = engines.length === 0 ? 'no engine' : `one of ${engines.join(', ')}`;
      throw new CouldNotRunError(`engine ${engine}: expected ${known} for backend ${name}`);
    }
    return [{ backend: name, engine }];
  }
  if (engines && engines.length > 0) return unnamed(engines).map((each) => ({ backend: name, engine: each }));
  return [{ backend: name }];
}

/** A target as messages name it. */
export function targetText({ backend, engine }: Target): string {
  return engine === undefined ? backend : `${backend} on ${engine}`;
}
