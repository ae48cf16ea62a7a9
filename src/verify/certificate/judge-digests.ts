/**
 * Digests of what judges: the specification, the suite and the vectors of this package.
 *
 * @module
 */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Digest, digestOf } from './digest.js';
import { moduleFiles } from './module-files.js';

/** The folder of `spec`, `properties` and `src`: the package's, or `dist` where it is built. */
const CODE = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** What judges, without the lists of files. */
export interface JudgeDigests {
  /** `spec/`. */
  readonly specification: string;
  /** `properties/`, and all else that runs while a backend is judged. */
  readonly suite: string;
  /** `spec/vectors/`. */
  readonly vectors: string;
}

/** The digests of this package, as it is installed here. */
export function judgeDigests(): JudgeDigests {
  return {
    specification: codeDigest('spec/index.js').sha256,
    suite: codeDigest('src/verify/session.js', isSpecification).sha256,
    vectors: vectorsDigest().sha256,
  };
}

/**
 * The digest of a module of this package, with the files that it names, but without the specification.
 *
 * @param path - from the folder of `spec` and `backends`
 */
export function packageModuleDigest(path: string): Digest {
  return codeDigest(path, isSpecification);
}

function codeDigest(path: string, without?: (file: string) => boolean): Digest {
  return digestOf(CODE, moduleFiles(join(CODE, path), without));
}

function isSpecification(file: string): boolean {
  return file.startsWith(join(CODE, 'spec', '/'));
}

/** The vectors are not compiled: they lie beside `dist`. */
function vectorsDigest(): Digest {
  const places = [join(CODE, 'spec/vectors'), join(CODE, '../spec/vectors')];
  const folder = places.find((place) => existsSync(place)) as string;
  return digestOf(
    folder,
    readdirSync(folder).map((name) => join(folder, name)),
  );
}
