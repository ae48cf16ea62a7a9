/**
 * What is wrong with a config: all of it at once, each with its path.
 *
 * @module
 */
import { InputSourceError, shown } from '../../../spec/errors.js';

/** A mistake, and where it stands. */
export interface ConfigProblem {
  /** Such as `loss.kappa` or `runs[1].epochs`. */
  readonly path: string;
  readonly expected: string;
  readonly got: string;
}

/**
 * A config that cannot be used; nothing was trained. `where`, `expected` and `got` are those of the first
 * mistake.
 */
export class ConfigError extends InputSourceError<'config-invalid'> {
  override readonly name = 'ConfigError';
  constructor(
    readonly problems: readonly ConfigProblem[],
    options?: ErrorOptions,
  ) {
    const lines = problems.map(({ path, expected, got }) => `${path}: expected ${expected}, got ${got}`);
    const message =
      lines.length === 1
        ? (lines[0] as string)
        : `${lines.length} mistakes in the config\n  ${lines.join('\n  ')}`;
    const { path, expected, got } = problems[0] ?? { path: 'config', expected: 'no mistake', got: 'none' };
    super({ code: 'config-invalid', where: path, expected, got }, { ...options, message });
  }
}

/** Mistakes as they are found. */
export class Problems {
  readonly #found: ConfigProblem[] = [];

  add(path: string, expected: string, got: unknown): void {
    this.#found.push({ path, expected, got: got === undefined ? 'nothing' : shown(got) });
  }

  /** Adds a mistake that an error describes. */
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
