/**
 * What the folder of a backend declares, so that the command line finds it: nothing else names a backend.
 *
 * A file `declared.ts` in the folder, or `NAME.declared.ts` beside it, exports {@link BackendDeclaration}s by
 * default. It must load neither the backend nor its engine.
 *
 * @module
 */
import type { BackendModule } from '../spec/contract.js';

/** When a command that was given no engine runs on this one. */
export type EngineUse =
  /** Always: it needs nothing beside npm packages that are always installed. */
  | 'always'
  /** Where it is installed; elsewhere the report says how to get it. */
  | 'where-installed'
  /** Never: on most machines the suite takes many minutes there. */
  | 'if-named';

/** An engine of a backend. */
export interface DeclaredEngine {
  readonly name: string;
  readonly use: EngineUse;
  /** For an engine of a browser, which runs in a page: what it is called there. By convention `name` is `browser-` and this. */
  readonly inPage?: string;
}

/** How a page of a browser makes a backend. */
export interface DeclaredPage {
  /** Its module below `backends`, as it is built. Its default export is a {@link PageBackends}. */
  readonly module: string;
  /** Files that it loads from the folder of the page, as `package/path`. Default: none. */
  readonly files?: readonly string[];
}

/** Makes the backends of a page by their names. @param folder - the address of the page's folder */
export type PageBackends = (folder: string) => Readonly<Record<string, BackendModule>>;

/** A backend that comes with this package. */
export interface BackendDeclaration {
  readonly name: string;
  /** Its module below `backends`, as it is built, such as `host/backend.js`: what a certificate takes the digest of. */
  readonly module: string;
  /** Its engines; none if it has only one way to compute. */
  readonly engines: readonly DeclaredEngine[];
  /** The packages that it computes with: a report tells their versions. Default: none. */
  readonly packages?: readonly string[];
  /** For a backend that has engines of a browser. */
  readonly page?: DeclaredPage;
  /**
   * Loads it.
   *
   * @throws EngineUnavailableError - if it needs an optional package that is not installed
   */
  readonly load: () => Promise<BackendModule>;
}
