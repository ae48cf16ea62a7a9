/**
 * Compiles the SIMD source and prints its bytes as a module, which `npm run wasm` keeps in bytes.ts:
 * nothing is compiled where the package is used, in Node or a browser.
 *
 * No TypeScript, since the types of the compiler would replace those of Node everywhere.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

/** Whose exports are those of the module. */
const ENTRIES = ['squares.ts', 'distances.ts', 'slope.ts', 'mine.ts'];
const SOURCES = [...ENTRIES, 'keys.ts'];
const folder = fileURLToPath(new URL('assembly', import.meta.url));

let wasm = new Uint8Array();
const choices = ['--optimizeLevel', '3', '--runtime', 'stub', '--noAssert', '--enable', 'simd'];
const { error, stderr } = await asc.main([...ENTRIES, '--outFile', 'wasm', ...choices], {
  readFile: (name) => (SOURCES.includes(name) ? readFileSync(join(folder, name), 'utf8') : null),
  writeFile: (_, contents) => {
    if (typeof contents !== 'string') wasm = contents;
  },
  listFiles: () => [],
});
if (error) throw new Error(stderr.toString(), { cause: error });

const base64 = Buffer.from(wasm).toString('base64');
process.stdout.write(`/**
 * What \`npm run wasm\` made of assembly: edit that, not this.
 *
 * @module
 */

/** A WebAssembly module in base64. */
export const BASE64 = [
${base64.replace(/.{1,100}/g, "  '$&',\n")}].join('');
`);
