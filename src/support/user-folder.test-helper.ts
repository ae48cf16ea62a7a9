/**
 * A folder as a user has it: this package, built, beside what is installed.
 *
 * @module
 */
import { mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/**
 * Makes one in the folder for temporary files; the caller removes it.
 *
 * @param missing - packages that are not installed there
 */
export function makeUserFolder(missing: readonly string[] = []): string {
  const home = mkdtempSync(join(tmpdir(), 'crl-user-'));
  const modules = join(home, 'node_modules');
  const own = join(modules, 'class-rectification');
  mkdirSync(join(modules, '@tensorflow'), { recursive: true });
  mkdirSync(own);
  for (const part of ['package.json', 'dist']) symlinkSync(join(root, part), join(own, part));
  const packages = [
    ...readdirSync(join(root, 'node_modules')).filter((name) => name !== '@tensorflow'),
    ...readdirSync(join(root, 'node_modules/@tensorflow')).map((name) => `@tensorflow/${name}`),
  ];
  for (const name of packages) {
    if (!missing.includes(name)) symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  return home;
}
