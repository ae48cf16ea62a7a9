/**
 * `npm run bench:page`: builds the page that measures into a folder and serves it, to be opened in any browser.
 *
 * @module
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { servePage } from '../../src/browser/serve.js';
import { bundleBenchPage } from './bundle-bench-page.js';

const folder = process.argv[2] ?? 'dist-bench';
const files = await bundleBenchPage();
await mkdir(folder, { recursive: true });
for (const [name, content] of files) await writeFile(join(folder, name), content);
const { address } = await servePage(files, Number(process.env.PORT ?? 0));
process.stdout.write(`Built ${folder}; open ${address}, and stop with Ctrl-C\n`);
