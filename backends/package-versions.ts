/**
 * The versions of installed packages. In a browser, where nothing is installed, there are none.
 *
 * @module
 */

/** Whether a package is installed where this package finds it. */
export function isInstalled(name: string): boolean {
  return manifestOf(name) !== undefined;
}

/** The versions of those packages that are installed, by name. */
export function packageVersions(names: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const found = manifestOf(name);
      return found === undefined ? [] : [[name, found.version]];
    }),
  );
}

/** What `package.json` says of a package, found from its main module: it is often not among the exports itself. */
function manifestOf(name: string): { readonly version: string } | undefined {
  const builtin = globalThis.process?.getBuiltinModule;
  if (builtin === undefined) return undefined;
  const { createRequire } = builtin('node:module');
  const { existsSync, readFileSync } = builtin('node:fs');
  const { dirname, join } = builtin('node:path');
  let main: string;
  try {
    main = createRequire(import.meta.url).resolve(name);
  } catch {
    return undefined;
  }
  for (let folder = dirname(main); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (!existsSync(file)) continue;
    const found = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version: string };
    if (found.name === name) return found; // dist often has a package.json of its own, without a name
  }
  return undefined;
}
