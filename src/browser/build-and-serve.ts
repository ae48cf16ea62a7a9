/**
 * A page that is opened by hand: its files in a folder, and a server.
 *
 * @module
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PageFiles } from './bundle.js';
import { servePage } from './serve.js';

/**
 * Writes the files of a page into a folder, and serves them until the process is stopped, at the port that `PORT` in
 * the environment names, else at any free one.
 *
 * @returns the address of the page
 */
export async function buildAndServe(files: PageFiles, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of files) await writeFile(join(folder, name), content);
  const { address } = await servePage(files, Number(process.env.PORT ?? 0));
  process.stdout.write(`Built ${folder}; open ${address}, and stop with Ctrl-C\n`);
  return address;
}
