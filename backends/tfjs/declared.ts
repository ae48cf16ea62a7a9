/**
 * The backends `tfjs` and `tfjs-fused`, as the command line finds them.
 *
 * @module
 */
import type { BackendDeclaration, DeclaredEngine, DeclaredPage } from '../declaration.js';
import { ENGINE_NAMES, type EngineName } from './engines/names.js';

const USE: Record<EngineName, DeclaredEngine['use']> = {
  cpu: 'always',
  wasm: 'always',
  tensorflow: 'where-installed',
  'tensorflow-gpu': 'where-installed',
  webgpu: 'if-named',
  webgl: 'if-named',
};

const ENGINES: readonly DeclaredEngine[] = [
  ...ENGINE_NAMES.map((name) => ({ name, use: USE[name] })),
  ...['cpu', 'wasm', 'webgl', 'webgpu'].map((name) => ({
    name: `browser-${name}`,
    use: 'if-named' as const,
    inPage: name,
  })),
];

/** The page loads the binary that its browser can run. */
const PAGE: DeclaredPage = {
  module: 'tfjs/in-page.js',
  files: ['tfjs-backend-wasm', 'tfjs-backend-wasm-simd', 'tfjs-backend-wasm-threaded-simd'].map(
    (name) => `@tensorflow/tfjs-backend-wasm/dist/${name}.wasm`,
  ),
};

const BOTH = { module: 'tfjs/backend.js', packages: ['@tensorflow/tfjs-core'], page: PAGE };

const declared: readonly BackendDeclaration[] = [
  {
    ...BOTH,
    name: 'tfjs',
    engines: ENGINES,
    load: async () => (await import('./backend.js')).tfjsBackend,
  },
  {
    ...BOTH,
    name: 'tfjs-fused',
    engines: ENGINES.filter(({ name }) => !name.endsWith('webgl')), // webgl has no fused kernel
    load: async () => (await import('./backend.js')).fusedBackend,
  },
];

export default declared;
