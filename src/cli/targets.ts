/**
 * What to verify: pairs of backend and engine.
 *
 * @module
 */
import type { EngineUse } from '../../backends/declaration.js';
import { CouldNotRunError, OWN_BACKENDS } from './backends.js';

/** A backend by name or file, and the engine to run it on. */
export interface Target {
  readonly backend: string;
  readonly engine?: string;
}

/** Every backend of this package on every engine, but for those that have to be named. */
export function allTargets(): Target[] {
  return targetsWith((use) => use !== 'if-named');
}

/** Every backend of this package on engines that need nothing installed. */
export function plainTargets(): Target[] {
  return targetsWith((use) => use === 'always');
}

/** Whether a target is a backend of this package on an engine that needs nothing installed. */
export function isPlain({ backend, engine }: Target): boolean {
  return plainTargets().some((plain) => plain.backend === backend && plain.engine === engine);
}

function targetsWith(isWanted: (use: EngineUse) => boolean): Target[] {
  return Object.values(OWN_BACKENDS).flatMap(({ name, engines }): Target[] => {
    if (engines.length === 0) return [{ backend: name }];
    return engines
      .filter(({ use }) => isWanted(use))
      .map((engine) => ({ backend: name, engine: engine.name }));
  });
}

/**
 * The targets that were asked for. An engine without a backend is that of the first backend that has it.
 *
 * @throws CouldNotRunError - if the backend has no such engine
 */
export function targetsOf({ backend, engine }: Partial<Target>): Target[] {
  if (backend === undefined && engine === undefined) return allTargets();
  const name = backend ?? backendOn(engine) ?? 'tfjs';
  const engines = Object.hasOwn(OWN_BACKENDS, name) ? (OWN_BACKENDS[name]?.engines ?? []) : undefined;
  if (engine !== undefined) {
    const names = engines?.map((each) => each.name);
    if (names && !names.includes(engine)) {
      const known = names.length === 0 ? 'no engine' : `one of ${names.join(', ')}`;
      throw new CouldNotRunError(`engine ${engine}: expected ${known} for backend ${name}`);
    }
    return [{ backend: name, engine }];
  }
  if (engines === undefined || engines.length === 0) return [{ backend: name }];
  return allTargets().filter((target) => target.backend === name);
}

function backendOn(engine: string | undefined): string | undefined {
  return Object.values(OWN_BACKENDS).find(({ engines }) => engines.some(({ name }) => name === engine))?.name;
}

/** A target as messages name it. */
export function targetText({ backend, engine }: { backend: string; engine?: string | undefined }): string {
  return engine === undefined ? backend : `${backend} on ${engine}`;
}
