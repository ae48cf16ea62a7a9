import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { entries } from './support/entries.js';
import { makeUserFolder } from './support/user-folder.test-helper.js';

/** Packages that need not be installed; `@tensorflow/tfjs` itself comes with webgl. */
const OPTIONAL = [
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-webgl',
  '@tensorflow/tfjs-backend-webgpu',
  '@tensorflow/tfjs-data',
  'webgpu',
  'sharp',
];

const homes = { without: makeUserFolder(OPTIONAL), with: makeUserFolder([]) };
afterAll(() => {
  for (const home of Object.values(homes)) rmSync(home, { recursive: true });
});

/** Bundles for a browser; warnings about a missing optional package are not errors. */
async function bundle(contents: string, home: string, external: readonly string[] = []) {
  return build({
    stdin: { contents, resolveDir: home },
    bundle: true,
    minify: true,
    format: 'esm',
    splitting: true,
    outdir: '/out',
    platform: 'browser',
    preserveSymlinks: true,
    external: [...external],
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
}

describe('a bundle for a browser', () => {
  it.each([
    "export * from 'class-rectification'",
    "export * from 'class-rectification/backends/tfjs'",
    "export * from 'class-rectification/backends/host'",
    "export * from 'class-rectification/data/arrays'",
    "export * from 'class-rectification/forecast'",
    "export * from 'class-rectification/rivals'",
    "export * from 'class-rectification/metrics'",
    "export * from 'class-rectification/explain'",
  ])('is made without the optional packages and with them: %s', async (contents) => {
    for (const home of [homes.without, homes.with]) {
      expect(existsSync(join(home, 'node_modules/webgpu'))).toBe(home === homes.with);
      const { errors } = await bundle(contents, home);
      expect(errors).toEqual([]);
    }
  });
});

describe('the loss alone, tfjs apart', () => {
  /** Modules that are loaded, and bytes that a page fetches, of code that imports from this package. */
  async function weigh(contents: string) {
    const { metafile, outputFiles } = await bundle(contents, homes.with, ['@tensorflow/*']);
    const modules = Object.keys(metafile.inputs).filter((name) => name !== '<stdin>');
    const [entry] = outputFiles.filter(({ path }) => path.endsWith('stdin.js'));
    return { modules, bytes: gzipSync((entry as { contents: Uint8Array }).contents, { level: 9 }).length };
  }

  it('is at most 120 modules, all of this package, and 38.4 kB', async () => {
    const { modules, bytes } = await weigh("export { classRectificationLoss } from 'class-rectification'");
    expect(modules.filter((name) => !name.includes('node_modules/class-rectification/'))).toEqual([]);
    expect(modules.length).toBeLessThanOrEqual(120);
    expect(bytes).toBeLessThanOrEqual(38_400);
  });

  it('without tfjs is fewer still, and this test sees a package and a size', async () => {
    const host = await weigh("export { hostLoss } from 'class-rectification/backends/host'");
    expect(host.modules.filter((name) => !name.includes('node_modules/class-rectification/'))).toEqual([]);
    expect(host.bytes).toBeLessThanOrEqual(24_900);
    const spec = await weigh("export * from 'class-rectification/spec'");
    expect(spec.modules.some((name) => name.includes('node_modules/ndarray/'))).toBe(true);
    expect(spec.bytes).toBeGreaterThan(host.bytes / 2);
  });
});

/**
 * What importing an entry may weigh, in kB minified and gzipped, with the dependencies that are installed with this
 * package, without its peers and without what is loaded on demand. Raise a number when a feature is worth it.
 */
const BUDGETS: Readonly<Record<string, number>> = {
  '.': 41,
  './verify': 110,
  './explain': 15.5,
  './spec': 24,
  './backends/host': 26,
  './backends/host/backend': 25.5,
  './backends/host/threads': 8.5,
  './backends/tfjs': 37,
  './backends/tfjs/webgpu': 15.5,
  './backends/tfjs/backend': 41.5,
  './backends/jax-js': 12,
  './backends/jax-js/backend': 15,
  './backends/command': 7.5,
  './backends/reference': 13.5,
  './data': 22,
  './data/arrays': 10,
  './forecast': 12.5,
  './rivals': 10.5,
  './metrics': 3.5,
  './wasm-convolution': 3,
  './tensorflow-gradients': 2,
};

describe('the size of each entry', () => {
  const root = resolve(import.meta.dirname, '..');
  const { name, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name: string;
    peerDependencies: Record<string, string>;
  };
  const built = Object.entries(entries(root, 'built')).map(
    ([entry, file]) => [`.${entry.slice(name.length)}`, file] as const,
  );

  /** Bytes of an entry and of all that it imports before it runs. */
  async function weigh(file: string): Promise<number> {
    const { metafile, outputFiles } = await build({
      entryPoints: { entry: file },
      bundle: true,
      minify: true,
      format: 'esm',
      splitting: true,
      outdir: '/out',
      platform: 'node',
      external: [...Object.keys(peerDependencies), '@tensorflow/*'],
      metafile: true,
      write: false,
      logLevel: 'silent',
    });
    const contents = new Map(
      outputFiles.map(({ path, contents: bytes }) => [path.replace(/^.*\//, ''), bytes]),
    );
    const outputs = new Map(
      Object.entries(metafile.outputs).map(([path, output]) => [path.replace(/^.*\//, ''), output]),
    );
    const loaded = new Set<string>();
    const load = (output: string) => {
      if (loaded.has(output)) return;
      loaded.add(output);
      for (const { path, kind, external } of outputs.get(output)?.imports ?? [])
        if (kind === 'import-statement' && !external) load(path.replace(/^.*\//, ''));
    };
    load('entry.js');
    return [...loaded].reduce(
      (bytes, output) => bytes + gzipSync(contents.get(output) as Uint8Array, { level: 9 }).length,
      0,
    );
  }

  it('has a budget', () => {
    expect(Object.keys(BUDGETS).sort()).toEqual(built.map(([entry]) => entry).sort());
  });

  it.each(built)('%s is within its budget, and uses most of it', async (entry, file) => {
    const kilobytes = (await weigh(file)) / 1000;
    const budget = BUDGETS[entry] as number;
    expect(kilobytes).toBeLessThanOrEqual(budget);
    expect(kilobytes).toBeGreaterThan(budget / 2); // else the budget says nothing
  });
});
