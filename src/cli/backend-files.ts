/**
 * The files that a backend consists of, as far as its own file or the words of its command name them.
 *
 * @module
 */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { commandIn } from '../../backends/command/split-command.js';
import { moduleFiles } from '../verify/certificate/module-files.js';
import { existingBackend, OWN_BACKENDS } from './backends.js';

/**
 * Absolute paths; none for a backend of this package.
 *
 * @throws CouldNotRunError - if there is no such backend
 */
export function filesOfBackend(backend: string): string[] {
  if (Object.hasOwn(OWN_BACKENDS, backend)) return [];
  const words = commandIn(existingBackend(backend));
  return words === undefined
    ? filesOfModule(resolve(backend))
    : words.filter((word) => existsSync(word) && statSync(word).isFile()).map((word) => resolve(word));
}

/** The file of a backend and what it imports; the file alone if one cannot be read just now. */
export function filesOfModule(path: string): string[] {
  try {
    return moduleFiles(path, (other) => other.includes('node_modules'));
  } catch {
    return [path];
  }
}
