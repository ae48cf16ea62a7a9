/**
 * Bundles programs with everything that they import, one file per program.
 *
 * @module
 */
import { readdirSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { byDepth, DECLARED } from '../support/declared-backends.js';

const resolve = createRequire(import.meta.url).resolve;

/** Optional packages that a GPU machine does not need. */
const LEFT_OUT = ['mnist', 'playwright-core', 'esbuild', '@tensorflow/tfjs-backend-webgl'];

/** A bundle has no folder of backends to look through, so that what is declared there is imported by name. */
const declaredByName: Plugin = {
  name: 'declared-by-name',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]declared-backends\.js$/ }, ({ path }) => {
      const folder = join(dirname(path), '../../backends');
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
        DECLARED.test(name),
      );
      const imports = files.sort(byDepth).map((name, at) => {
        const from = relative(dirname(path), join(folder, name)).replaceAll('\\', '/');
        return `import part${at} from '${from}';`;
      });
      const parts = files.map((_, at) => `...part${at}`);
      return { contents: `${imports.join('\n')}\nexport const declaredBackends = [${parts.join(', ')}];` };
    });
  },
};

/**
 * Bundles programs, and puts the binaries that they load beside them.
 *
 * @param entries - the built file of each program, by the program's name
 */
export async function bundlePrograms(
  entries: Readonly<Record<string, string>>,
  folder: string,
): Promise<void> {
  await build({
    entryPoints: entries,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    outExtension: { '.js': '.mjs' },
    outdir: folder,
    external: LEFT_OUT,
    keepNames: true, // errors are recognised by their names
    // CommonJS packages expect these in an ES module
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
    plugins: [declaredByName],
    logLevel: 'error',
  });
  const webgpu = join('dist', `${process.platform}-${process.arch}`, 'dawn.node');
  await mkdir(dirname(join(folder, webgpu)), { recursive: true });
  await copyFile(join(dirname(resolve('webgpu')), webgpu), join(folder, webgpu));
  const wasm = dirname(resolve('@tensorflow/tfjs-backend-wasm'));
  for (const kind of ['', '-simd', '-threaded-simd']) {
    const name = `tfjs-backend-wasm${kind}.wasm`;
    await copyFile(join(wasm, name), join(folder, name));
  }
}
