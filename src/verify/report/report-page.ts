/**
 * Reports as one page: no script, nothing from elsewhere, readable on a phone.
 *
 * @module
 */
import type { Report, Verdict } from '../../../properties/index.js';
import { html, Markup } from '../../support/markup.js';
import { PAGE_STYLE } from '../../support/page-style.js';
import { failureNotes } from './counterexample-notes.js';
import { COVERAGE_HEAD, coverageRows, coverageWords, worstRows } from './coverage-rows.js';
import {
  isUnavailable,
  jointVerdict,
  levelTexts,
  matrixOf,
  nameOf,
  runsText,
  timeText,
  troubles,
  versionsText,
  type WholeVerdict,
  wholeVerdict,
} from './outcome.js';
import { counterexampleArticle, troublePlace, troubleWords } from './page-counterexample.js';
import { stagesTable, verdictsTables } from './page-properties.js';
import { adviceOn } from './start-with.js';
import { legend } from './strip-svg.js';
import { badge, SYMBOLS } from './verdict-badge.js';

/** The verdict on all reports, as the title says it. */
const TITLES: Readonly<Record<WholeVerdict, string>> = {
  passed: 'Passed',
  failed: 'Not passed',
  stopped: 'Stopped',
  unavailable: 'Not passed',
};

/** The page of some reports, as a whole HTML document. It runs in a browser too, where there are no paths. */
export function reportPage(reports: readonly Report[]): string {
  const verdict = jointVerdict(reports);
  const names = reports.map(nameOf).join(', ');
  const isSingle = reports.flatMap(troubles).length === 1; // nothing to choose from: it is unfolded
  const { text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${TITLES[verdict]}: ${names}</title>
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
<header>
<h1>Class Rectification Loss: conformance of ${reports.length > 3 ? `${reports.length} pairs of backend and engine` : names}</h1>
<p>${badge(verdict)}
${reports.length > 1 && html`<span class="soft">${tally(reports)}</span>`}</p>
</header>
<main>
${jumpList(reports)}
${matrixSection(reports)}
${reports.map((report, at) => reportSection(report, at, isSingle))}
</main>
</body>
</html>
`;
  return text;
}

/** What does not hold, of all backends, each with a link to its details. */
function jumpList(reports: readonly Report[]): Markup | false {
  const items = reports.flatMap((report, at) =>
    troubles(report).map((property) => {
      const name = reports.length > 1 && html`${nameOf(report)}: `;
      return html`<li>${badge(property.verdict)} ${name}<a href="#${troublePlace(at, property)}"><code>${property.id}</code></a> <span class="soft">${troubleWords(property)}</span></li>\n`;
    }),
  );
  return (
    items.length > 0 &&
    html`<nav aria-label="What does not hold"><h2>What does not hold</h2><ul class="jump">${items}</ul></nav>`
  );
}

/** Such as `4 passed, 3 unavailable`. */
function tally(reports: readonly Report[]): string {
  const counts = (['passed', 'failed', 'stopped', 'unavailable'] as const).map((verdict) => {
    const count = reports.filter((report) => wholeVerdict(report) === verdict).length;
    return count > 0 ? `${count} ${verdict}` : '';
  });
  return counts.filter((part) => part !== '').join(', ');
}

function matrixSection(reports: readonly Report[]): Markup {
  const { columns, rows, reasons } = matrixOf(reports);
  return html`<div class="wide"><table class="matrix">
<thead><tr><th scope="col">stage</th>${columns.map((name, at) => html`<th scope="col"><a href="#backend-${at}">${name}</a></th>`)}</tr></thead>
<tbody>${rows.map(
    ({ stage, cells }) => html`
<tr><th scope="row">${stage}</th>${cells.map(({ verdict, share, notes }) => html`<td>${verdict ? badge(verdict) : html`<span class="verdict none">–</span>`} <small>${share}${notes.length > 0 && html`<sup>${notes.map((n) => html` <a href="#reason-${n}">[${n}]</a>`)}</sup>`}</small></td>`)}</tr>`,
  )}</tbody>
</table></div>
${reasons.length > 0 && html`<ol class="soft">${reasons.map((reason, at) => html`<li id="reason-${at + 1}">${reason}</li>`)}</ol>`}
<p class="soft">${(['passed', 'failed', 'skipped', 'unavailable', 'known', 'unexpected-pass'] satisfies Verdict[]).map((v) => `${SYMBOLS[v]} ${v}`).join(' · ')}</p>`;
}

function coverageSection(report: Report): Markup | false {
  const { coverage } = report;
  if (coverage === undefined) return false;
  return html`<h3>Coverage</h3>
<p>${coverageWords(coverage)}</p>
<details><summary>Conditions</summary><div class="wide">${plainTable(COVERAGE_HEAD, coverageRows(coverage))}</div></details>
<details><summary>Worst share of its tolerance that each property used</summary>${plainTable(['property', 'share'], worstRows(report))}</details>`;
}

/** A table of text, the first column naming its row. */
function plainTable(head: readonly string[], rows: readonly (readonly string[])[]): Markup {
  return html`<table>
<thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([first, ...cells]) => html`
<tr><th scope="row">${first}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`,
  )}</tbody>
</table>`;
}

function reportSection(report: Report, at: number, open: boolean): Markup {
  const found = troubles(report);
  return html`
<section id="backend-${at}">
<h2>${nameOf(report)} ${badge(wholeVerdict(report))}</h2>
<dl>
<dt>backend</dt><dd>${report.backend}</dd>
<dt>engine</dt><dd>${report.engine ?? 'none'}</dd>
${report.adapter !== null && html`<dt>adapter</dt><dd>${report.adapter}</dd>`}
<dt>runs</dt><dd>${runsText(report)}</dd>
<dt>seed</dt><dd>${report.seed}</dd>
<dt>started</dt><dd><time datetime="${report.started}">${report.started}</time></dd>
<dt>time</dt><dd>${timeText(report.milliseconds)}</dd>
<dt>versions</dt><dd>${versionsText(report.versions)}</dd>
${levelTexts(report).map(({ level, text }) => html`<dt>level ${level}</dt><dd>${text}</dd>`)}
</dl>
${report.stale.length > 0 && html`<p>${badge('failed')} Known failures that no property has: ${report.stale.join(', ')}. Take them off the list.</p>`}
${report.problems.map((problem) => html`<p>${problem === report.stopped ? badge('stopped') : badge('failed')} ${problem === report.stopped ? 'Ended early' : 'Outside the properties'}: ${problem}</p>`)}
${found.length > 0 && html`<h3>What does not hold</h3>${adviceOn(report).map((line) => html`<p>${line}</p>`)}${legend()}${found.map((property) => counterexampleArticle(property, failureNotes(report, property), troublePlace(at, property), open))}`}
${
  isUnavailable(report)
    ? html`<p>${report.properties[0]?.reason}</p>`
    : html`<h3>Stages</h3>
${stagesTable(report)}
<h3>Properties</h3>
${verdictsTables(report)}
${coverageSection(report)}`
}
</section>`;
}
