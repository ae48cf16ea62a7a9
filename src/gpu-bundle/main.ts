/**
 * `npm run bundle:gpu` makes a folder that runs on a GPU machine with nothing installed and no network:
 * `./start.sh verify --engine webgpu` verifies there, `./start.sh bench` measures.
 *
 * The machine must be like this one: Linux, the same kind of processor, and a C library that is not older.
 * `--archive` also packs the folder, which takes a minute.
 *
 * @module
 */
import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { copyLibraries } from './libraries.js';
import { bundlePrograms } from './program.js';
import { START_SCRIPT } from './start-script.js';

const { values, positionals } = parseArgs({
  options: { archive: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const folder = resolve(positionals[0] ?? 'dist-gpu');
const built = resolve(dirname(fileURLToPath(import.meta.url)), '..');

if (process.platform !== 'linux') throw new Error(`bundle:gpu runs on Linux, got ${process.platform}`);
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
/** What the command line runs in a process, and in a thread, of its own. */
const children = Object.fromEntries(
  ['judging-child', 'process-guard'].map((name) => [name, join(built, `cli/judging/${name}.js`)]),
);
const programs = { crl: join(built, 'cli/crl.js'), bench: join(built, '../bench/gpu/main.js') };
await bundlePrograms({ ...programs, ...children }, folder);
// the command line looks for them beside itself, under the names that they are built with
for (const name of Object.keys(children)) {
  await rename(join(folder, `${name}.mjs`), join(folder, `${name}.js`));
}
await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
await copyFile(process.execPath, join(folder, 'node'));
await writeFile(join(folder, 'start.sh'), START_SCRIPT);
for (const program of ['node', 'start.sh']) await chmod(join(folder, program), 0o755);
const missing = await copyLibraries(join(folder, 'lib'));
if (missing.includes('libvulkan.so.1')) {
  process.stderr.write(
    'libvulkan.so.1 is not installed here (on Debian: apt-get install libvulkan1), so the GPU machine must have it\n',
  );
}
process.stdout.write(
  `Made ${folder}: ./start.sh verify --engine webgpu, ./start.sh bench --out bench.json\n`,
);

if (values.archive) {
  const archive = `${folder}.tar.xz`;
  execFileSync('tar', [
    '--create',
    '--file',
    archive,
    '--directory',
    dirname(folder),
    '--use-compress-program',
    'xz -T0 -3',
    basename(folder),
  ]);
  process.stdout.write(`Packed ${archive}: ${((await stat(archive)).size / 2 ** 20).toFixed(1)} MiB\n`);
}
