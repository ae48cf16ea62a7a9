/**
 * `npm run playground`: builds the playground into the package of the command line, whose `crl playground` serves
 * it.
 *
 * @module
 */
import { resolve } from 'node:path';
import { buildPlayground } from './playground.js';

await buildPlayground(resolve(import.meta.dirname, '../../src/cli/package/playground'));
