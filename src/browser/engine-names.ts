/**
 * The engines of browsers, as the folders of the backends declare them, for code that must load neither a backend
 * nor a browser.
 *
 * @module
 */
import type { BackendDeclaration } from '../../backends/declaration.js';
import { declaredBackends } from '../support/declared-backends.js';
import type { PageEngines } from './page/plan.js';

/** The backends that run in a browser. */
export const BROWSER_BACKENDS: readonly BackendDeclaration[] = declaredBackends.filter(({ page }) => page);

/** `browser-cpu`, `browser-wasm`, `browser-webgl`, `browser-webgpu`, and those of other families. */
export const BROWSER_ENGINE_NAMES: readonly string[] = [
  ...new Set(BROWSER_BACKENDS.flatMap((declared) => [...enginesInPage(declared).keys()])),
];

/** The engines of a backend in a browser, and what each is called in the page. */
export function enginesInPage({ engines }: BackendDeclaration): ReadonlyMap<string, string> {
  return new Map(
    engines.flatMap(({ name, inPage }) => (inPage === undefined ? [] : [[name, inPage] as const])),
  );
}

/** Whether an engine of a backend is one of a browser. */
export function isInBrowser(backend: string, engine: string): boolean {
  return BROWSER_BACKENDS.some(
    (declared) => declared.name === backend && enginesInPage(declared).has(engine),
  );
}

/** The first backend that has an engine of a browser. */
export function browserBackendOn(engine: string): BackendDeclaration | undefined {
  return BROWSER_BACKENDS.find((declared) => enginesInPage(declared).has(engine));
}

/** The files that a backend loads in a page, as `package/path`. */
export function filesInPage(backend: string): readonly string[] {
  return BROWSER_BACKENDS.find(({ name }) => name === backend)?.page?.files ?? [];
}

/** What a page of these backends can be asked for. */
export function pageEngines(backends: readonly BackendDeclaration[]): PageEngines {
  return Object.fromEntries(
    backends.map((declared) => [declared.name, [...enginesInPage(declared).values()]]),
  );
}
