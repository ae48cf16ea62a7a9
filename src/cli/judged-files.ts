/**
 * The files of the backends that a run judges, and whether they are at its end what they were at its start: its
 * processes load them one after the other.
 *
 * @module
 */
import { commandIn } from '../../backends/command/split-command.js';
import { type Report, withProblem } from '../../properties/index.js';
import { digestOf } from '../verify/certificate/digest.js';
import { isLoaded } from '../verify/certificate/module-files.js';
import { shownPath } from '../verify/report/without-places.js';
import { filesOfBackend } from './backend-files.js';
import type { Target } from './targets.js';

/** Files as they are when this is made. */
export class JudgedFiles {
  readonly #digests: ReadonlyMap<string, string | undefined>;

  /** @throws CouldNotRunError - if there is no such backend */
  constructor(targets: readonly Target[]) {
    const files = new Set(
      targets.flatMap(({ backend }) => {
        const own = filesOfBackend(backend);
        // a module may name a log that it writes; of a program nobody knows which of its files it loads
        return commandIn(backend) === undefined ? own.filter(isLoaded) : own;
      }),
    );
    this.#digests = new Map([...files].map((file) => [file, digestNow(file)]));
  }

  /** The names of those that have changed since. */
  changed(): string[] {
    return [...this.#digests.keys()]
      .filter((file) => digestNow(file) !== this.#digests.get(file))
      .map((file) => shownPath(file));
  }

  /** The reports of a run that has ended: they do not pass if a file has changed. */
  checked(reports: readonly Report[]): readonly Report[] {
    const changed = this.changed();
    if (changed.length === 0) return reports;
    const problem = `${changed.join(', ')} changed while it was judged: some cases were asked of the old version; leave it alone and run again, or use --watch`;
    return reports.map((report) => withProblem(report, problem));
  }
}

/** Undefined for a file that is gone, or that cannot be read at once. */
function digestNow(file: string): string | undefined {
  try {
    return digestOf('', [file]).sha256;
  } catch {
    return undefined;
  }
}
