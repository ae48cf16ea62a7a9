/**
 * Tells when one of some files changes.
 *
 * @module
 */
import { watch } from 'node:fs';
import { dirname, join } from 'node:path';

/** An editor writes a file in several steps: a change is told once nothing has happened for so many milliseconds. */
const QUIET = 100;

/** A watch over files, until it is closed. */
export interface FileWatch {
  /** Resolves to the file that changed first, once all are at rest. */
  readonly changed: Promise<string>;
  readonly close: () => void;
}

/**
 * Watches files, from now on. Their folders are watched, since editors replace a file by a new one.
 *
 * @param files - absolute paths
 */
export function watchFiles(files: readonly string[]): FileWatch {
  const wanted = new Set(files);
  let timer: NodeJS.Timeout | undefined;
  let changedFile: string | undefined;
  let told: (file: string) => void = () => {};
  const changed = new Promise<string>((resolve) => {
    told = resolve;
  });
  const watchers = [...new Set(files.map(dirname))].map((folder) =>
    watch(folder, (_, name) => {
      const file = join(folder, name ?? ''); // not every system tells the name
      if (name !== null && !wanted.has(file)) return;
      changedFile ??= file;
      clearTimeout(timer);
      timer = setTimeout(() => told(changedFile as string), QUIET);
    }),
  );
  return {
    changed,
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}
