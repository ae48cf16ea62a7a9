/**
 * The frame of every page: head, the sidebar of its track, its content, and what is on the page.
 *
 * @module
 */
import { html, type Insert, Markup } from '../../../src/support/markup.js';

/** A link of a sidebar; `here` marks the page that is shown. */
export interface SidebarLink {
  readonly href: string;
  readonly title: string;
  readonly here?: boolean;
}

/** Links of a sidebar under one heading. */
export interface SidebarGroup {
  readonly title: string;
  readonly links: readonly SidebarLink[];
}

/** A heading that the reader can jump to. */
export interface Heading {
  readonly href: string;
  readonly text: string;
  /** 2 for a section, 3 for a part of it. */
  readonly level: number;
}

/** What a page brings for its frame. */
export interface PageFrame {
  readonly title: string;
  readonly description: string;
  /** Leads from the page to the top of the site: `../` or nothing. */
  readonly root: string;
  /** Which part of the site it is in, for the head. */
  readonly area: string;
  readonly sidebar: readonly SidebarGroup[];
  readonly headings: readonly Heading[];
  readonly content: Markup;
  readonly previous?: SidebarLink | undefined;
  readonly next?: SidebarLink | undefined;
  readonly version: string;
  /** Scripts besides the site's own, such as `assets/stage-widget.js`. */
  readonly scripts?: readonly string[];
  /** Style sheets besides the site's own, such as `assets/style.css`. */
  readonly styles?: readonly string[];
}

/** Scripts and styles are the site's own; formulas carry inline styles. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The parts of the site, as the head of each page names them. */
const AREAS = [
  { id: 'train', title: 'Train', href: 'train/first-model.html' },
  { id: 'verify', title: 'Verify', href: 'verify/write-a-backend.html' },
  { id: 'paper', title: 'The paper', href: 'paper/read-in-code.html' },
  { id: 'playground', title: 'Playground', href: 'playground/index.html' },
  { id: 'api', title: 'API', href: 'api.html' },
];

/** A whole page. */
export function layout(frame: PageFrame): string {
  const { title, description, root, area, sidebar, headings, content, version } = frame;
  const styles = [...(frame.styles ?? []), 'assets/site.css'];
  return html`<!DOCTYPE html>
<html lang="en" data-theme="os" data-root="${root || './'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${title}</title>
<meta name="description" content="${description}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="${root}assets/favicon.svg" type="image/svg+xml">
${styles.map((style) => html`<link rel="stylesheet" href="${root}${style}">\n`)}<script src="${root}assets/theme.js"></script>
<script defer src="${root}assets/site.js"></script>
${(frame.scripts ?? []).map(
  (script) => html`<script defer src="${root}${script}"></script>
`,
)}</head>
<body class="area-${area}">
<a class="skip" href="#content">Skip to the content</a>
<header class="head">
<a class="name" href="${root}index.html">class-rectification <small>${version}</small></a>
<nav class="areas" aria-label="Parts of the site">${AREAS.map(
    ({ id, title: name, href }) =>
      html`<a href="${root}${href}"${id === area ? new Markup(' aria-current="true"') : ''}>${name}</a>`,
  )}</nav>
<div class="tools">
<button type="button" class="open-search"><span>Search</span> <kbd>/</kbd></button>
<button type="button" class="switch-theme">Auto</button>
${sidebar.length > 0 && html`<button type="button" class="open-menu" aria-expanded="false" aria-controls="pages">Pages</button>`}
</div>
</header>
<div class="frame${sidebar.length === 0 ? ' wide-page' : ''}">
${sidebar.length > 0 && sidebarNav(sidebar)}
<main id="content" tabindex="-1">
${headings.length > 1 && onThisPage(headings, 'inline-contents')}
${content}
${turnPage(frame)}
</main>
${headings.length > 1 && onThisPage(headings, 'side-contents')}
</div>
<footer class="foot"><a href="${root}project/changes.html">Changes</a> <a href="${root}project/contributing.html">Contributing</a> <span>class-rectification ${version}, MIT</span></footer>
</body>
</html>
`.text;
}

function sidebarNav(groups: readonly SidebarGroup[]): Markup {
  const group = ({ title, links }: SidebarGroup) => html`<h2>${title}</h2>
<ul>${links.map(
    ({ href, title: name, here }) =>
      html`<li><a href="${href}"${here ? new Markup(' aria-current="page"') : ''}>${name}</a></li>\n`,
  )}</ul>\n`;
  return html`<nav id="pages" class="sidebar" aria-label="Pages of this part">${groups.map(group)}</nav>`;
}

/** Beside the content where there is room, else folded above it. */
function onThisPage(headings: readonly Heading[], place: 'side-contents' | 'inline-contents'): Markup {
  const list = html`<ul>${headings.map(
    ({ href, text, level }) => html`<li class="level-${level}"><a href="${href}">${text}</a></li>\n`,
  )}</ul>`;
  if (place === 'inline-contents')
    return html`<details class="inline-contents"><summary>On this page</summary>${list}</details>`;
  return html`<nav class="side-contents" aria-label="On this page"><h2>On this page</h2>${list}</nav>`;
}

function turnPage({ previous, next }: PageFrame): Insert {
  if (!previous && !next) return undefined;
  return html`<nav class="turn" aria-label="Previous and next page">${
    previous && html`<a href="${previous.href}" rel="prev"><small>Previous</small> ${previous.title}</a>`
  }${next && html`<a href="${next.href}" rel="next"><small>Next</small> ${next.title}</a>`}</nav>`;
}
