/**
 * What to verify: pairs of backend and engine.
 *
 * @module
 */
import { CouldNotRunError, OWN_BACKENDS } from './backends.js';

/** A backend by name or file, and the engine to run it on. */
export interface Target {
  readonly backend: string;
  readonly engine?: string;
}

/** Every backend and engine that comes with this package. */
export function allTargets(): Target[] {
  return Object.entries(OWN_BACKENDS).flatMap(([backend, { engines }]): Target[] =>
    engines.length === 0 ? [{ backend }] : engines.map((engine) => ({ backend, engine })),
  );
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
  if (engines && engines.length > 0) return engines.map((each) => ({ backend: name, engine: each }));
  return [{ backend: name }];
}

/** A target in words. */
export function targetText({ backend, engine }: Target): string {
  return engine === undefined ? backend : `${backend} on ${engine}`;
}
