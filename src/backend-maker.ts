/**
 * Makes a backend to be judged, and others of its kind that have answered nothing yet.
 *
 * @module
 */
import type { Afresh, Subject } from '../properties/index.js';
import type { BackendModule } from '../spec/index.js';
import { type MakeOptions, makeSubject } from './make-backend.js';

/** What {@link backendMaker} makes. */
export interface BackendMaker {
  /** @throws as {@link makeSubject} does */
  readonly make: () => Promise<Subject>;
  /** Asks another backend, and disposes of it; undefined if the module has but one, or makes no other. */
  readonly afresh: Afresh;
}

/** A maker of the backends that a module has or makes. */
export function backendMaker(module: BackendModule, options: MakeOptions = {}): BackendMaker {
  const made = new Set<unknown>();
  let isOther = false;
  const noting: BackendModule =
    typeof module === 'function'
      ? async (given) => {
          const backend = await module(given);
          isOther = !made.has(backend);
          made.add(backend);
          return backend;
        }
      : module;
  const make = () => makeSubject(noting, options);
  return {
    make,
    async afresh(ask) {
      if (typeof module !== 'function') return undefined;
      // one that cannot be made twice is no reason to lose the verdict: then the one that is judged is asked
      const subject = await make().catch(() => undefined);
      if (subject === undefined || !isOther) return undefined;
      try {
        return await ask(subject);
      } finally {
        // what fails here fails with the backend that is judged too, and is told then
        await (async () => subject.backend.dispose?.())().catch(() => {});
      }
    },
  };
}
