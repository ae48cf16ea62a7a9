/**
 * Stages and properties as tables of the page; on a phone each property becomes a card.
 *
 * @module
 */

import type { PropertyReport, Report } from '../../../properties/index.js';
import { STAGES } from '../../../spec/index.js';
import { html, type Markup } from '../../support/markup.js';
import { idText, timeText } from './outcome.js';
import { badge } from './verdict-badge.js';

/** Time and count of each stage. */
export function stagesTable({ stages }: Report): Markup {
  return html`<div class="wide"><table>
<thead><tr><th scope="col">stage</th><th scope="col" class="number">properties</th><th scope="col" class="number">failed</th><th scope="col" class="number">cases</th><th scope="col" class="number">time</th></tr></thead>
<tbody>${stages
    .filter(({ properties }) => properties > 0)
    .map(
      ({ stage, properties, failed, cases, milliseconds }) => html`
<tr><th scope="row">${stage}</th>${[properties, failed, cases, timeText(milliseconds)].map((value) => html`<td class="number">${value}</td>`)}</tr>`,
    )}</tbody>
</table></div>`;
}

/** All verdicts, one table per stage. */
export function verdictsTables(report: Report): Markup {
  return html`${STAGES.map((stage) => {
    const own = report.properties.filter((property) => property.stage === stage);
    if (own.length === 0) return '';
    const good = own.filter(({ verdict }) => verdict === 'passed').length;
    return html`<details${own.some(isTrouble) && html` open`}><summary><strong>${stage}</strong> <span class="soft">${good} of ${own.length} passed</span></summary>
<table class="cards">
<thead><tr><th scope="col">property</th><th scope="col">verdict</th><th scope="col" class="number">cases</th><th scope="col" class="number">time</th><th scope="col">equation or ruling</th></tr></thead>
<tbody>${own.map(row)}</tbody>
</table></details>`;
  })}`;
}

function row(property: PropertyReport): Markup {
  const { id, claim, verdict, cases, milliseconds, source, reason, link, replay } = property;
  return html`
<tr><td><code>${id}</code>${idText(property) !== id && html` <span class="soft">(recommended)</span>`}
${reason !== undefined && verdict !== 'failed' && html`<div class="soft">${reason}${link !== undefined && html` (${linked(link)})`}</div>`}
<details><summary>claim and replay</summary>${claim}<pre>${replay}</pre></details></td>
<td>${badge(verdict)}</td><td class="number" data-label="cases">${cases}</td><td class="number" data-label="time">${timeText(milliseconds)}</td><td data-label="source">${source}</td></tr>`;
}

/** What a reader comes for: open from the start. */
function isTrouble({ verdict }: PropertyReport): boolean {
  return verdict === 'failed' || verdict === 'known' || verdict === 'unexpected-pass';
}

/** A link if it is one of the web: a known failure's link is anybody's text. */
export function linked(link: string): Markup {
  return /^https?:\/\//.test(link) ? html`<a href="${link}" rel="noreferrer">${link}</a>` : html`${link}`;
}
