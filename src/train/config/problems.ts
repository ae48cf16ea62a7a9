/**
 * What is wrong with a config: all of it at once, each with its path.
 *
 * @module
 */
import { shown } from '../../../spec/errors.js';

/** A mistake, and where it stands. */
export interface ConfigProblem {
  /** Such as `loss.kappa` or `runs[1].epochs`. */
  readonly path: string;
  readonly expected: string;
  readonly got: string;
}

/** A config that cannot be used; nothing was trained. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(
    readonly problems: readonly ConfigProblem[],
    options?: ErrorOptions,
  ) {
    const lines = problems.map(({ path, expected, got }) => `${path}: expected ${expected}, got ${got}`);
    super(
      lines.length === 1 ? lines[0] : `${lines.length} mistakes in the config\n  ${lines.join('\n  ')}`,
      options,
    );
  }
}

/** Mistakes as they are found. */
export class Problems {
  readonly #found: ConfigProblem[] = [];

  add(path: string, expected: string, got: unknown): void {
    this.#found.push({ path, expected, got: got === undefined ? 'nothing' : shown(got) });
  }

  /** For mistakes of which an error already tells. */
  addTold(path: string, { expected, got }: { readonly expected: string; readonly got: string }): void {
    this.#found.push({ path, expected, got });
  }

  /** @throws ConfigError - if there are any */
  settle(): void {
    if (this.#found.length > 0) throw new ConfigError(this.#found);
  }
}

/** One mistake that shows only once the data or the model are known. */
export function configError(path: string, expected: string, got: string, cause?: unknown): ConfigError {
  return new ConfigError([{ path, expected, got }], { cause });
}
