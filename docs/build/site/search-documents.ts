/**
 * Collects what can be found while the pages are rendered, and writes it for the browser.
 *
 * @module
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  CommentDisplayPart,
  DeclarationReflection,
  DocumentReflection,
  PageEvent,
  ProjectReflection,
  Reflection,
} from 'typedoc';
import { equations } from './equations.js';
import type { SearchEntry } from './search-entry.js';

const collected = new WeakMap<ProjectReflection, SearchEntry[]>();

/** Adds what a page offers to the search. */
export function addToSearch(project: ProjectReflection, entries: readonly SearchEntry[]): void {
  collected.set(project, [...(collected.get(project) ?? []), ...entries]);
}

/** Writes a script, since a page that is opened from a disk may load scripts and may fetch nothing. */
export function writeSearchDocuments(folder: string, project: ProjectReflection): void {
  const entries = [...equationEntries(), ...(collected.get(project) ?? [])];
  writeFileSync(
    join(folder, 'assets/search-documents.js'),
    `window.searchDocuments=${JSON.stringify(entries)};\n`,
  );
}

/** One entry per section of a document. */
export function documentEntries(page: PageEvent<DocumentReflection>, area: string): SearchEntry[] {
  const [title, ...headings] = page.pageHeadings;
  const name = title?.text ?? page.model.name;
  const [head = '', ...sections] = sectionsOf(plainText(page.model.content));
  const [first = '', ...rest] =
    sections.length > headings.length
      ? [head + (sections[0] ?? ''), ...sections.slice(1)]
      : [head, ...sections];
  const whole = { url: page.url, title: name, page: '', area, text: told(first) };
  return [
    whole,
    ...headings.map(({ link, text }, at) => ({
      url: page.url + link,
      title: text,
      page: name,
      area,
      text: told(rest[at] ?? ''),
    })),
  ];
}

/** One entry for a declaration, and one for each of its members. */
export function declarationEntries(
  model: DeclarationReflection | ProjectReflection,
  urlOf: (member: Reflection) => string | undefined,
): SearchEntry[] {
  if (model.isProject())
    return [{ url: 'api.html', title: 'API', page: '', area: 'api', text: 'entry points' }];
  const members = model.children ?? [];
  return [model, ...members].flatMap((member) => {
    const url = urlOf(member);
    if (url === undefined || (member !== model && !url.includes('#'))) return [];
    return [
      {
        url,
        title: member === model ? member.name : `${model.name}.${member.name}`,
        page: 'API',
        area: 'api',
        text: told(commentsOf(member)),
      },
    ];
  });
}

function commentsOf(member: DeclarationReflection): string {
  const signatures = (member.signatures ?? []).flatMap((signature) => [
    signature,
    ...(signature.parameters ?? []),
  ]);
  return [member, ...signatures]
    .flatMap(({ comment }) =>
      comment
        ? [
            plainText(comment.summary),
            ...comment.blockTags
              .filter(({ tag }) => tag !== '@example')
              .map(({ content }) => plainText(content)),
          ]
        : [],
    )
    .join(' ');
}

function equationEntries(): SearchEntry[] {
  return equations.map(({ number, title, address }) => ({
    url: address,
    title: `Eq. ${number}: ${title}`,
    page: 'Equations',
    area: 'equation',
    text: `equation ${number}`,
  }));
}

function plainText(parts: readonly CommentDisplayPart[]): string {
  return parts.map(({ text }) => text).join('');
}

/** The text before the first heading, and after each. */
function sectionsOf(markdown: string): string[] {
  const sections = [''];
  let fenced = false;
  for (const line of markdown.split('\n')) {
    if (line.startsWith('```')) fenced = !fenced;
    if (!fenced && /^#{1,6} /.test(line)) sections.push('');
    else sections.push(`${sections.pop()}${line}\n`);
  }
  return sections;
}

/** Markdown without its marks. */
function told(markdown: string): string {
  return markdown
    .replaceAll(/^```.*$|<!--[\s\S]*?-->/gm, ' ')
    .replaceAll(/\]\([^)\s]*\)/g, ' ')
    .replaceAll(/[*`[\]|#]|:?-{2,}:?/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
