/**
 * The page that measures, as files that a browser can load as they are.
 *
 * @module
 */
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import declared from '../../backends/tfjs/declared.js';
import { bundle, type PageFiles } from '../../src/browser/bundle.js';
import { BENCH_HTML } from './page/markup.js';

/** The binaries of the wasm engine, which loads the one that the browser can run. */
const WASM = [...new Set(declared.flatMap(({ page }) => page?.files ?? []))];

/**
 * Bundles the page: `index.html`, two scripts, three wasm binaries.
 *
 * @throws EngineUnavailableError - if esbuild is not installed
 */
export function bundleBenchPage(): Promise<PageFiles> {
  const here = fileURLToPath(import.meta.url);
  const source = (name: string) => join(dirname(here), 'page', `${name}${extname(here)}`); // .ts in tests, .js when built
  return bundle({ page: source('main'), worker: source('worker') }, BENCH_HTML, WASM);
}
