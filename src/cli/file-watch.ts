/**
 * Tells when one of some files changes.
 *
 * @module
 */
import { existsSync, type FSWatcher, watch } from 'node:fs';
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
 * Watches files, from now on. Their folders are watched, since editors replace a file by a new one. Of a folder that
 * does not exist the nearest one above it is watched, until it comes back.
 *
 * @param files - absolute paths
 * @throws Error - of Node, if a folder cannot be watched
 */
export function watchFiles(files: readonly string[]): FileWatch {
  let timer: NodeJS.Timeout | undefined;
  let changedFile: string | undefined;
  let told: (file: string) => void = () => {};
  const changed = new Promise<string>((resolve) => {
    told = resolve;
  });
  const note = (file: string) => {
    changedFile ??= file;
    clearTimeout(timer);
    timer = setTimeout(() => told(changedFile as string), QUIET);
  };
  const close = () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
  const wanted = new Set(files.map(nearestTo));
  const watchers: FSWatcher[] = [];
  try {
    for (const folder of new Set([...wanted].map((path) => dirname(path)))) {
      const look = (name: string | null) => {
        const file = join(folder, name ?? ''); // not every system tells the name
        if (name === null || wanted.has(file)) note(file);
        else if (!existsSync(folder)) note(folder); // it was removed itself
      };
      const watcher = watch(folder, (_, name) => look(name));
      watcher.on('error', () => note(folder)); // as on systems where a folder that is watched can be removed
      watchers.push(watcher);
    }
  } catch (error) {
    close();
    throw error;
  }
  return { changed, close };
}

/** The file, or the outermost folder on the way to it that does not exist. */
function nearestTo(file: string): string {
  const folder = dirname(file);
  return folder === file || existsSync(folder) ? file : nearestTo(folder);
}
