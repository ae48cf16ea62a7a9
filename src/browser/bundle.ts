/**
 * The page as files that a browser can load as they are.
 *
 * @module
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importFor } from './missing.js';
import { PAGE_HTML } from './page/markup.js';

/** A file's name and content. */
export type PageFiles = ReadonlyMap<string, Uint8Array>;

/** The binaries of the wasm engine, which loads the one that the browser can run. */
const WASM = [
  'tfjs-backend-wasm.wasm',
  'tfjs-backend-wasm-simd.wasm',
  'tfjs-backend-wasm-threaded-simd.wasm',
];

/**
 * Bundles the page that verifies: `index.html`, two scripts, three wasm binaries; about 3 MB.
 *
 * @throws EngineUnavailableError - if esbuild is not installed
 */
export function bundlePage(): Promise<PageFiles> {
  const here = fileURLToPath(import.meta.url);
  const source = (name: string) => join(dirname(here), 'page', `${name}${extname(here)}`); // .ts in tests, .js when built
  return bundle({ page: source('main'), worker: source('worker') }, PAGE_HTML);
}

/**
 * Bundles scripts for a page with esbuild.
 *
 * @param scripts - the sources, by the names of the scripts
 * @param html - `index.html`
 * @returns also the binaries of the wasm engine
 * @throws EngineUnavailableError - if esbuild is not installed
 */
export async function bundle(scripts: Readonly<Record<string, string>>, html: string): Promise<PageFiles> {
  const { build } = await importFor('browser', 'esbuild', () => import('esbuild'));
  const { outputFiles } = await build({
    entryPoints: { ...scripts },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    minify: true,
    keepNames: true, // errors are recognised by their names
    external: ['webgpu'], // Node's; a browser has its own
    outdir: '/',
    write: false,
    logLevel: 'silent',
  });
  const files = new Map<string, Uint8Array>([['index.html', new TextEncoder().encode(html)]]);
  for (const { path, contents } of outputFiles) files.set(path.replace(/^.*[\\/]/, ''), contents);
  const wasm = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  for (const name of WASM) files.set(name, await readFile(join(wasm, name)));
  return files;
}
