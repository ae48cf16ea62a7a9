/**
 * Builds the page "Verify in this browser" of the site: the one that `crl verify --engine browser-wasm` drives,
 * with a way back to the site.
 *
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { bundlePage } from '../../src/browser/bundle.js';
import { WITHOUT_GENERATED_CODE } from './playground.js';

/** Its address below the site. It is a program and no document, so that it has a folder of its own. */
export const IN_THIS_BROWSER = 'verify/in-this-browser/index.html';

/** The files of the page, which runs under the policy of the site, its workers too. */
export function verifyPage() {
  const home = relative(dirname(IN_THIS_BROWSER), 'index.html').replaceAll('\\', '/');
  return bundlePage({ site: { alias: WITHOUT_GENERATED_CODE, home } });
}

/** Writes the page into a site. */
export async function buildVerifyPage(site: string): Promise<void> {
  const folder = join(site, dirname(IN_THIS_BROWSER));
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of await verifyPage()) writeFileSync(join(folder, name), content);
}
