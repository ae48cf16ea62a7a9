/**
 * The page as files that a browser can load as they are.
 *
 * @module
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import type { BackendDeclaration } from '../../backends/declaration.js';
import { isInstalled, packageVersions } from '../../backends/package-versions.js';
import { BROWSER_BACKENDS, pageEngines } from './engine-names.js';
import { importFor } from './missing.js';
import { PAGE_CSS, pageHtml } from './page/markup.js';

/** A file's name and content. */
export type PageFiles = ReadonlyMap<string, Uint8Array>;

/** Where this module lies: sources end in .ts in tests, and in .js when built. */
const HERE = fileURLToPath(import.meta.url);

/** The source of a script of a page: its text, whose relative imports start in this folder. */
export interface PageScript {
  readonly text: string;
}

/** What the page needs as a part of a site, which has a content security policy. */
export interface SitePart {
  /** Modules that stand in for packages that make code from text, by the names of the packages. */
  readonly alias: Readonly<Record<string, string>>;
  /** The address of the page that the site begins with. */
  readonly home: string;
}

/** What the page can verify, and where it is shown. */
export interface PageOptions {
  /** Default: the backends of a browser whose packages are installed. */
  readonly backends?: readonly BackendDeclaration[];
  /**
   * The site that it becomes a part of. Without one it is a page of its own, without a policy, since `ndarray` makes
   * code from text.
   */
  readonly site?: SitePart;
}

/**
 * Bundles the page that verifies: `index.html`, its style, two scripts, and the files that the backends load; about
 * 3 MB.
 *
 * @throws EngineUnavailableError - if esbuild is not installed
 */
export async function bundlePage({
  backends = BROWSER_BACKENDS.filter(({ packages = [] }) => packages.every(isInstalled)),
  site,
}: PageOptions = {}): Promise<PageFiles> {
  const engines = pageEngines(backends);
  const modules = [...new Set(backends.map(({ page }) => page?.module as string))];
  const page = `import { openPage } from ${JSON.stringify(source('./page/main'))};
openPage(${JSON.stringify(engines)});`;
  const worker = `import { answerRequests } from ${JSON.stringify(source('./page/worker'))};
${modules.map((module, at) => `import made${at} from ${JSON.stringify(source(`../../backends/${module.replace(/\.js$/, '')}`))};`).join('\n')}
answerRequests([${modules.map((_, at) => `made${at}`).join(', ')}], ${JSON.stringify(versionsOf(backends))});`;
  const loaded = backends.flatMap((declared) => declared.page?.files ?? []);
  const files = await bundle(
    { page: { text: page }, worker: { text: worker } },
    pageHtml(engines, site?.home),
    [...new Set(loaded)],
    site?.alias,
  );
  return new Map([...files, ['page.css', new TextEncoder().encode(PAGE_CSS)]]);
}

function versionsOf(backends: readonly BackendDeclaration[]): Record<string, Record<string, string>> {
  return Object.fromEntries(backends.map(({ name, packages }) => [name, packageVersions(packages)]));
}

function source(name: string): string {
  return `${name}${extname(HERE)}`;
}

/**
 * Bundles scripts for a page with esbuild.
 *
 * @param scripts - the sources, by the names of the scripts: files, or their text
 * @param html - `index.html`
 * @param files - files of packages that the page loads, as `package/path`
 * @param alias - modules that stand in for packages, by their names
 * @throws EngineUnavailableError - if esbuild is not installed
 */
export async function bundle(
  scripts: Readonly<Record<string, string | PageScript>>,
  html: string,
  files: readonly string[],
  alias: Readonly<Record<string, string>> = {},
): Promise<PageFiles> {
  const { build } = await importFor('browser', 'esbuild', () => import('esbuild'));
  const { outputFiles } = await build({
    entryPoints: Object.entries(scripts).map(([out, script]) => ({
      out,
      in: typeof script === 'string' ? script : `text:${out}`,
    })),
    plugins: [scriptsAsText(scripts)],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    minify: true,
    keepNames: true, // errors are recognised by their names
    alias: { ...alias },
    external: ['webgpu'], // Node's; a browser has its own
    outdir: '/',
    write: false,
    logLevel: 'silent',
  });
  const found = new Map<string, Uint8Array>([['index.html', new TextEncoder().encode(html)]]);
  for (const { path, contents } of outputFiles) found.set(path.replace(/^.*[\\/]/, ''), contents);
  const { resolve } = createRequire(import.meta.url);
  for (const file of files) found.set(basename(file), await readFile(resolve(file)));
  return found;
}

/** Lets esbuild read those scripts that are given as text. */
function scriptsAsText(scripts: Readonly<Record<string, string | PageScript>>): Plugin {
  return {
    name: 'scripts as text',
    setup(build) {
      const filter = /^text:/;
      build.onResolve({ filter }, ({ path }) => ({ path: path.replace(filter, ''), namespace: 'text' }));
      build.onLoad({ filter: /./, namespace: 'text' }, ({ path }) => ({
        contents: (scripts[path] as PageScript).text,
        resolveDir: dirname(HERE),
      }));
    },
  };
}
