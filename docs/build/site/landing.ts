/**
 * The first page: what this is, for whom, how to begin, and what the release was verified to do.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { wrongBackends } from '../../../properties/wrong-backends/index.js';
import { html, type Insert, type Markup } from '../../../src/support/markup.js';
import { type Conformance, conformance } from './conformance.js';
import { allPages } from './tracks.js';

const top = resolve(import.meta.dirname, '../../..');

/** The ways in, one for each reader. */
const DOORS = [
  {
    href: 'train/first-model.html',
    title: 'Train with it',
    text: 'You train a classifier on imbalanced data, in Node or in the browser. Change three lines of a TensorFlow.js script.',
  },
  {
    href: 'verify/write-a-backend.html',
    title: 'Verify a backend',
    text: 'You implement the loss. Run the property suite against your code, in any language, and get the smallest batch on which it is wrong.',
  },
  {
    href: 'paper/read-in-code.html',
    title: 'Read the paper',
    text: 'You want to understand the loss. Follow the paper as documented code, equation by equation.',
  },
];

/** @param rendered - Markdown as HTML */
export function landing(rendered: (markdown: string) => Markup): Markup {
  return html`<div class="landing">
<h1>The Class Rectification Loss, exactly</h1>
<p class="lead">A training loss for imbalanced classification in TensorFlow.js, verified against an executable specification of the paper.</p>
<div class="begin">
<div class="code">${rendered(firstBlock('sh'))}${rendered(firstBlock('ts'))}</div>
<nav class="doors" aria-label="Where to start">${DOORS.map(
    ({ href, title, text }) => html`<a href="${href}"><strong>${title}</strong><span>${text}</span></a>\n`,
  )}</nav>
</div>
<section class="honest">${rendered(honestAnswer())}</section>
${matrix(conformance)}
</div>`;
}

/** The README's answer to whether the loss helps, with its links to documents. */
function honestAnswer(): string {
  const addresses = new Map(allPages().map(({ file, address }) => [`docs/${file}`, `${address}.html`]));
  const paragraph = readme().match(/^\*\*Does it help\?\*\* .*$/m)?.[0];
  if (paragraph === undefined) throw new Error('README.md does not say whether the loss helps');
  return paragraph.replaceAll(/\]\(([^)]+)\)/g, (_, file: string) => `](${addresses.get(file) ?? file})`);
}

function readme(): string {
  return readFileSync(resolve(top, 'README.md'), 'utf8');
}

/** The first block of a language in the README: the site shows what the README shows. */
function firstBlock(language: string): string {
  const block = readme().match(new RegExp(`^\`\`\`${language}\\n[\\s\\S]*?^\`\`\`$`, 'm'))?.[0];
  if (block === undefined) throw new Error(`README.md has no block of ${language}`);
  return block;
}

/** Which stage of which backend was verified on which engine. */
function matrix({ runs, seed, version, targets, stages }: Conformance): Markup {
  return html`<section class="conformance"><h2>Verified in this release</h2>
<p>Every backend of the package was run against the property suite (version ${version}, seed ${seed}, ${runs} cases per property; cheap properties run more). <a href="verify/wrong-backends.html">${wrongBackends.length} backends that are wrong on purpose</a> show that the suite notices errors.</p>
<div class="scroll"><table>
<thead><tr><th scope="col">Stage</th>${targets.map(({ backend, engine }) => html`<th scope="col">${backend}${engine && html` <small>${engine}</small>`}</th>`)}</tr></thead>
<tbody>${stages.map(
    (stage) =>
      html`<tr><th scope="row">${stage}</th>${targets.map(({ verdicts }) => cell(verdicts[stage]))}</tr>\n`,
  )}</tbody>
</table></div></section>`;
}

function cell(verdict: { passed: number; failed: number; skipped: number } | undefined): Insert {
  if (!verdict || verdict.passed + verdict.failed === 0) return html`<td class="none">not apart</td>`;
  return verdict.failed > 0
    ? html`<td class="failed">✗ ${verdict.failed} failed</td>`
    : html`<td class="passed">✓ ${verdict.passed}</td>`;
}
