/**
 * Counts GPU programs, and keeps one watch for each of tfjs's backend objects.
 *
 * @module
 */
import type { EngineWatch } from './engine.js';

const watches = new WeakMap<object, EngineWatch>();

/** The watch of a backend object. It is made once, since an engine may become current many times. */
export function watchOnce(backend: object, make: () => EngineWatch): EngineWatch {
  const found = watches.get(backend) ?? make();
  watches.set(backend, found);
  return found;
}

/** The watch of a backend object, if one was made. */
export function watchOf(backend: object): EngineWatch | undefined {
  return watches.get(backend);
}

/** Counts the calls of a method of one object from now on. */
export function countCalls<Method extends string>(
  owner: { [M in Method]: (...args: never[]) => unknown },
  method: Method,
): () => number {
  let calls = 0;
  const original = owner[method] as (...args: never[]) => unknown;
  Object.defineProperty(owner, method, {
    configurable: true,
    writable: true,
    value(this: unknown, ...args: never[]) {
      calls += 1;
      return original.apply(this, args);
    },
  });
  return () => calls;
}
