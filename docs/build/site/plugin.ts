/**
 * The typedoc plugin that makes the site: names of entries, links to files, pages of its own, assets, search,
 * and the check of all links.
 *
 * @module
 */
import { copyFileSync, cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import {
  type Application,
  type CommentDisplayPart,
  type Context,
  Converter,
  type ProjectReflection,
  type Reflection,
  RendererEvent,
} from 'typedoc';
import { entries } from '../../../src/support/entries.js';
import { buildPlayground, buildStageWidget } from '../playground.js';
import { buildVerifyPage } from '../verify-page.js';
import { deadLinks } from './dead-links.js';
import { FILE_LINK, katexFolder } from './markdown.js';
import { siteParts } from './parts.js';
import { propertyParts } from './property-pages.js';
import { SiteRouter } from './router.js';
import { writeSearchDocuments } from './search-documents.js';
import { isOurs, isSource, sourcePage } from './source-pages.js';
import { SiteTheme } from './theme.js';

const top = resolve(import.meta.dirname, '../../..');
const client = join(import.meta.dirname, 'client');

/** Data files that documents link to: they are copied as they are. */
const DATA = /\.(json|csv|svg)$/;

/** For typedoc's option `plugin`. */
export function sitePlugin(app: Application): void {
  app.renderer.defineTheme('site', SiteTheme);
  app.renderer.defineRouter('site', SiteRouter);
  const files = new Set<string>();
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }: Context) => {
    nameEntries(project);
    for (const file of linkedFiles(project)) files.add(file);
    const sources = [...files, ...declaringFiles(project), ...specification()].filter(isSource);
    siteParts(project).push(
      ...[...new Set(sources)].sort().map((file) => sourcePage(file, project)),
      ...propertyParts(project),
    );
  });
  app.renderer.on(RendererEvent.BEGIN, ({ outputDirectory, pages }: RendererEvent) => {
    for (const { url } of pages) mkdirSync(dirname(join(outputDirectory, url)), { recursive: true });
    app.renderer.postRenderAsyncJobs.push(
      () => buildPlayground(join(outputDirectory, 'playground')),
      () => buildStageWidget(outputDirectory),
      () => buildVerifyPage(outputDirectory),
    );
  });
  app.renderer.on(
    RendererEvent.END,
    ({ outputDirectory, project }: RendererEvent) => {
      // what typedoc copied under another name than the site links to
      rmSync(join(outputDirectory, 'media'), { recursive: true, force: true });
      for (const file of files) if (DATA.test(file)) copyInto(outputDirectory, file);
      writeAssets(outputDirectory);
      writeSearchDocuments(outputDirectory, project);
      for (const { page, href, reason } of deadLinks(outputDirectory))
        app.logger.error(`${page} links to ${href}: ${reason}`);
    },
    -100,
  );
}

/** Modules bear the names that users import. */
function nameEntries(project: ProjectReflection): void {
  const names = new Map(
    Object.entries(entries(top, 'source')).map(([name, file]) => [relative(top, file), name]),
  );
  for (const module of project.children ?? []) {
    const name = names.get(module.sources?.[0]?.fileName ?? '');
    if (name !== undefined) module.name = name;
  }
}

/** Every file of the repository that documents and comments link to and that is no document; the links now name it. */
function linkedFiles(project: ProjectReflection): string[] {
  const found: string[] = [];
  const visit = (parts: readonly CommentDisplayPart[]) => {
    for (const part of parts) {
      if (part.kind !== 'relative-link' || part.target === undefined) continue;
      const file = project.files.resolve(part.target, project);
      if (typeof file !== 'string') continue;
      const path = relative(top, file);
      found.push(path);
      part.text = FILE_LINK + path + (part.targetAnchor ? `#${part.targetAnchor}` : '');
      part.target = undefined;
    }
  };
  for (const reflection of Object.values(project.reflections)) visit(partsOf(reflection));
  return found;
}

function partsOf(reflection: Reflection): CommentDisplayPart[] {
  const { comment } = reflection;
  const told = comment ? [comment.summary, ...comment.blockTags.map(({ content }) => content)].flat() : [];
  return reflection.isDocument() ? [...told, ...reflection.content] : told;
}

/** All files of the specification, also those that no page links to. */
function specification(): string[] {
  return readdirSync(join(top, 'spec'))
    .filter((file) => /^[a-z-]+\.ts$/.test(file))
    .map((file) => `spec/${file}`);
}

/** The files that declare what the API shows. */
function declaringFiles(project: ProjectReflection): string[] {
  return Object.values(project.reflections).flatMap((reflection) =>
    'sources' in reflection
      ? ((reflection.sources ?? []) as { fileName: string }[]).map(({ fileName }) => fileName).filter(isOurs)
      : [],
  );
}

function copyInto(folder: string, file: string): void {
  const target = join(folder, 'files', file);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(join(top, file), target);
}

function writeAssets(folder: string): void {
  const assets = join(folder, 'assets');
  // every browser since 2016 reads woff2
  cpSync(join(katexFolder, 'fonts'), join(assets, 'fonts'), {
    recursive: true,
    filter: (path) => !/\.(ttf|woff)$/.test(path),
  });
  for (const file of ['favicon.svg', 'site.css']) copyFileSync(join(client, file), join(assets, file));
  buildSync({
    entryPoints: ['theme.ts', 'site.ts', 'search.ts'].map((file) => join(client, file)),
    outdir: assets,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    logLevel: 'silent',
  });
  for (const unused of ['main.js', 'icons.js', 'icons.svg', 'search.js.map', 'navigation.js', 'hierarchy.js'])
    rmSync(join(assets, unused), { force: true });
}
