/**
 * A strip drawn as SVG: samples from left to right by score or distance, stacked where they meet.
 *
 * Colour tells the role, shape the class (round: of the class, square: not), so that neither is
 * needed alone; the words stand beside it.
 *
 * @module
 */

import { html, type Markup } from '../../support/markup.js';
import { short } from './batch-rows.js';
import type { Mark, Strip } from './strips.js';

const WIDTH = 340;
const EDGE = 16;
const RADIUS = 9;
const LANE = 22;
const AXIS = 30;
/** Samples past this are counted, not drawn: those with a role come first. */
const MOST_MARKS = 60;

/** One strip. */
export function stripSvg(strip: Strip): Markup {
  const drawn = chosen(strip.marks);
  const [low, high] = rangeOf(drawn.map(({ at }) => at));
  const x = (at: number) =>
    low === high ? WIDTH / 2 : EDGE + ((at - low) / (high - low)) * (WIDTH - 2 * EDGE);
  const placed = lanes(drawn, x);
  const height = LANE * Math.max(1, ...placed.map(({ lane }) => lane + 1)) + AXIS;
  const y = (lane: number) => height - AXIS - LANE * (lane + 0.5);
  const line = height - AXIS + 3;
  const label = `${strip.title}, by ${strip.axis}. ${strip.words.join('. ')}`;
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${label}">
<line class="axis" x1="${EDGE}" y1="${line}" x2="${WIDTH - EDGE}" y2="${line}"/>
${low === high ? tick(WIDTH / 2, line, low, 'middle') : [tick(EDGE, line, low, 'start'), tick(WIDTH - EDGE, line, high, 'end')]}
<text class="name" x="${WIDTH / 2}" y="${line + 23}" text-anchor="middle">${strip.axis} →</text>
${placed.map(({ mark, lane }) => markSvg(mark, x(mark.at), y(lane)))}
</svg>${drawn.length < strip.marks.length && html`<p class="more">… and ${strip.marks.length - drawn.length} more samples</p>`}`;
}

/** What the marks mean. */
export function legend(): Markup {
  const key = (mark: Partial<Mark>, words: string) =>
    html`<li><svg viewBox="0 0 22 22" aria-hidden="true">${markSvg({ sample: Number.NaN, at: 0, member: true, roles: [], ...mark }, 11, 11)}</svg>${words}</li>`;
  return html`<ul class="legend">
${key({ roles: ['anchor'] }, 'anchor (blue ring)')}
${key({ roles: ['positive'] }, 'hard positive (green)')}
${key({ member: false, roles: ['negative'] }, 'hard negative (red square)')}
${key({}, 'of the class, not mined')}
${key({ member: false }, 'not of the class, not mined')}
</ul>`;
}

function markSvg({ sample, at, member, roles }: Mark, x: number, y: number): Markup {
  const classes = ['mark', ...roles].join(' ');
  const what = `sample ${sample}: ${roles.join(', ') || 'not mined'}, at ${at}`;
  const shape = member
    ? html`<circle cx="${x}" cy="${y}" r="${RADIUS}"/>`
    : html`<rect x="${x - RADIUS + 1}" y="${y - RADIUS + 1}" width="${2 * RADIUS - 2}" height="${2 * RADIUS - 2}"/>`;
  const name = Number.isNaN(sample)
    ? ''
    : html`<title>${what}</title><text x="${x}" y="${y + 3.5}" text-anchor="middle">${sample}</text>`;
  return html`<g class="${classes}">${shape}${name}</g>`;
}

function tick(x: number, line: number, value: number, anchor: string): Markup {
  return html`<text class="tick" x="${x}" y="${line + 11}" text-anchor="${anchor}">${short(value)}</text>`;
}

function chosen(marks: readonly Mark[]): Mark[] {
  const byRole = [...marks].sort((a, b) => +(b.roles.length > 0) - +(a.roles.length > 0));
  return byRole.slice(0, MOST_MARKS).sort((a, b) => a.at - b.at || a.sample - b.sample);
}

/** Probabilities on [0, 1] as a rule; but scores close together are drawn apart. */
function rangeOf(values: readonly number[]): [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (high - low < 0.05) return [low, high];
  if (low >= 0 && high <= 1) return [0, 1];
  return low >= -1 && high <= 0 ? [-1, 0] : [low, high];
}

/** The lowest lane in which each mark touches no other; marks come from left to right. */
function lanes(marks: readonly Mark[], x: (at: number) => number): { mark: Mark; lane: number }[] {
  const ends: number[] = [];
  return marks.map((mark) => {
    const at = x(mark.at);
    const free = ends.findIndex((end) => end + 2 * RADIUS + 2 <= at);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = at;
    return { mark, lane };
  });
}
