/**
 * Files that are whole or not there.
 *
 * @module
 */
import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file beside its place and moves it there, so that a kill leaves the old one or the new one. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const beside = `${path}.${process.pid}.tmp`;
  writeFileSync(beside, content);
  renameSync(beside, path);
}
