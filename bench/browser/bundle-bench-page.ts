/**
 * The page that measures, as files that a browser can load as they are.
 *
 * @module
 */
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, type PageFiles } from '../../src/browser/bundle.js';
import { filesInPage } from '../../src/browser/engine-names.js';
import { BENCH_HTML } from './page/markup.js';

/**
 * Bundles the page: `index.html`, two scripts, three wasm binaries.
 *
 * @throws EngineUnavailableError - if esbuild is not installed
 */
export function bundleBenchPage(): Promise<PageFiles> {
  const here = fileURLToPath(import.meta.url);
  const source = (name: string) => join(dirname(here), 'page', `${name}${extname(here)}`); // .ts in tests, .js when built
  return bundle({ page: source('main'), worker: source('worker') }, BENCH_HTML, filesInPage('tfjs'));
}
