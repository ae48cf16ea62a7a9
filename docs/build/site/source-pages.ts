/**
 * Pages of source files: coloured, with a link on every line, and for the specification the equations that
 * the file cites.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import type { ProjectReflection } from 'typedoc';
import { html, Markup } from '../../../src/support/markup.js';
import { type CitedEquation, equations, pagesThatShow } from './equations.js';
import type { Highlighter, SitePart } from './parts.js';

const top = resolve(import.meta.dirname, '../../..');

/** Files that get a page, with the language of their colours. */
const LANGUAGES: Readonly<Record<string, string>> = {
  '.ts': 'typescript',
  '.mts': 'typescript',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.py': 'python',
  '.html': 'html',
};

/** Whether a file gets a page with lines and colours. */
export function isSource(file: string): boolean {
  return extname(file) in LANGUAGES;
}

/** Whether a file is one of this repository, and not of a package that declares what ours inherit. */
export function isOurs(file: string): boolean {
  return !file.startsWith('../') && !file.includes('node_modules/');
}

/** The address of a file's page, below the site. */
export function sourceAddress(file: string): string {
  return `source/${file}.html`;
}

/** Where a link to a file of the repository leads, below the site. */
export function fileAddress(file: string): string {
  if (file === 'README.md') return 'index.html';
  return isSource(file) ? sourceAddress(file) : `files/${file}`;
}

/** @param file - below the top of the repository */
export function sourcePage(file: string, project: ProjectReflection): SitePart {
  return {
    kind: 'source',
    name: file,
    url: sourceAddress(file),
    parent: project,
    searched: [
      { url: sourceAddress(file), title: file, page: 'Source', area: 'source', text: comments(file) },
    ],
    content: (root, highlighted) => content(file, root, highlighted),
  };
}

/** What a file says of itself and of its declarations. */
function comments(file: string): string {
  const text = readFileSync(join(top, file), 'utf8');
  const told = [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].map(([comment]) => comment).join(' ');
  return told
    .replaceAll(/^\s*\/?\*+\/?|\*\/|@module|@example[\s\S]*?```[\s\S]*?```/gm, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function content(file: string, root: string, highlighted: Highlighter): Markup {
  const text = readFileSync(join(top, file), 'utf8').replace(/\n$/, '');
  const lines = highlighted(text, LANGUAGES[extname(file)] ?? 'text').split(/<br\/?>|\n/);
  const rows = lines.map(
    (line, at) =>
      html`<tr id="L${at + 1}"><td><a href="#L${at + 1}" aria-label="Line ${at + 1}">${at + 1}</a></td><td><code>${new Markup(line)}</code></td></tr>\n`,
  );
  return html`<h1 class="file">${file}</h1>
${about(file, text, root)}
<div class="scroll source"><table role="presentation"><tbody>
${rows}</tbody></table></div>`;
}

/** For a file of the specification: what explains it, and what it cites. */
function about(file: string, text: string, root: string): Markup | undefined {
  if (!file.startsWith('spec/')) return undefined;
  const shown = pagesThatShow(file);
  const cited = equations.filter(({ number }) => cites(text, number));
  if (shown.length === 0 && cited.length === 0) return undefined;
  return html`<div class="about-source">
${shown.length > 0 && html`<p>Explained in ${shown.map(({ address, title }) => html` <a href="${root}${address}.html">${title}</a>`)}.</p>`}
${cited.length > 0 && html`<ul>${cited.map((equation) => citation(equation, root))}</ul>`}
</div>`;
}

function citation({ label, formula, address }: CitedEquation, root: string): Markup {
  return html`<li><a href="${root}${address}">Eq. ${label}</a> ${new Markup(formula)}</li>\n`;
}

/** Whether a text cites an equation, by itself, in a list or in a range. */
function cites(text: string, number: number): boolean {
  return [...text.matchAll(/\bEqs?\. (\d+)((?:(?:, | and )\d+)*)(?: to (\d+))?/g)].some(
    ([, from, more, to]) => {
      const first = Number(from);
      if (to !== undefined && number >= first && number <= Number(to)) return true;
      return [first, ...(more?.match(/\d+/g) ?? []).map(Number)].includes(number);
    },
  );
}
