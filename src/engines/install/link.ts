/**
 * Links a built engine into `node_modules`.
 *
 * The JavaScript of the package is copied, since Node would resolve the imports of a linked file from where the
 * link leads, and it must import the project's own tfjs. The libraries, which are 99 % of it, are linked.
 *
 * @module
 */
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Built } from './build.js';
import { EngineInstallError } from './errors.js';
import { type InstallableEngine, TFJS_VERSION } from './files.js';

/** The npm package of an engine. */
export const PACKAGES: Readonly<Record<InstallableEngine, string>> = {
  tensorflow: '@tensorflow/tfjs-node',
  'tensorflow-gpu': '@tensorflow/tfjs-node-gpu',
};

/** What is linked into the cache. */
const LINKED = ['lib', 'deps'];

/**
 * The `node_modules` that this package imports tfjs from.
 *
 * @throws EngineInstallError - if tfjs is not installed, or is another version than the binding works with
 */
export function projectModules(from: string = import.meta.url): string {
  const candidates = createRequire(from).resolve.paths('@tensorflow/tfjs') ?? [];
  const found = candidates.find((folder) => existsSync(manifestOf(folder)));
  if (found === undefined)
    throw new EngineInstallError(
      `@tensorflow/tfjs is not installed; get it with: npm install @tensorflow/tfjs@${TFJS_VERSION}`,
    );
  const { version } = JSON.parse(readFileSync(manifestOf(found), 'utf8')) as { version: string };
  if (version !== TFJS_VERSION) {
    throw new EngineInstallError(
      `${found}: TensorFlow's binding works with @tensorflow/tfjs ${TFJS_VERSION}, found ${version}; get that version with: npm install @tensorflow/tfjs@${TFJS_VERSION}`,
    );
  }
  return found;
}

function manifestOf(folder: string): string {
  return join(folder, '@tensorflow', 'tfjs', 'package.json');
}

/**
 * Puts the package of a built engine into `node_modules`; what an earlier installation put there is replaced.
 *
 * @returns its folder
 * @throws EngineInstallError - if npm has put the package there, with a library of its own
 */
export function link({ folder, manifest }: Built, modules: string): string {
  const target = join(modules, PACKAGES[manifest.engine]);
  if (existsSync(target) && !isOurs(target)) {
    throw new EngineInstallError(
      `${target}: npm has installed this package; remove it with npm uninstall ${PACKAGES[manifest.engine]}, then install the engine again`,
    );
  }
  const beside = `${target}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(folder, 'package'), beside, { recursive: true });
    for (const name of LINKED) symlinkSync(join(folder, name), join(beside, name));
    rmSync(target, { recursive: true, force: true }); // of the links, only they are removed
    renameSync(beside, target);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
  return target;
}

/** Takes the package out of `node_modules` again. */
export function unlink(target: string): void {
  if (isOurs(target)) rmSync(target, { recursive: true, force: true });
}

/** Whether a package was put there by {@link link}: npm makes no links inside of packages. */
function isOurs(target: string): boolean {
  return LINKED.every((name) => lstatSync(join(target, name), { throwIfNoEntry: false })?.isSymbolicLink());
}
