import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
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

  it('is at most 120 modules, all of this package, and 36.6 kB', async () => {
    const { modules, bytes } = await weigh("export { classRectificationLoss } from 'class-rectification'");
    expect(modules.filter((name) => !name.includes('node_modules/class-rectification/'))).toEqual([]);
    expect(modules.length).toBeLessThanOrEqual(120);
    expect(bytes).toBeLessThanOrEqual(36_600);
  });

  it('without tfjs is fewer still, and this test sees a package and a size', async () => {
    const host = await weigh("export { hostLoss } from 'class-rectification/backends/host'");
    expect(host.modules.filter((name) => !name.includes('node_modules/class-rectification/'))).toEqual([]);
    expect(host.bytes).toBeLessThanOrEqual(24_300);
    const spec = await weigh("export * from 'class-rectification/spec'");
    expect(spec.modules.some((name) => name.includes('node_modules/ndarray/'))).toBe(true);
    expect(spec.bytes).toBeGreaterThan(host.bytes / 2);
  });
});
