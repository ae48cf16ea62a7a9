/**
 * Builds the playground into a folder: the page, its scripts, and the binaries of the wasm engine.
 *
 * @module
 */
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';

const top = resolve(import.meta.dirname, '../..');
const source = join(top, 'docs/playground');

/** What stands in for the two packages that generate code, which the policy of the page forbids. */
export const WITHOUT_GENERATED_CODE = {
  ndarray: join(source, 'strided-array.ts'),
  'ndarray-ops': join(source, 'strided-operations.ts'),
};

/** Builds the page; about 3 MB, of which 150 kB are loaded before an engine of tfjs is chosen. */
export async function buildPlayground(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true }); // the names of chunks change with their content
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: { app: join(source, 'app.tsx') },
    tsconfig: join(source, 'tsconfig.json'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    minify: true,
    keepNames: true, // errors are recognised by their names
    alias: WITHOUT_GENERATED_CODE,
    external: ['webgpu'], // Node's; a browser has its own
    outdir: folder,
    logLevel: 'error',
  });
  for (const name of ['index.html', 'playground.css']) copyFileSync(join(source, name), join(folder, name));
  copyFileSync(join(import.meta.dirname, 'site/client/favicon.svg'), join(folder, 'favicon.svg'));
  const wasm = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  for (const name of readdirSync(wasm).filter((file) => file.endsWith('.wasm')))
    copyFileSync(join(wasm, name), join(folder, name));
}
