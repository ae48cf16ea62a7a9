/**
 * The backend `jax-js` in a page of a browser.
 *
 * @module
 */
import type { PageBackends } from '../declaration.js';
import { jaxBackend } from './backend.js';

const backends: PageBackends = () => ({ 'jax-js': jaxBackend });

export default backends;
