/**
 * Builds an engine in the cache: TensorFlow's libraries out of a Python wheel, and the npm package that calls
 * them, whose two C++ files are compiled against them.
 *
 * @module
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isRunning } from '../../support/process-identity.js';
import { startProgress } from '../../support/progress.js';
import { EngineInstallError } from './errors.js';
import { type FetchOptions, fetchFile } from './fetch.js';
import type { InstallableEngine, SourceFiles } from './files.js';
import { runOrRefuse, runProgram } from './programs.js';
import { unpackCuda, unpackPackage, unpackWheel } from './unpack.js';

/** Counts up when the same files would be built in another way. */
const RECIPE = 1;

/** The version of Node's binary interface that the binding asks for; Node 20 and all later have it. */
const NODE_API = 8;

/** The libraries of TensorFlow, as the binding is linked with them. */
const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

/** Where the binding lies in its package. */
const BINDING = join('lib', `napi-v${NODE_API}`, 'tfjs_binding.node');

/** A built engine in the cache. */
export interface Built {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** What a built engine is made of. */
export interface Manifest {
  readonly engine: InstallableEngine;
  readonly tensorflow: string;
  readonly tfjs: string;
  readonly recipe: number;
  /** Bytes of each file that is not linked or copied whole: a shorter one was damaged. */
  readonly files: Readonly<Record<string, number>>;
}

/** The folder of a built engine. */
export function builtFolder(cache: string, engine: InstallableEngine, version: string): string {
  return join(cache, engine, `${version}-${RECIPE}`);
}

/** The built engine of a folder; undefined if there is none, or if a file of it is gone or cut. */
export function findBuilt(folder: string): Built | undefined {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
  const whole = Object.entries(manifest.files).every(
    ([name, bytes]) => statSync(join(folder, name), { throwIfNoEntry: false })?.size === bytes,
  );
  return whole ? { folder, manifest } : undefined;
}

/** How an engine is built. */
export interface BuildOptions extends FetchOptions {
  readonly compiler: string;
}

/**
 * Builds an engine beside its folder, and moves it there once it is whole.
 *
 * @throws EngineInstallError - nothing is left then but whole downloads
 */
export async function build(
  folder: string,
  engine: InstallableEngine,
  files: SourceFiles,
  options: BuildOptions,
): Promise<Built> {
  removeAbandoned(dirname(folder));
  const beside = `${folder}.${process.pid}.tmp`;
  try {
    mkdirSync(beside, { recursive: true });
    const fetched = await fetchAll(files, options);
    await assemble(beside, engine, files, fetched, options);
    rmSync(folder, { recursive: true, force: true });
    renameSync(beside, folder);
    // the wheel is a third as large as what was made of it, and not needed again
    for (const path of fetched.values()) if (options.offline === undefined) rmSync(path, { force: true });
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
  const built = findBuilt(folder);
  if (built === undefined)
    throw new EngineInstallError(`${folder}: another process has changed it meanwhile`);
  return built;
}

/** Removes what processes that were killed have left. */
export function removeAbandoned(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const [, id] = /\.(\d+)\.tmp$/.exec(name) ?? /^partial-(\d+)-/.exec(name) ?? [];
    if (id !== undefined && !isRunning(Number(id))) rmSync(join(folder, name), { recursive: true });
  }
}

type Fetched = ReadonlyMap<string, string>;

/** Paths by project. */
async function fetchAll(files: SourceFiles, options: FetchOptions): Promise<Fetched> {
  const { wheel, libraries, binding, imported, headers } = files;
  const needed = [
    binding,
    ...imported,
    ...(headersBesideNode() === undefined ? [headers] : []),
    wheel,
    ...libraries,
  ];
  const fetched = new Map<string, string>();
  for (const file of needed) fetched.set(file.project, await fetchFile(file, options));
  return fetched;
}

async function assemble(
  folder: string,
  engine: InstallableEngine,
  files: SourceFiles,
  fetched: Fetched,
  { python, compiler, offline }: BuildOptions,
): Promise<void> {
  const bar = startProgress(`Building ${engine} ${files.version}`, 4);
  const from = ({ project }: { readonly project: string }) => fetched.get(project) as string;
  const deps = join(folder, 'deps');
  try {
    bar.show('unpacking');
    const source = join(folder, 'package');
    await unpackPackage(python, from(files.binding), source);
    for (const file of files.imported)
      await unpackPackage(python, from(file), join(source, 'node_modules', file.project));
    writeLocator(join(source, 'node_modules', '@mapbox', 'node-pre-gyp'));
    await unpackWheel(python, from(files.wheel), deps);
    for (const library of LIBRARIES) {
      if (!existsSync(join(deps, 'lib', library)))
        throw new EngineInstallError(
          `${from(files.wheel)}: expected ${library} in it; this version has another layout`,
        );
    }
    for (const file of files.libraries) {
      await unpackCuda(python, from(file), deps);
      if (offline === undefined) rmSync(from(file), { force: true }); // the disk need not hold all of them twice
    }
    bar.advance('compiling');
    let include = headersBesideNode();
    if (include === undefined) {
      await unpackPackage(python, from(files.headers), join(folder, 'headers'));
      include = join(folder, 'headers', 'include');
    }
    await compile(compiler, folder, include);
    bar.advance('stripping');
    // without strip the libraries are a third larger, and work
    await runProgram('strip', ['--strip-unneeded', ...LIBRARIES.map((name) => join(deps, 'lib', name))]);
    bar.advance('writing');
    for (const name of ['headers', 'deps/include', 'package/binding', 'package/src', 'package/scripts'])
      rmSync(join(folder, name), { recursive: true, force: true });
    const kept = [
      BINDING,
      ...LIBRARIES.map((name) => join('deps', 'lib', name)),
      ...filesBelow(folder, join('deps', 'nvidia')),
    ];
    const manifest: Manifest = {
      engine,
      tensorflow: files.version,
      tfjs: files.binding.version,
      recipe: RECIPE,
      files: Object.fromEntries(kept.map((name) => [name, statSync(join(folder, name)).size])),
    };
    writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  } catch (error) {
    bar.stop();
    throw error;
  }
  bar.stop(`Built ${engine} ${files.version}`);
}

/** The files of a folder in another, by their paths from the latter; none if it is not there. */
function filesBelow(folder: string, inside: string): string[] {
  if (!existsSync(join(folder, inside))) return [];
  return readdirSync(join(folder, inside), { recursive: true, encoding: 'utf8' })
    .map((name) => join(inside, name))
    .filter((name) => statSync(join(folder, name)).isFile());
}

async function compile(compiler: string, folder: string, nodeHeaders: string): Promise<void> {
  const sources = join(folder, 'package', 'binding');
  mkdirSync(join(folder, dirname(BINDING)), { recursive: true });
  await runOrRefuse(
    compiler,
    [
      ...['-std=c++17', '-O2', '-shared', '-fPIC', `-DNAPI_VERSION=${NODE_API}`],
      ...['-I', nodeHeaders, '-I', join(folder, 'deps', 'include')],
      ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(sources, name)),
      ...['-o', join(folder, BINDING), '-L', join(folder, 'deps', 'lib')],
      ...LIBRARIES.map((name) => `-l:${name}`),
      // where the binding looks for the libraries: seen from itself, so that the cache can be moved
      '-Wl,-rpath,$ORIGIN/../../deps/lib',
    ],
    `${compiler} could not compile the binding`,
  );
}

/** Node's own headers, which most distributions put beside it. */
function headersBesideNode(): string | undefined {
  const folder = resolve(dirname(process.execPath), '..', 'include', 'node');
  return existsSync(join(folder, 'node_api.h')) ? folder : undefined;
}

/**
 * Writes what the package imports as `@mapbox/node-pre-gyp`, and asks one question: where is the binding? The
 * npm package of that name, which also downloads and compiles bindings, brings sixty others for it.
 */
function writeLocator(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const manifest = { name: '@mapbox/node-pre-gyp', version: '1.0.9', main: 'index.js' };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest)}\n`);
  writeFileSync(
    join(folder, 'index.js'),
    `const { dirname, join } = require('node:path');
exports.find = (manifest) => join(dirname(manifest), ${JSON.stringify(BINDING)});
`,
  );
}
