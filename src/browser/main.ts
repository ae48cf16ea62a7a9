/**
 * `npm run browser`: builds the page into a folder and serves it, to be opened in any browser.
 *
 * @module
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundlePage } from './bundle.js';
import { servePage } from './serve.js';

const folder = process.argv[2] ?? 'dist-browser';
const files = await bundlePage();
await mkdir(folder, { recursive: true });
for (const [name, content] of files) await writeFile(join(folder, name), content);
const { address } = await servePage(files, Number(process.env.PORT ?? 0));
process.stdout.write(`Built ${folder}; open ${address}, and stop with Ctrl-C\n`);
process.stdout.write(`By hand: ${address}?engine=webgpu&runs=100&seed=7\n`);
