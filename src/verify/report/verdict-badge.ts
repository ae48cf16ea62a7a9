/**
 * A verdict in colour, with a symbol and in words.
 *
 * @module
 */
import type { Verdict } from '../../../properties/index.js';
import { html, type Markup } from '../../support/markup.js';

/** What stands for a verdict beside its word. */
export const SYMBOLS: Readonly<Record<Verdict, string>> = {
  passed: '✓',
  failed: '✗',
  skipped: '–',
  unavailable: '?',
  known: '!',
  'unexpected-pass': '✗',
};

/** A verdict as it stands on the page. */
export function badge(verdict: Verdict): Markup {
  return html`<span class="verdict ${verdict}">${SYMBOLS[verdict]} ${verdict}</span>`;
}
