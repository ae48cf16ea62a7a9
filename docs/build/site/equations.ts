/**
 * The paper's equations as the documents list them, and the pages that show a file of the specification.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import { katex } from '@mdit/plugin-katex';
import MarkdownIt from 'markdown-it';
import { allPages, type TrackPage, tracks } from './tracks.js';

const docs = resolve(import.meta.dirname, '../..');

/** An equation, typeset, with where it is explained. */
export interface CitedEquation {
  /** The first number of its row. */
  readonly number: number;
  /** `3`, or `14, 15`. */
  readonly label: string;
  /** The formula as HTML. */
  readonly formula: string;
  /** What the page that explains it calls it. */
  readonly title: string;
  /** The address of that page, with its anchor, below the site. */
  readonly address: string;
}

const ROW = /^\| (\d+(?:, \d+)*) \| (.+) \| \[([^\]]+)\]\(([^)#]+)(#[^)]*)?\) \|$/gm;

/** All numbered equations, in order. */
export const equations: readonly CitedEquation[] = readEquations();

function readEquations(): CitedEquation[] {
  const markdown = new MarkdownIt().use(katex, { throwOnError: true, strict: 'error' });
  const addresses = new Map(allPages().map(({ file, address }) => [file, address]));
  const text = readFileSync(resolve(docs, 'paper/equations.md'), 'utf8');
  return [...text.matchAll(ROW)].flatMap(([, label = '', tex = '', title = '', file = '', anchor = '']) => {
    const address = addresses.get(posix.join('paper', file));
    if (address === undefined)
      throw new Error(`docs/paper/equations.md links to ${file}, which no track has`);
    const formula = markdown.renderInline(tex);
    return label.split(', ').map((number) => ({
      number: Number(number),
      label: number,
      formula,
      title,
      address: `${address}.html${anchor}`,
    }));
  });
}

/** The pages of the paper's track that show code of a file, in order. */
export function pagesThatShow(file: string): TrackPage[] {
  const paper = tracks.find(({ id }) => id === 'paper');
  return (paper?.groups ?? [])
    .flatMap(({ pages }) => pages)
    .filter((page) => readFileSync(resolve(docs, page.file), 'utf8').includes(`../${file})`));
}
