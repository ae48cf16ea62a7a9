/**
 * A folder and the folders above it.
 *
 * @module
 */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder, and those above it that are missing; one that exists is left as it is.
 *
 * Node's own `mkdirSync(path, { recursive: true })` never returns where the folder above exists and the system
 * still answers ENOENT, as it does in `/proc`. No signal can end it there.
 *
 * @throws Error - what the system says of the first folder that cannot be made
 */
export function makeFolders(path: string): void {
  const folder = resolve(path);
  const above = dirname(folder);
  if (above !== folder && !existsSync(above)) makeFolders(above);
  try {
    mkdirSync(folder);
  } catch (error) {
    // another process may have made it in the meantime
    if (!(existsSync(folder) && statSync(folder).isDirectory())) throw error;
  }
}
