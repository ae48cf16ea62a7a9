/**
 * The full-text index: words of titles, sections, comments, rulings, equations and error codes.
 *
 * @module
 */
import MiniSearch, { type SearchResult } from 'minisearch';
import type { SearchEntry } from '../search-entry.js';

/** Guides before the reference, and both before sources and long lists. */
const AREA_BOOST: Readonly<Record<string, number>> = {
  equation: 3,
  train: 1.5,
  paper: 1.3,
  verify: 1.2,
  api: 1,
  project: 0.5,
  source: 0.4,
};

/** Pages with hundreds of short sections, which would crowd out the others. */
const LONG_LISTS = /^(paper\/vectors|verify\/(mutation|coverage|wrong-backends))\.html/;

/** What counts more of an entry that holds a query of several words as it was typed. */
const VERBATIM = 4;

/** Most results that are shown. */
const MOST = 20;

/** A name in one piece, and in its parts: `fromLogits` is found by `logits`, and `rho` by `ρ`. */
export function words(text: string): string[] {
  return text
    .split(/[^\p{L}\p{N}]+/u)
    .flatMap((word) => {
      const parts = word.split(/(?<=[\p{Ll}\d])(?=\p{Lu})/u);
      return parts.length > 1 ? [word, ...parts] : [word];
    })
    .filter((word) => word !== '');
}

/** A map, since words such as `constructor` are also names that every object has. */
const GREEK: ReadonlyMap<string, string> = new Map(
  Object.entries({ ρ: 'rho', κ: 'kappa', η: 'eta', ω: 'omega', α: 'alpha', τ: 'tau' }),
);

/** How a word stands in the index: in lower case, Greek letters by name, a plural as its singular. */
export function term(word: string): string {
  const lower = word.toLowerCase();
  const named = GREEK.get(lower) ?? lower;
  return named.length > 3 && /[^su]s$/.test(named) ? named.slice(0, -1) : named;
}

/** The index of all entries. */
export class SiteIndex {
  readonly #index: MiniSearch<SearchEntry & { id: number }>;
  readonly #entries: readonly SearchEntry[];

  constructor(entries: readonly SearchEntry[]) {
    this.#entries = entries;
    this.#index = new MiniSearch({
      fields: ['title', 'page', 'text'],
      tokenize: words,
      processTerm: term,
      searchOptions: {
        boost: { title: 6, page: 2 },
        prefix: (word, at, all) => at === all.length - 1 && word.length > 1,
        fuzzy: (word) => (word.length > 4 ? 0.2 : false),
        boostDocument: (id) => this.#boost(Number(id)),
      },
    });
    this.#index.addAll(entries.map((entry, id) => ({ ...entry, id })));
  }

  /** The entries that hold all words, best first; if there is none, those that hold some. */
  search(query: string): SearchEntry[] {
    const all = this.#index.search(query, { combineWith: 'AND' });
    const found: SearchResult[] = all.length > 0 ? all : this.#index.search(query, { combineWith: 'OR' });
    const whole = words(query).length > 1 ? query.trim().toLowerCase() : undefined;
    const ranked = found
      .map(({ id, score }) => ({ entry: this.#entries[Number(id)] as SearchEntry, score }))
      // an error code such as class-name is a phrase: its words alone are on many pages
      .map(({ entry, score }) => ({ entry, score: holds(entry, whole) ? VERBATIM * score : score }))
      .sort((a, b) => b.score - a.score);
    return ranked.slice(0, MOST).map(({ entry }) => entry);
  }

  #boost(id: number): number {
    const { url = '', area = '' } = this.#entries[id] ?? {};
    const ofTheLoss = url.startsWith('api/class-rectification') ? 1.6 : 1; // the entry that most readers import
    const wholePage = url.includes('#') ? 1 : 1.4; // a page about the word, before a section on another page
    return wholePage * (AREA_BOOST[area] ?? 1) * (LONG_LISTS.test(url) ? 0.4 : 1) * ofTheLoss;
  }
}

function holds({ title, text }: SearchEntry, phrase: string | undefined): boolean {
  return phrase !== undefined && `${title} ${text}`.toLowerCase().includes(phrase);
}

/** The part of a text around the first word of the query, at most some 160 characters. */
export function excerpt(text: string, query: string): string {
  const first = words(query).map((word) => text.toLowerCase().indexOf(word.toLowerCase()));
  const at = Math.min(...first.filter((place) => place >= 0), text.length);
  const from = at === text.length ? 0 : Math.max(0, text.lastIndexOf(' ', Math.max(0, at - 50)));
  const part = text.slice(from, from + 160).trim();
  return `${from > 0 ? '… ' : ''}${part}${from + 160 < text.length ? ' …' : ''}`;
}
