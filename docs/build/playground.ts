/**
 * Builds the playground into a folder: the page, its scripts, and the binaries of the wasm engine.
 *
 * @module
 */
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

const top = resolve(import.meta.dirname, '../..');
const source = join(top, 'docs/playground');

/** What stands in for the two packages that generate code, which the policy of the page forbids. */
export const WITHOUT_GENERATED_CODE = {
  ndarray: join(source, 'strided-array.ts'),
  'ndarray-ops': join(source, 'strided-operations.ts'),
};

const BUNDLED = {
  tsconfig: join(source, 'tsconfig.json'),
  bundle: true,
  format: 'esm',
  platform: 'browser',
  minify: true,
  keepNames: true, // errors are recognised by their names
  alias: WITHOUT_GENERATED_CODE,
  external: ['webgpu'], // Node's; a browser has its own
  logLevel: 'error',
} satisfies BuildOptions;

/** The files of the widget of a stage, for the pages that have one. */
export const STAGE_WIDGET = {
  script: 'assets/stage-widget.js',
  styles: ['assets/parts.css', 'assets/stage-widget.css'],
};

/** Builds the widget of the stages into a site. Its pages are also opened from a disk, so that it is no module. */
export async function buildStageWidget(site: string): Promise<void> {
  const outfile = join(site, STAGE_WIDGET.script);
  const entryPoints = [join(source, 'stage-widget.tsx')];
  await build({ ...BUNDLED, entryPoints, format: 'iife', outfile });
  for (const style of STAGE_WIDGET.styles) copyFileSync(join(source, basename(style)), join(site, style));
}

/** Builds the page; about 3 MB, of which 150 kB are loaded before an engine of tfjs is chosen. */
export async function buildPlayground(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true }); // the names of chunks change with their content
  mkdirSync(folder, { recursive: true });
  await build({ ...BUNDLED, entryPoints: { app: join(source, 'app.tsx') }, splitting: true, outdir: folder });
  for (const name of ['index.html', 'playground.css', 'parts.css'])
    copyFileSync(join(source, name), join(folder, name));
  copyFileSync(join(import.meta.dirname, 'site/client/favicon.svg'), join(folder, 'favicon.svg'));
  const wasm = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  for (const name of readdirSync(wasm).filter((file) => file.endsWith('.wasm')))
    copyFileSync(join(wasm, name), join(folder, name));
}
