/**
 * The backends that come with this package: what the folders of `backends` declare.
 *
 * @module
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BackendDeclaration } from '../../backends/declaration.js';

/** `declared.js` in a folder, or `NAME.declared.js`; sources where the package is not built. */
export const DECLARED = /(^|[./\\])declared\.[jt]s$/;

/** All of them: those of one file first, then by folder. */
export const declaredBackends: readonly BackendDeclaration[] = await readDeclarations(
  fileURLToPath(new URL('../../backends/', import.meta.url)),
);

/** What the folders below one declare. */
export async function readDeclarations(folder: string): Promise<readonly BackendDeclaration[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    DECLARED.test(name),
  );
  const declared = files.sort(byDepth).map(async (name) => {
    const module: { readonly default: readonly BackendDeclaration[] } = await import(
      /* @vite-ignore */ pathToFileURL(join(folder, name)).href
    );
    return module.default;
  });
  return (await Promise.all(declared)).flat();
}

/** Files before folders, then by name. */
export function byDepth(one: string, other: string): number {
  const depth = (name: string) => name.split(/[/\\]/).length;
  return depth(one) - depth(other) || (one < other ? -1 : 1);
}
