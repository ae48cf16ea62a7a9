/**
 * A badge for a README: the backend, and the levels of conformance that it reached.
 *
 * @module
 */
import type { Report } from '../../../properties/index.js';
import { html, type Markup } from '../../support/markup.js';
import { isUnavailable, jointVerdict, nameOf, reachedLevels, wholeVerdict } from './outcome.js';
import { withoutPlaces } from './without-places.js';

/** Width of a letter, on average, and of the space at both ends of a half. */
const LETTER = 6.6;
const SPACE = 12;
const HEIGHT = 20;

const LABEL = 'class rectification loss';
const COLOURS = { passed: '#2a7d3f', failed: '#b3261e', nothing: '#6b6b6b' } as const;

/**
 * A badge of some reports as SVG. It names each backend that could run with the levels that it reached, or says
 * that it failed, that the run was stopped, or that no level was judged as a whole.
 *
 * @returns a whole SVG document
 * @example
 * ```ts
 * import { reportBadge, verify } from 'class-rectification/verify';
 * import { referenceBackend } from 'class-rectification/backends/reference';
 * const report = await verify(referenceBackend, { seed: 1, runs: 5, only: ['minority-agrees'] });
 * reportBadge([report]).includes('reference: no level judged'); // → true
 * ```
 */
export function reportBadge(reports: readonly Report[]): string {
  const able = withoutPlaces(reports).filter((report) => !isUnavailable(report));
  const message = able.map(messageOf).join('; ') || 'nothing could run';
  const { text } = badge(message, titleOf(able, message), colourOf(able));
  return `${text}\n`;
}

function messageOf(report: Report): string {
  const verdict = wholeVerdict(report);
  const levels = reachedLevels(report).join(', ') || 'no level judged';
  return `${nameOf(report)}: ${verdict === 'passed' ? levels : verdict}`;
}

function titleOf([first]: readonly Report[], message: string): string {
  if (first === undefined) return `${LABEL}: ${message}`;
  const { runs, seed, versions } = first;
  const version = versions['class-rectification'] ?? 'unknown';
  return `${LABEL}: ${message}; ${runs} cases per property, seed ${seed}, class-rectification ${version}`;
}

function colourOf(able: readonly Report[]): string {
  if (able.length === 0) return COLOURS.nothing;
  const verdict = jointVerdict(able);
  if (verdict !== 'passed') return verdict === 'failed' ? COLOURS.failed : COLOURS.nothing;
  return able.every((report) => reachedLevels(report).length > 0) ? COLOURS.passed : COLOURS.nothing;
}

function badge(message: string, title: string, colour: string): Markup {
  const widthOf = (text: string) => Math.ceil(text.length * LETTER + SPACE);
  const [left, right] = [widthOf(LABEL), widthOf(message)];
  const half = (text: string, x: number, width: number) =>
    html`<text x="${x + width / 2}" y="14" textLength="${width - SPACE}">${text}</text>`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="${HEIGHT}" role="img" aria-label="${title}">
<title>${title}</title>
<rect width="${left}" height="${HEIGHT}" fill="#444"/>
<rect x="${left}" width="${right}" height="${HEIGHT}" fill="${colour}"/>
<g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
${half(LABEL, 0, left)}
${half(message, left, right)}
</g>
</svg>`;
}
