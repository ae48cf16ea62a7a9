/**
 * What a benchmark checks before it measures, so that no minutes are lost: its Python, and its folder.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';

/** Why a program is no Python with a package, as a sentence that names `--python`; undefined if it is one. */
export function pythonProblem(python: string, needed: 'numpy' | 'torch'): string | undefined {
  const { error, status, stdout, stderr } = spawnSync(
    python,
    ['-c', `import ${needed}; print(${needed}.__version__)`],
    { encoding: 'utf8' },
  );
  const problem = (reason: string) => `--python: expected a Python with ${needed}, got ${python}: ${reason}`;
  if (error) return problem(error.message);
  if (status !== 0) return problem(stderr.trim().split('\n').at(-1) || `it ended with exit code ${status}`);
  // a program that is no Python may end without an error
  return /^\d/.test(stdout) ? undefined : problem(`it does not print the version of ${needed}`);
}

/** The folder of the results, made before the first measurement. */
export class OutFolder {
  /** Why it cannot be made, as a sentence that names `--out`; undefined if it is there. */
  readonly problem: string | undefined;
  readonly #folder: string;
  /** The first folder that was made on the way to it; undefined if it was there. */
  readonly #made: string | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    try {
      this.#made = mkdirSync(folder, { recursive: true });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const isFile = code === 'EEXIST' || code === 'ENOTDIR';
      this.problem = `--out: expected a folder, got ${folder}: ${isFile ? 'a file is in its place' : message}`;
    }
  }

  /** Leaves no empty folder behind where nothing was measured. */
  removeIfEmpty(): void {
    if (this.#made === undefined || readdirSync(this.#folder).length > 0) return;
    rmSync(this.#made, { recursive: true });
  }
}
