/**
 * The backend `jax-js`, as the command line finds it.
 *
 * @module
 */
import type { BackendDeclaration } from '../declaration.js';
import { EngineUnavailableError } from '../engine-unavailable-error.js';
import { importOptional } from '../optional-package.js';
import { JAX_ENGINE_NAMES } from './names.js';

const declared: readonly BackendDeclaration[] = [
  {
    name: 'jax-js',
    module: 'jax-js/backend.js',
    engines: [
      { name: 'jax-wasm', use: 'where-installed' },
      ...JAX_ENGINE_NAMES.map((name) => ({
        name: `browser-${name}`,
        use: 'if-named' as const,
        inPage: name,
      })),
    ],
    packages: ['@jax-js/jax'],
    page: { module: 'jax-js/in-page.js' },
    load: async () => async (options) => {
      const { engine = 'jax-wasm' } = options;
      const refuse = (reason: string, cause: unknown) =>
        new EngineUnavailableError(engine, reason, { cause });
      const { jaxBackend } = await importOptional('@jax-js/jax', () => import('./backend.js'), { refuse });
      return jaxBackend(options);
    },
  },
];

export default declared;
