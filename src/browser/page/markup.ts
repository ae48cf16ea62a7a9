/**
 * The page's frame and its look.
 *
 * @module
 */
import { html, type Markup } from '../../support/markup.js';
import { PAGE_STYLE } from '../../support/page-style.js';
import type { PageEngines } from './plan.js';

/** Of the page on a site: scripts, workers and styles are files of the site, and no code is made from text. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** `page.css`. */
export const PAGE_CSS = `${PAGE_STYLE}
form { display: flex; flex-wrap: wrap; gap: .8rem 1.5rem; align-items: end; margin: 1rem 0; }
fieldset { border: 1px solid var(--line); border-radius: 6px; padding: .3rem .8rem .5rem; margin: 0; display: flex; flex-wrap: wrap; gap: .2rem 1rem; }
label { display: inline-flex; gap: .4rem; align-items: center; min-height: 2.2rem; } label.above { flex-direction: column; align-items: start; gap: .1rem; }
input, select, button { font: inherit; color: inherit; } input[type=number] { width: 9rem; } input[type=checkbox] { width: 1.2rem; height: 1.2rem; }
input[type=number], select, button { padding: .35rem .6rem; min-height: 2.4rem; border: 1px solid var(--soft); border-radius: 6px; background: var(--paper); }
button { cursor: pointer; } button:disabled { cursor: default; opacity: .55; } button.main { font-weight: 600; }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; } [hidden] { display: none !important; }
#progress { min-height: 4.5rem; } progress { width: 100%; max-width: 30rem; accent-color: var(--anchor); }
#live th[scope=row] { font-weight: 400; position: sticky; left: 0; background: var(--paper); } #troubles { padding-left: 1.2rem; } #troubles li { overflow-wrap: anywhere; color: var(--failed); }
@media (max-width: 40rem) { #live th[scope=row] { max-width: 11rem; overflow-wrap: anywhere; } }
`;

/**
 * `index.html`.
 *
 * @param known - the backends that the page has, and their engines
 * @param home - the page that the site begins with; a page of its own has none, and no policy
 */
export function pageHtml(known: PageEngines, home?: string): string {
  return `<!doctype html>\n${frame(known, home).text}\n`;
}

function frame(known: PageEngines, home: string | undefined): Markup {
  const engines = [...new Set(Object.values(known).flat())];
  return html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${home !== undefined && html`<meta http-equiv="Content-Security-Policy" content="${POLICY}">`}
<title>Verify in this browser · class-rectification</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="page.css">
</head>
<body>
<header>
${home !== undefined && html`<p><a href="${home}">class-rectification</a></p>`}
<h1>Verify in this browser</h1>
<p>Runs the property suite on the engines that this browser has, in workers of this page. Nothing is sent anywhere. 30 cases per property take a few minutes on a phone.</p>
</header>
<main>
<form id="plan">
<fieldset><legend>Engines</legend>${engines.map((engine) => html`<label><input type="checkbox" id="engine-${engine}">${engine}</label>`)}</fieldset>
<label class="above">Backend <select id="backend">${Object.keys(known).map((backend) => html`<option>${backend}</option>`)}</select></label>
<label class="above">Cases per property <input type="number" id="runs" min="1" max="100000" required></label>
<label class="above">Seed (empty: a random one) <input type="number" id="seed" min="-2147483648" max="2147483647"></label>
<div class="actions"><button type="submit" id="verify" class="main">Verify</button><button type="button" id="stop" disabled>Stop</button></div>
</form>
<p id="only" class="soft"></p>
<div id="progress">
<p id="status" role="status">This page needs JavaScript, and has to come from a server: browsers do not start workers from a file.</p>
<progress id="done" aria-label="Properties that are done on this engine" value="0" max="1" hidden></progress>
<p id="saves" class="actions" hidden><button type="button" id="save-html">Download the report</button><button type="button" id="save-json">Download it as JSON</button></p>
</div>
<section id="live" aria-label="Verdicts" hidden>
<ul id="troubles"></ul>
<div class="wide" tabindex="0" role="region" aria-label="Verdicts by property and engine"><table>
<thead><tr id="head"></tr></thead>
<tbody id="rows"></tbody>
</table></div>
</section>
</main>
<script type="module" src="page.js"></script>
</body>
</html>`;
}
