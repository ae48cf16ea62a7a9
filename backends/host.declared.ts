/**
 * The backend `host`, as the command line finds it. It stands beside its folder, which is a project of its own for
 * the compiler.
 *
 * @module
 */
import type { BackendDeclaration } from './declaration.js';

const declared: readonly BackendDeclaration[] = [
  {
    name: 'host',
    module: 'host/backend.js',
    engines: [],
    async load() {
      const { hostBackend } = await import('./host/backend.js');
      return () => hostBackend();
    },
  },
];

export default declared;
