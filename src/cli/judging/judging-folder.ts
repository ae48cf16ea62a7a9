/**
 * The folder of a judging process, for what must outlive it. Folders that a killed command has left are removed.
 *
 * @module
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProcessIdentity, stillRuns, thisProcess } from '../../support/process-identity.js';

const PREFIX = 'crl-judging-';
/** Names the command that a folder belongs to. */
const OWNER = 'owner.json';
/** A folder without an owner is being made; one that is older than this, in milliseconds, was left behind. */
const LONGEST_MAKING = 24 * 3600 * 1000;

const folders = new Set<string>();
let isSwept = false;

/** However the command ends, it leaves no folder. */
process.once('exit', () => {
  for (const folder of folders) removeFolder(folder);
});

/** Makes a folder that {@link removeFolder} removes, at the latest at the end of the command. */
export function makeFolder(): string {
  if (!isSwept) removeLeftFolders();
  isSwept = true;
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  folders.add(folder);
  writeFileSync(join(folder, OWNER), JSON.stringify(thisProcess()));
  return folder;
}

/** Removes a folder and all that is in it. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

/** Removes the folders of commands that have been killed. Those that cannot be removed stay. */
export function removeLeftFolders(): void {
  for (const name of readdirSync(tmpdir()).filter((name) => name.startsWith(PREFIX))) {
    try {
      const folder = join(tmpdir(), name);
      if (isLeft(folder)) rmSync(folder, { recursive: true, force: true });
    } catch {
      // it is gone already, or another user's
    }
  }
}

function isLeft(folder: string): boolean {
  let owner: ProcessIdentity;
  try {
    owner = JSON.parse(readFileSync(join(folder, OWNER), 'utf8'));
  } catch {
    return Date.now() - statSync(folder).mtimeMs > LONGEST_MAKING;
  }
  return stillRuns(owner) === false;
}
