/**
 * Addresses of the site: documents by track, the API by entry point, sources by path.
 *
 * @module
 */
import { relative, resolve } from 'node:path';
import {
  BaseRouter,
  type PageDefinition,
  type ProjectReflection,
  Reflection,
  type RouterTarget,
} from 'typedoc';
import { siteParts } from './parts.js';
import { allPages } from './tracks.js';

/** The kind of the first page. */
export const LANDING = 'landing';

const docs = resolve(import.meta.dirname, '../..');

/** The package's name, which the addresses of the API leave out. */
const PACKAGE = 'class-rectification';

const addresses = new Map(allPages().map(({ file, address }) => [file, address]));

/** The address of an entry of the package, without `.html`: `class-rectification/data` is `api/data`. */
export function entryAddress(entry: string): string {
  return entry === PACKAGE ? `api/${PACKAGE}` : `api/${entry.slice(PACKAGE.length + 1)}`;
}

/** The typedoc router of the site. */
export class SiteRouter extends BaseRouter {
  override buildPages(project: ProjectReflection): PageDefinition[] {
    const pages = super
      .buildPages(project)
      .map((page) => (page.model === project ? { ...page, url: 'api.html' } : page));
    this.fullUrls.set(project, 'api.html');
    pages.unshift({ url: 'index.html', kind: LANDING, model: project });
    for (const part of siteParts(project)) {
      this.fullUrls.set(part, part.url);
      pages.push({ url: part.url, kind: part.kind, model: part });
    }
    return pages;
  }

  protected override getIdealBaseName(target: RouterTarget): string {
    if (!(target instanceof Reflection)) throw new Error(`${target.name} brings its own address`);
    if (target.isDocument()) return this.#documentAddress(target);
    if (target.parent?.isProject()) return entryAddress(target.name);
    const { parent } = target;
    const above = parent ? this.getFullUrl(parent).replace(/\.html$/, '') : 'api';
    return `${above}/${this.getUrlSafeName(target.name)}`;
  }

  #documentAddress(document: Reflection): string {
    const path = document.project.files.getReflectionPath(document);
    const file = path === undefined ? document.name : relative(docs, path);
    const address = addresses.get(file);
    if (address === undefined) throw new Error(`docs/build/site/tracks.ts has no place for ${file}`);
    return address;
  }
}
