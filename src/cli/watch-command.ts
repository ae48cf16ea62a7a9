/**
 * `crl verify --watch`: judges a backend again whenever its file, or one that it imports by a relative path, changes.
 *
 * @module
 */
import { relative, resolve } from 'node:path';
import type { Report } from '../../properties/index.js';
import { filesOfModule } from './backend-files.js';
import { CouldNotRunError } from './backends.js';
import { errorText } from './error-text.js';
import { type FileWatch, watchFiles } from './file-watch.js';
import { stoppable } from './stop-signals.js';
import type { Verification } from './verification.js';

/** What is judged again and again. */
export interface Watched {
  /** The backend's file. */
  readonly file: string;
  /** Starts a run that judges some properties first: those that failed in the run before. */
  readonly start: (first: ReadonlySet<string>) => Verification;
  /** Tells the reports of a run. */
  readonly tell: (verification: Verification, reports: readonly Report[]) => void;
}

/** Judges a backend until a signal comes. */
export async function watchCommand({ file, start, tell }: Watched): Promise<never> {
  let current: Verification | undefined;
  let first: ReadonlySet<string> = new Set();
  /** All that the backend has ever consisted of: a file that an editor replaces may be missing just now. */
  const files = new Set<string>();
  /** Resolves to the file whose change ended the run early. */
  const judgeOnce = async (changed: Promise<string>): Promise<string | undefined> => {
    const verification = start(first);
    current = verification;
    const run = verification.run();
    const change = await Promise.race([run.then(() => undefined), changed]);
    if (change !== undefined) verification.cut(`stopped, since ${relative('', change)} changed`);
    const reports = await run;
    current = undefined;
    if (change !== undefined) return change;
    tell(verification, reports);
    const failed = reports.flatMap(({ properties }) => properties.filter((p) => p.verdict === 'failed'));
    first = new Set(failed.map(({ id }) => id));
    return undefined;
  };
  return stoppable(
    async () => {
      for (;;) {
        for (const each of filesOfModule(resolve(file))) files.add(each);
        const watch = watched(file, [...files]);
        let change: string | undefined;
        try {
          change = await judgeOnce(watch.changed);
        } catch (error) {
          current = undefined;
          process.stderr.write(errorText(error)); // also one that nobody expected: the next change may mend it
        }
        if (change === undefined) {
          say(`Waiting for ${file}, or a file that it imports, to change; Ctrl-C ends this`);
          change = await watch.changed;
        }
        say(`${relative('', change)} changed`);
        watch.close();
      }
    },
    (signal) => {
      if (current !== undefined) tell(current, current.stopped(signal));
    },
  );
}

/** @throws CouldNotRunError - if the system does not let the files be watched */
function watched(file: string, files: readonly string[]): FileWatch {
  try {
    return watchFiles(files);
  } catch (cause) {
    throw new CouldNotRunError(
      `--watch: ${file} and what it imports cannot be watched: ${(cause as Error).message}`,
      { cause },
    );
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
