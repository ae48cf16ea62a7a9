/**
 * What the site does beyond typedoc: equations typeset at build time, and the code under them.
 *
 * @module
 */
import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { katex } from '@mdit/plugin-katex';
import type MarkdownIt from 'markdown-it';
import { type Application, RendererEvent } from 'typedoc';
import { codeLinks } from './code-links.js';
import { specFile } from './declaration.js';

const top = resolve(import.meta.dirname, '../..');
// the plugin's own KaTeX: the style sheet of another version does not fit what it renders
const plugin = createRequire(import.meta.url).resolve('@mdit/plugin-katex');
const katexFolder = dirname(createRequire(plugin).resolve('katex/dist/katex.min.css'));

/** KaTeX's style sheet: it looks for its fonts beside itself. */
export const katexStyle = join(katexFolder, 'katex.min.css');

/** For typedoc's option `markdownItLoader`. */
export function loadMarkdown(markdown: MarkdownIt): void {
  // throwOnError: an equation that cannot be set fails the build instead of showing its source
  markdown.use(katex, { throwOnError: true, strict: 'error' });
  markdown.use(codeLinks, (name: string) => specFile(top, name));
}

/** A typedoc plugin that puts KaTeX's fonts where its style sheet looks for them. */
export function katexFonts(app: Application): void {
  app.renderer.on(RendererEvent.END, ({ outputDirectory }: RendererEvent) => {
    cpSync(join(katexFolder, 'fonts'), join(outputDirectory, 'assets/fonts'), {
      recursive: true,
      filter: (path) => !/\.(ttf|woff)$/.test(path), // every browser since 2016 reads woff2
    });
  });
}
