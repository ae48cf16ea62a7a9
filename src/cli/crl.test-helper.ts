/**
 * The built command line, run as a user would, in a folder of its own for each test file.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Where the command runs. */
export const folder = mkdtempSync(join(tmpdir(), 'crl-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command of the last build. */
export function crl(
  args: string[],
  input = '',
  env: NodeJS.ProcessEnv = {},
): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'dist/src/cli/crl.js'), ...args],
    {
      input,
      encoding: 'utf8',
      cwd: folder,
      env: { ...process.env, ...env },
      maxBuffer: 2 ** 26, // a counterexample of 65,600 classes takes megabytes as JSON
    },
  );
  return { code: status, out: stdout, err: stderr };
}

/** Writes a file beside the command. */
export function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}
