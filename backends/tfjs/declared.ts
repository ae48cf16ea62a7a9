/**
 * The backends `tfjs` and `tfjs-fused`, as the command line finds them.
 *
 * @module
 */
import type { BackendDeclaration, DeclaredEngine } from '../declaration.js';
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
  })),
];

const declared: readonly BackendDeclaration[] = [
  {
    name: 'tfjs',
    module: 'tfjs/backend.js',
    engines: ENGINES,
    load: async () => (await import('./backend.js')).tfjsBackend,
  },
  {
    name: 'tfjs-fused',
    module: 'tfjs/backend.js',
    engines: ENGINES.filter(({ name }) => !name.endsWith('webgl')), // webgl has no fused kernel
    load: async () => (await import('./backend.js')).fusedBackend,
  },
];

export default declared;
