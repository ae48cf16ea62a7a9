/**
 * Passages that are made from the results, on pages that are otherwise written by hand.
 *
 * @module
 */

/** How the comment before a passage begins. */
const MADE = '<!-- Made by npm run evidence: ';

/**
 * The page with its passage made anew. The passage stands between two comments, which name it.
 *
 * @param file - the name of the page, for the error
 * @param name - what the passage is, as its comments call it
 * @throws Error - a page without the two comments, in this order
 */
export function withMade(file: string, page: string, name: string, passage: string): string {
  const [begin, end] = [`${MADE}${name}. -->`, `<!-- The end of ${name}. -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from)
    throw new Error(`${file}: expected the comments ${begin} and ${end}, in this order`);
  return `${page.slice(0, from)}${begin}\n\n${passage}\n\n${page.slice(to)}`;
}
