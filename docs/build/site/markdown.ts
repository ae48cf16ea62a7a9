/**
 * What the site does with the documents' Markdown beyond typedoc: formulas typeset when the site is built, the
 * code under them, charts that follow the theme, tables that scroll in their own box, links to sources.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { katex } from '@mdit/plugin-katex';
import type MarkdownIt from 'markdown-it';
import { html, Markup } from '../../../src/support/markup.js';
import { codeLinks } from '../code-links.js';
import { specFile } from '../declaration.js';
import { themedChart } from './charts.js';

const top = resolve(import.meta.dirname, '../../..');
// the plugin's own KaTeX: the style sheet of another version does not fit what it renders
const plugin = createRequire(import.meta.url).resolve('@mdit/plugin-katex');

/** KaTeX's folder of built files: the style sheet looks for its fonts beside itself. */
export const katexFolder = dirname(createRequire(plugin).resolve('katex/dist/katex.min.css'));

/** KaTeX's style sheet. */
export const katexStyle = join(katexFolder, 'katex.min.css');

/** How a link to a file of the repository that is no document begins, until its page is known. */
export const FILE_LINK = 'repository-file:';

/** For typedoc's option `markdownItLoader`. */
export function loadMarkdown(markdown: MarkdownIt): void {
  // throwOnError: an equation that cannot be set fails the build instead of showing its source
  markdown.use(katex, { throwOnError: true, strict: 'error' });
  markdown.use(codeLinks, (name: string) => specFile(top, name));
  markdown.use(scrollingTables);
  markdown.use(inlineCharts);
}

/** A table is as wide as it needs to be, and scrolls in a box of its own. */
function scrollingTables(markdown: MarkdownIt): void {
  markdown.renderer.rules.table_open = () => '<div class="scroll"><table>\n';
  markdown.renderer.rules.table_close = () => '</table></div>\n';
}

/** An image of the repository that is SVG becomes part of the page, so that its colours follow the theme. */
function inlineCharts(markdown: MarkdownIt): void {
  const image = markdown.renderer.rules.image;
  markdown.renderer.rules.image = (tokens, at, options, env, self) => {
    const token = tokens[at];
    const source = token?.attrGet('src') ?? '';
    if (source.startsWith(FILE_LINK) && source.endsWith('.svg')) {
      const svg = readFileSync(join(top, source.slice(FILE_LINK.length)), 'utf8');
      return html`<span class="chart scroll">${new Markup(themedChart(svg, token?.content ?? ''))}</span>`
        .text;
    }
    return image?.(tokens, at, options, env, self) ?? self.renderToken(tokens, at, options);
  };
}
