/**
 * How to open a counterexample in the playground.
 *
 * @module
 */
import type { Counterexample } from '../../../properties/index.js';
import { isInputError, readDocument } from '../../../spec/index.js';
import { checkedDocument, LIMITS, StateError, writeAddress } from '../../support/playground-state.js';
import { HOMEPAGE } from '../../support/version.js';
import { jsonText } from './difference.js';
import { areAnchors } from './strips.js';

/** How to open it: a link of the published site or a command that serves the page here, or why it cannot be drawn. */
export type PlaygroundLink =
  | { readonly link: string }
  | { readonly command: string }
  | { readonly refused: string };

/**
 * How to open a counterexample in the playground.
 *
 * @param homepage - where the site is published. While it is the placeholder of package.json, whose host ends in
 * `.example`, the page is served on this machine by `crl playground`.
 * @returns also for a batch that the playground refuses: the reason
 */
export function playgroundLink(counterexample: Counterexample, homepage = HOMEPAGE): PlaygroundLink {
  try {
    const address = addressOf(counterexample);
    if (address.length > LIMITS.address)
      return { refused: `its address has ${address.length} characters; at most ${LIMITS.address} are read` };
    return new URL(homepage).hostname.endsWith('.example')
      ? { command: `npx crl playground ${address}` }
      : { link: `${new URL('playground/index.html', homepage)}#${address}` };
  } catch (error) {
    // what the specification refuses, such as a score that is NaN, cannot be drawn
    if (isInputError(error) || error instanceof StateError) return { refused: (error as Error).message };
    throw error;
  }
}

/** The state of the page: the first anchor that was mined differently is selected, else the first anchor. */
function addressOf({ document, expected, got }: Counterexample): string {
  const checked = checkedDocument(JSON.parse(jsonText(document)));
  const { attributes } = readDocument(checked).batch;
  const differing =
    areAnchors(expected) && areAnchors(got)
      ? expected.findIndex((anchor, at) => jsonText(anchor) !== jsonText(got[at]))
      : -1;
  const anchor = Math.max(0, differing);
  const mined = areAnchors(expected) ? expected[anchor] : undefined;
  const columns = attributes[mined?.attribute ?? 0]?.columns ?? [];
  return writeAddress({ document: checked, column: columns[mined?.class ?? 0] ?? columns[0] ?? 0, anchor });
}
