/**
 * `npm run bench:page`: builds the page that measures into a folder and serves it, to be opened in any browser.
 *
 * @module
 */
import { Command } from 'commander';
import { buildAndServe } from '../../src/browser/build-and-serve.js';
import { bundleBenchPage } from './bundle-bench-page.js';

const [folder] = new Command('bench:page')
  .description('Builds the page that measures into a folder, and serves it')
  .argument('[folder]', 'folder to build in', 'dist-bench')
  .parse().processedArgs as [string];
await buildAndServe(await bundleBenchPage(), folder);
