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
import { PAGE_CSS, pageHtml } from './page/markup.js';

/** A file's name and content. */
export type PageFiles = ReadonlyMap<string, Uint8Array>;

/** The binaries of the wasm engine, which loads the one that the browser can run. */
const WASM = [
  'tfjs-backend-wasm.wasm',
  'tfjs-backend-wasm-simd.wasm',
  'tfjs-backend-wasm-threaded-simd.wasm',
];

/** What the page needs as a part of a site, which has a content security policy. */
export interface SitePart {
  /** Modules that stand in for packages that make code from text, by the names of the packages. */
  readonly alias: Readonly<Record<string, string>>;
  /** The address of the page that the site begins with. */
  readonly home: string;
}

/**
 * Bundles the page that verifies: `index.html`, its style, two scripts, three wasm binaries; about 3 MB.
 *
 * @param site - the site that it becomes a part of. Without one it is a page of its own, without a policy, since
 * `ndarray` makes code from text.
 * @throws EngineUnavailableError - if esbuild is not installed
 */
export async function bundlePage(site?: SitePart): Promise<PageFiles> {
  const here = fileURLToPath(import.meta.url);
  const source = (name: string) => join(dirname(here), 'page', `${name}${extname(here)}`); // .ts in tests, .js when built
  const scripts = { page: source('main'), worker: source('worker') };
  const files = await bundle(scripts, pageHtml(site?.home), site?.alias);
  return new Map([...files, ['page.css', new TextEncoder().encode(PAGE_CSS)]]);
}

/**
 * Bundles scripts for a page with esbuild.
 *
 * @param scripts - the sources, by the names of the scripts
 * @param html - `index.html`
 * @param alias - modules that stand in for packages, by their names
 * @returns also the binaries of the wasm engine
 * @throws EngineUnavailableError - if esbuild is not installed
 */
export async function bundle(
  scripts: Readonly<Record<string, string>>,
  html: string,
  alias: Readonly<Record<string, string>> = {},
): Promise<PageFiles> {
  const { build } = await importFor('browser', 'esbuild', () => import('esbuild'));
  const { outputFiles } = await build({
    entryPoints: { ...scripts },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    minify: true,
    keepNames: true, // errors are recognised by their names
    alias: { ...alias },
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
