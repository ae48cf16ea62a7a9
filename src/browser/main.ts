/**
 * `npm run browser`: builds the page into a folder and serves it, to be opened in any browser.
 *
 * @module
 */
import { Command } from 'commander';
import { buildAndServe } from './build-and-serve.js';
import { bundlePage } from './bundle.js';

const [folder] = new Command('browser')
  .description('Builds the page that verifies into a folder, and serves it')
  .argument('[folder]', 'folder to build in', 'dist-browser')
  .parse().processedArgs as [string];
const address = await buildAndServe(await bundlePage(), folder);
process.stdout.write(`By hand: ${address}?engine=webgpu&runs=100&seed=7\n`);
