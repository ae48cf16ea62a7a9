/**
 * Pages that typedoc does not know: sources, and one page per property. Each brings its address and content.
 *
 * @module
 */
import type { ProjectReflection } from 'typedoc';
import type { Markup } from '../../../src/support/markup.js';
import type { SearchEntry } from './search-entry.js';

/** Code of a language as HTML with colours. */
export type Highlighter = (code: string, language: string) => string;

/** A page of the site's own. It is a target of typedoc's router. */
export interface SitePart {
  readonly kind: 'source' | 'property';
  readonly name: string;
  readonly url: string;
  readonly parent: ProjectReflection;
  /** What the search finds of it. */
  readonly searched: readonly SearchEntry[];
  /** The content below the head of the page; `root` leads from the page to the top of the site. */
  content(root: string, highlighted: Highlighter): Markup;
}

const parts = new WeakMap<ProjectReflection, SitePart[]>();

/** The parts of a project, to add to. */
export function siteParts(project: ProjectReflection): SitePart[] {
  const known = parts.get(project);
  if (known) return known;
  const none: SitePart[] = [];
  parts.set(project, none);
  return none;
}
