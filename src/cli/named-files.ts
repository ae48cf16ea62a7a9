/**
 * The files that a command was given: two options may not name the same one if the command writes to it, and what is
 * written takes the place of no folder, device or pipe.
 *
 * @module
 */
import { NotAFileError, outputTarget, realPathOf } from '../support/output-target.js';
import { CouldNotRunError } from './backends.js';

/** A file that an option names. */
export interface NamedFile {
  /** Such as `--certificate`. */
  readonly option: string;
  readonly file: string;
  /** Whether the command writes to it. */
  readonly isWritten: boolean;
}

/** A file that an option names, if it was given. */
export function namedFile(option: string, file: string | undefined, isWritten = false): NamedFile[] {
  return file === undefined ? [] : [{ option, file, isWritten }];
}

/**
 * Refuses to write a file that another option reads or writes, and one whose place cannot be taken. Links and
 * detours are followed.
 *
 * @throws CouldNotRunError - naming the options
 */
export function checkNamedFiles(files: readonly NamedFile[]): void {
  for (const { option, file } of files.filter(({ isWritten }) => isWritten)) {
    if (file.trim() === '') throw new CouldNotRunError(`${option}: expected the name of a file, got none`);
    try {
      outputTarget(file);
    } catch (cause) {
      if (!(cause instanceof NotAFileError)) throw cause;
      throw new CouldNotRunError(`${option} ${file}: ${cause.message}`, { cause });
    }
  }
  const places = files.map((named) => ({ ...named, place: realPathOf(named.file) }));
  for (const [at, one] of places.entries()) {
    const other = places
      .slice(0, at)
      .find(({ place, isWritten }) => place === one.place && (isWritten || one.isWritten));
    if (other === undefined) continue;
    const [written, kept] = one.isWritten ? [one, other] : [other, one];
    throw new CouldNotRunError(
      `${written.option} ${written.file}: expected a file of its own, got the file of ${kept.option} ${kept.file}; name another file`,
    );
  }
}
