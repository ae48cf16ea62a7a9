/**
 * The backend `reference`, as the command line finds it.
 *
 * @module
 */
import type { BackendDeclaration } from './declaration.js';

const declared: readonly BackendDeclaration[] = [
  {
    name: 'reference',
    module: 'reference.js',
    engines: [],
    load: async () => (await import('./reference.js')).referenceBackend,
  },
];

export default declared;
