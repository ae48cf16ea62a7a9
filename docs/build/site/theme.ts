/**
 * The typedoc theme: typedoc renders what it knows of the code, and each page gets the site's frame.
 *
 * @module
 */
import {
  type DeclarationReflection,
  DefaultTheme,
  DefaultThemeRenderContext,
  type DocumentReflection,
  JSX,
  type PageEvent,
  PageKind,
  type ProjectReflection,
  type Reflection,
  ReflectionKind,
  type RouterTarget,
  type SignatureReflection,
} from 'typedoc';
import { STAGES, type Stage } from '../../../spec/index.js';
import { html, Markup } from '../../../src/support/markup.js';
import { STAGE_WIDGET } from '../playground.js';
import { landing } from './landing.js';
import { type Heading, layout, type SidebarGroup, type SidebarLink } from './layout.js';
import { FILE_LINK } from './markdown.js';
import type { SitePart } from './parts.js';
import { entryAddress, LANDING } from './router.js';
import { addToSearch, declarationEntries, documentEntries } from './search-documents.js';
import { sidebarOf } from './sidebar.js';
import { fileAddress, isOurs, sourceAddress } from './source-pages.js';

/** Besides the site's own style sheet: typedoc's, the colours of code, and KaTeX's. */
const DOCUMENT_STYLES = ['assets/highlight.css', 'assets/custom.css'];
const CODE_STYLES = ['assets/style.css', ...DOCUMENT_STYLES];

/** A link to a file of the repository, whose page is known by now. */
const FILE_HREF = new RegExp(`"${FILE_LINK}([^"#]*)(#[^"]*)?"`, 'g');

/** Typedoc's icons lie in a file that a page opened from a disk cannot load, and say nothing that words do not. */
const ICON = /<svg[^>]*><use href="[^"]*icons\.svg#[^"]*"><\/use><\/svg>/g;
const ANCHOR = /<a href="([^"]*)" aria-label="Permalink" class="tsd-anchor-icon"><\/a>/g;

/** What folds a section is a control itself, and a link in it could not be reached by a screen reader. */
const SUMMARY = /<summary[\s\S]*?<\/summary>/g;
const LINK = /<a [^>]*>([\s\S]*?)<\/a>/g;

/** Where something is declared, linked to the page of its source. */
class SiteContext extends DefaultThemeRenderContext {
  override memberSources = (member: DeclarationReflection | SignatureReflection): JSX.Element => {
    const links = (member.sources ?? [])
      .filter(({ fileName }) => isOurs(fileName))
      .map(({ fileName, line }) => {
        const href = this.relativeURL(`${sourceAddress(fileName)}#L${line}`);
        return html`<a href="${href}">${fileName}:${line}</a> `;
      });
    return raw(links.length > 0 ? html`<p class="declared">Source: ${links}</p>`.text : '');
  };
}

/** The typedoc theme of the site. */
export class SiteTheme extends DefaultTheme {
  override ContextClass = SiteContext;

  override render(page: PageEvent<RouterTarget>): string {
    const root = rootOf(page.url);
    return this.#page(page)
      .replaceAll(
        FILE_HREF,
        (_, file: string, anchor = '') => `"${root}${fileAddress(decodeURI(file))}${anchor}"`,
      )
      .replaceAll(ICON, '')
      .replaceAll(SUMMARY, (summary) => summary.replaceAll(LINK, '$1'))
      .replaceAll(ANCHOR, '<a href="$1" aria-label="Link to this section" class="anchor">#</a>');
  }

  #page(page: PageEvent<RouterTarget>): string {
    if (page.pageKind === LANDING) return this.#landing(page);
    if (!page.isReflectionEvent()) return this.#part(page as unknown as PageEvent<SitePart>);
    return page.pageKind === PageKind.Document
      ? this.#document(page as PageEvent<DocumentReflection>)
      : this.#declaration(page as PageEvent<DeclarationReflection | ProjectReflection>);
  }

  #landing(page: PageEvent<RouterTarget>): string {
    const context = this.getRenderContext(page as PageEvent<Reflection>);
    return layout({
      title: 'class-rectification: the Class Rectification Loss for imbalanced classification',
      description:
        'A training loss for TensorFlow.js, an executable specification of the paper, and a property suite that verifies any backend.',
      ...this.#frame(page, 'start'),
      sidebar: [],
      headings: [],
      content: landing((markdown) => new Markup(context.markdown([{ kind: 'text', text: markdown }]))),
      styles: DOCUMENT_STYLES,
    });
  }

  #document(page: PageEvent<DocumentReflection>): string {
    const stage = stageOf(page.url);
    const written = JSX.renderElement(this.getRenderContext(page).documentTemplate(page));
    if ((stage !== undefined) !== written.includes(WIDGET_PLACE))
      throw new Error(`${page.url}: the page of a stage, and no other, has one ${WIDGET_PLACE}`);
    const content =
      stage === undefined ? written : written.replace(WIDGET_PLACE, () => stageWidget(stage).text);
    const { area, groups, previous, next } = sidebarOf(page.url, rootOf(page.url));
    const title = page.pageHeadings[0]?.text ?? page.model.name;
    addToSearch(page.project, documentEntries(page, area));
    return layout({
      title: `${title} · class-rectification`,
      description: `${title}: documentation of class-rectification, the Class Rectification Loss.`,
      ...this.#frame(page, area),
      sidebar: groups,
      previous,
      next,
      headings: page.pageHeadings.flatMap(({ link, text, level }) =>
        level === 2 || level === 3 ? [{ href: link, text, level }] : [],
      ),
      content: new Markup(content),
      styles: stage === undefined ? DOCUMENT_STYLES : [...DOCUMENT_STYLES, ...STAGE_WIDGET.styles],
      scripts: stage === undefined ? [] : [STAGE_WIDGET.script],
    });
  }

  #declaration(page: PageEvent<DeclarationReflection | ProjectReflection>): string {
    const context = this.getRenderContext(page);
    const { model } = page;
    const body = model.isProject()
      ? this.#entryList(page)
      : JSX.renderElement(context.reflectionTemplate(page));
    const title = model.isProject() ? 'API, by entry point' : model.name;
    addToSearch(
      page.project,
      declarationEntries(model, (member) =>
        this.router.hasUrl(member) ? this.router.getFullUrl(member) : undefined,
      ),
    );
    const kind =
      model.isProject() || model.kindOf(ReflectionKind.Module)
        ? ''
        : ReflectionKind.singularString(model.kind).toLowerCase();
    return layout({
      title: `${title} · class-rectification`,
      description: `${kind} ${title} of class-rectification`.trim(),
      ...this.#frame(page, 'api'),
      sidebar: this.#entries(page),
      headings: headingsOf(page),
      content: html`<div class="api-page">${entryOf(model, page.url)}<h1>${title} ${kind && html`<small>${kind}</small>`}</h1>
${new Markup(body)}</div>`,
      styles: CODE_STYLES,
    });
  }

  #part(page: PageEvent<SitePart>): string {
    const { model, url } = page;
    const { area, groups, previous, next } = sidebarOf(url, rootOf(url));
    addToSearch(page.project, model.searched);
    return layout({
      title: `${model.name} · class-rectification`,
      description: `${model.name} in class-rectification`,
      ...this.#frame(page as PageEvent<RouterTarget>, model.kind === 'source' ? 'source' : area),
      sidebar: model.kind === 'source' ? [] : groups,
      previous,
      next,
      headings: [],
      content: model.content(rootOf(url), (code, language) =>
        this.markedPlugin.getHighlighted(code, language),
      ),
      styles: DOCUMENT_STYLES,
    });
  }

  #frame(page: PageEvent<RouterTarget>, area: string) {
    return { root: rootOf(page.url), area, version: page.project.packageVersion ?? '' };
  }

  /** All entries, each with what it says of itself. */
  #entryList(page: PageEvent<Reflection>): string {
    const context = this.getRenderContext(page);
    const entries = (page.project.children ?? []).map(
      ({ name, comment }) => html`<h2><a href="${entryAddress(name)}.html">${name}</a></h2>
${new Markup(context.markdown(comment?.summary ?? []))}`,
    );
    return html`${entries}`.text;
  }

  /** The entries of the package, and under the one that is shown its exports. */
  #entries(page: PageEvent<DeclarationReflection | ProjectReflection>): SidebarGroup[] {
    const root = rootOf(page.url);
    const modules = page.project.children ?? [];
    const links = modules.map(
      ({ name }): SidebarLink => ({
        href: `${root}${entryAddress(name)}.html`,
        title: shortName(name),
        here: `${entryAddress(name)}.html` === page.url,
      }),
    );
    const entry = modules.find(
      (module) =>
        page.url.startsWith(`${entryAddress(module.name)}/`) || this.router.getFullUrl(module) === page.url,
    );
    const exported = (entry?.children ?? [])
      .filter((child) => this.router.hasUrl(child))
      .map((child): SidebarLink => {
        const href = this.router.getFullUrl(child);
        return { href: root + href, title: child.name, here: href === page.url };
      });
    const groups: SidebarGroup[] = [{ title: 'Entries', links }];
    if (entry && exported.length > 0) groups.unshift({ title: entry.name, links: exported });
    return groups;
  }
}

/** Where the page of a stage has its widget. */
const WIDGET_PLACE = '<!-- widget -->';

/** The stage that a page explains. */
function stageOf(url: string): Stage | undefined {
  return STAGES.find(
    (stage) => url === `paper/${stage.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.html`,
  );
}

/** The room of a stage's widget, in which its script draws. */
function stageWidget(stage: Stage): Markup {
  return html`<section class="stage-widget" aria-label="Try ${stage}"><div class="live" data-stage="${stage}"><div class="drawing"></div><div class="panel"><noscript>This drawing of a batch needs JavaScript.</noscript></div></div>
<p class="how">A batch: the scores of one class, one line per label. Drag a sample or use the arrow keys to change its score; click it or press Enter to change its label.</p></section>`;
}

/** Leads from a page to the top of the site. */
export function rootOf(url: string): string {
  return '../'.repeat(url.split('/').length - 1);
}

/** An entry without the name of the package, which all begin with. */
function shortName(entry: string): string {
  return entry.replace(/^[^/]+(?=\/)/, '');
}

function raw(text: string): JSX.Element {
  return JSX.createElement(JSX.Raw, { html: text });
}

function entryOf(model: Reflection, url: string): Markup | undefined {
  if (model.isProject() || model.kindOf(ReflectionKind.Module)) return undefined;
  let module = model;
  while (module.parent && !module.parent.isProject()) module = module.parent;
  return html`<p class="entry"><a href="${rootOf(url)}${entryAddress(module.name)}.html">${module.name}</a></p>`;
}

function headingsOf(page: PageEvent): Heading[] {
  return page.pageSections
    .flatMap(({ headings }) => headings)
    .filter(({ link, text }) => link.startsWith('#') && text)
    .map(({ link, text }) => ({ href: link, text, level: 2 }));
}
