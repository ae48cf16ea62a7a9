/**
 * Digests of files: SHA-256, as `sha256sum` prints it.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';

/** The digest of one file. */
export interface FileDigest {
  /** Its path from the folder of the whole, with slashes. */
  readonly file: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** The digest of several files. */
export interface Digest {
  /** Of the lines `DIGEST  FILE` of its files, by name: what `sha256sum FILE… | sha256sum` gives. */
  readonly sha256: string;
  readonly files: readonly FileDigest[];
}

/**
 * The digest of files.
 *
 * @param folder - what names are relative to
 * @param nameOf - the name of a path. Default: relative to the folder
 */
export function digestOf(
  folder: string,
  files: readonly string[],
  nameOf = (path: string) => relative(folder, path).split(sep).join('/'),
): Digest {
  const each = files
    .map((path) => ({
      file: nameOf(path),
      sha256: sha256(readFileSync(path)),
    }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
  const lines = each.map((one) => `${one.sha256}  ${one.file}\n`).join('');
  return { sha256: sha256(lines), files: each };
}

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
