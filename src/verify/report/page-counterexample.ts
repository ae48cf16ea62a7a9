/**
 * A counterexample, drawn: the batch, the role of each sample, the expected and the given value.
 *
 * @module
 */
import type { Counterexample, PropertyReport } from '../../../properties/index.js';
import type { Anchor, BatchDocument } from '../../../spec/index.js';
import { html, type Markup } from '../../support/markup.js';
import { batchRows } from './batch-rows.js';
import { batchTitle } from './batch-title.js';
import { type CounterexampleNote, counterexampleNotes } from './counterexample-notes.js';
import { hasValues, headline, jsonText, markedLines } from './difference.js';
import { minedRows } from './mined-rows.js';
import { linked } from './page-properties.js';
import { playgroundLink } from './playground-link.js';
import { stripSvg } from './strip-svg.js';
import { areAnchors, type Strip, stripsOf } from './strips.js';
import { badge } from './verdict-badge.js';

/** Strips and lines past this are counted, not drawn. */
const MOST_STRIPS = 8;
const MOST_LINES = 60;
/** Characters of a headline beside the name of its property. */
const MOST_WORDS = 120;

/** Where a property of a report stands in its page. It lies inside what is folded, so that a link to it unfolds it. */
export function troublePlace(report: number, { id }: PropertyReport): string {
  return `backend-${report}-${id}`;
}

/** What does not hold, in a few words. */
export function troubleWords({ counterexample, reason }: PropertyReport): string {
  const words = counterexample ? headline(counterexample) : (reason ?? '');
  return (words.split('\n')[0] as string).slice(0, MOST_WORDS);
}

/**
 * One property that does not hold, or that passed where it was known not to, folded.
 *
 * @param notes - what to know before its values
 * @param place - the anchor of its details
 * @param open - unfolded from the start
 */
export function counterexampleArticle(
  property: PropertyReport,
  notes: readonly CounterexampleNote[],
  place: string,
  open: boolean,
): Markup {
  const { id, claim, source, verdict, reason, link, counterexample, replay } = property;
  return html`
<details class="trouble ${verdict}"${open && html` open`}>
<summary><h3>${badge(verdict)} <code>${id}</code></h3> <span class="soft">${troubleWords(property)}</span></summary>
<div id="${place}">
<p>${claim} <span class="soft">(${property.stage}; ${source})</span></p>
${verdict !== 'failed' && reason !== undefined && html`<p>On the list of known failures: ${reason}${link !== undefined && html` (${linked(link)})`}</p>`}
${counterexample ? counterexampleCase(counterexample, notes) : verdict === 'failed' && html`<p>${reason}</p>`}
${counterexample && playground(counterexample)}
<h4>See it again</h4>
<pre>${replay}</pre>
</div>
</details>`;
}

/** How to open the case in the playground. */
function playground(counterexample: Counterexample): Markup {
  const found = playgroundLink(counterexample);
  if ('refused' in found)
    return html`<p class="soft">The playground cannot draw this batch: ${found.refused}</p>`;
  if ('link' in found)
    return html`<p><a href="${found.link}" rel="noreferrer">Open this batch in the playground</a></p>`;
  return html`<h4>Open it in the playground</h4>
<pre>${found.command}</pre>`;
}

/** The failing case itself: what differs, the batch, and what was mined, as strips. */
export function counterexampleCase(
  counterexample: Counterexample,
  notes: readonly CounterexampleNote[] = counterexampleNotes(counterexample),
): Markup {
  const { document, expected, got } = counterexample;
  const { what, how } = batchTitle(counterexample);
  return html`${notes.map(({ word, text }) => html`<p><strong>${word}:</strong> ${text}</p>`)}
<p><strong>${headline(counterexample)}</strong></p>
${hasValues(counterexample) && (areAnchors(expected) && areAnchors(got) ? minedTable(expected, got) : html`<div class="sides"><div><h4>expected</h4>${lines(expected, got)}</div><div><h4>got</h4>${lines(got, expected)}</div></div>`)}
<div class="sides">
<div><h4>${what[0]?.toUpperCase()}${what.slice(1)} <span class="soft">(${how})</span></h4>
${batchTable(document)}
<p class="soft">options: <code>${jsonText(document.options ?? {}).replaceAll(',"', ', "')}</code></p>
<details><summary>as a document for <code>crl explain</code></summary><pre>${jsonText(document)}</pre></details></div>
<div>${drawing('What the specification mines', document)}
${areAnchors(got) && areAnchors(expected) && drawing('The backend mined', document, got)}</div>
</div>`;
}

function minedTable(expected: readonly Anchor[], got: readonly Anchor[]): Markup {
  const { rows, before, after } = minedRows(expected, got, MOST_LINES);
  const marked = (differs: boolean, text: string) => (differs ? html`<mark>${text}</mark>` : text);
  return html`<div class="wide"><table class="batch">
<thead><tr>${['', 'anchor', 'expected', 'got'].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr><td>${row.isFirst ? '→' : row.differs ? '≠' : ''}</td><td>${row.anchor}</td><td>${marked(row.differs, row.expected)}</td><td>${marked(row.differs, row.got)}</td></tr>`)}</tbody>
</table></div>${before + after > 0 && html`<p class="more">… and ${before + after} more anchors</p>`}`;
}

function lines(value: unknown, other: unknown): Markup {
  const { lines: shown, more } = markedLines(value, other, MOST_LINES);
  const marked = shown.map(({ text, differs }) => (differs ? html`<mark>${text}</mark>\n` : html`${text}\n`));
  return html`<pre>${marked}${more > 0 && `… and ${more} more lines`}</pre>`;
}

function batchTable(document: BatchDocument): Markup {
  const { head, rows, more } = batchRows(document);
  return html`<div class="wide"><table class="batch">
<thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
</table></div>${more > 0 && html`<p class="more">… and ${more} more samples</p>`}`;
}

/** The strips; a batch that the specification refuses, such as one with NaN, has none. */
function drawing(title: string, document: BatchDocument, came?: readonly Anchor[]): Markup {
  let strips: readonly Strip[];
  try {
    strips = stripsOf(document, came);
  } catch (error) {
    return html`<h4>${title}</h4><p class="soft">Not drawn: ${(error as Error).message}</p>`;
  }
  if (strips.length === 0) return html`<h4>${title}</h4><p class="soft">Nothing: no anchor.</p>`;
  const more = strips.length - MOST_STRIPS;
  return html`<h4>${title}</h4>
${strips.slice(0, MOST_STRIPS).map(
  (strip) => html`<figure><figcaption>${strip.title}</figcaption>
${stripSvg(strip)}
<ul>${strip.words.map((words) => html`<li>${words}</li>`)}</ul></figure>`,
)}
${more > 0 && html`<p class="more">… and ${more} more</p>`}`;
}
