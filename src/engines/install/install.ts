/**
 * Installs TensorFlow as an engine of tfjs: built once in a cache of the user, and linked into each project.
 *
 * @module
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeFolders } from '../../support/make-folders.js';
import { type Built, build, builtFolder, findBuilt, removeAbandoned } from './build.js';
import { EngineInstallError } from './errors.js';
import { type InstallableEngine, type SourceFiles, sourceFiles } from './files.js';
import { link } from './link.js';
import {
  checkCompiler,
  checkMachine,
  checkPython,
  checkRoom,
  type Machine,
  type Sizes,
  sizesOf,
  thisMachine,
} from './requirements.js';

/** What to install, and with what. */
export interface InstallOptions {
  readonly engine: InstallableEngine;
  /** Default: `class-rectification` in `$XDG_CACHE_HOME`, else in `~/.cache`. */
  readonly cache?: string | undefined;
  /** The Python that has pip. Default: `python3`. */
  readonly python?: string | undefined;
  /** Of TensorFlow. Default: the newest that was tried. */
  readonly version?: string | undefined;
  /** A folder that holds the files already; nothing is downloaded then. */
  readonly offline?: string | undefined;
  /** The `node_modules` to link it into. */
  readonly modules: string;
  /** Called before anything is downloaded, where it has to be built. */
  readonly onBuild?: ((sizes: Sizes) => void) | undefined;
}

/** What was done. */
export interface Installed extends Built {
  /** Where it was linked. */
  readonly linked: string;
  /** False if it was in the cache already. */
  readonly isNew: boolean;
  /** False if this version was not tried, so that no checksum of its wheel is known. */
  readonly wasTried: boolean;
}

/** Where engines are built if no folder is named. */
export function defaultCache(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'class-rectification');
}

/**
 * Installs an engine. Where it is in the cache already, it is only linked.
 *
 * @param machine - for tests
 * @param files - for tests; default: those of the version
 * @throws EngineInstallError - if something that it needs is missing, or the files cannot be had; nothing is
 * linked then
 */
export async function install(
  options: InstallOptions,
  machine: Machine = thisMachine(),
  files: SourceFiles = sourceFiles(options.engine, options.version),
): Promise<Installed> {
  const { engine, offline, python = 'python3', modules } = options;
  const cache = resolve(options.cache ?? defaultCache());
  checkMachine(machine);
  const folder = builtFolder(cache, engine, files.version);
  const found = findBuilt(folder);
  const downloads = join(cache, 'downloads');
  if (found === undefined) {
    try {
      makeFolders(downloads);
    } catch (cause) {
      throw new EngineInstallError(
        `${cache}: ${(cause as Error).message}; name another folder with --cache`,
        { cause },
      );
    }
    removeAbandoned(downloads);
    const compiler = process.env.CXX || 'g++';
    await checkCompiler(compiler);
    await checkPython(python, offline === undefined);
    const sizes = sizesOf(files);
    checkRoom(downloads, sizes, machine);
    options.onBuild?.(sizes);
    const built = await build(folder, engine, files, { downloads, offline, python, compiler });
    return {
      ...built,
      linked: link(built, modules),
      isNew: true,
      wasTried: files.wheel.pinned !== undefined,
    };
  }
  return { ...found, linked: link(found, modules), isNew: false, wasTried: files.wheel.pinned !== undefined };
}
