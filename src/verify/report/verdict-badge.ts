/**
 * A verdict in colour, with a symbol and in words.
 *
 * @module
 */
import type { Verdict } from '../../../properties/index.js';
import { html, type Markup } from '../../support/markup.js';
import type { WholeVerdict } from './outcome.js';

/** What stands for a verdict beside its word. */
export const SYMBOLS: Readonly<Record<Verdict | WholeVerdict, string>> = {
  passed: '✓',
  failed: '✗',
  skipped: '–',
  unavailable: '?',
  known: '!',
  'unexpected-pass': '✗',
  stopped: '…',
};

/** A verdict as it stands on the page. */
export function badge(verdict: Verdict | WholeVerdict): Markup {
  return html`<span class="verdict ${verdict}">${SYMBOLS[verdict]} ${verdict}</span>`;
}
