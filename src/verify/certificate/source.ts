/**
 * Where a backend comes from, with the digest of its files.
 *
 * @module
 */
import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { commandIn } from '../../../backends/command/index.js';
import { declaredBackends } from '../../support/declared-backends.js';
import { shownPath, withoutPlaces } from '../report/without-places.js';
import type { CertifiedSource } from './certificate.js';
import { digestOf } from './digest.js';
import { packageModuleDigest } from './judge-digests.js';
import { moduleFiles } from './module-files.js';

/**
 * The source of a backend: of this package by its name, or of a module by its file.
 *
 * The digest of a module covers its file and all files that it and they name by relative paths in quotes, also
 * data such as WebAssembly. It does not cover packages, nor files whose names are computed. For a backend of this
 * package it covers the package's files but for the specification, which has a digest of its own. For a command it
 * covers the files among its words, and nothing that these load.
 *
 * @param backend - what `--backend` takes; a file relative to the working directory
 * @throws Error - of Node, if a file cannot be read
 * @example
 * ```ts
 * import { sourceOf } from 'class-rectification/verify';
 * sourceOf('reference').sha256.length; // → 64
 * ```
 */
export function sourceOf(backend: string): CertifiedSource {
  const own = declaredBackends.find(({ name }) => name === backend);
  if (own !== undefined) {
    const { sha256 } = packageModuleDigest(`backends/${own.module}`);
    return { backend, sha256, files: [] }; // hundreds of files, which the version of the package stands for
  }
  const words = commandIn(backend);
  if (words !== undefined) {
    const files = words
      .filter((word) => existsSync(word) && statSync(word).isFile())
      .map((word) => resolve(word));
    // a program may lie anywhere, and the way there may name a user
    return { backend: withoutPlaces(backend), ...digestOf('', files, (path) => shownPath(path)) };
  }
  const path = resolve(backend);
  return { backend: shownPath(path), ...digestOf(dirname(path), moduleFiles(path)) };
}
