/**
 * `npm run playground`: builds the playground into the site.
 *
 * @module
 */
import { resolve } from 'node:path';
import { buildPlayground } from './playground.js';

await buildPlayground(resolve(import.meta.dirname, '../site/playground'));
