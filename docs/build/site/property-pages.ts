/**
 * One page per property of the suite: its claim, where the claim comes from, an example of a failure, and the
 * wrong backends that it must catch.
 *
 * @module
 */
import type { ProjectReflection } from 'typedoc';
import { levelsOf } from '../../../properties/conformance.js';
import { properties } from '../../../properties/index.js';
import type { Property } from '../../../properties/property.js';
import { wrongBackends } from '../../../properties/wrong-backends/index.js';
import { rulings, type Stage } from '../../../spec/index.js';
import { html, type Insert, type Markup } from '../../../src/support/markup.js';
import { counterexampleCase } from '../../../src/verify/report/page-counterexample.js';
import { equations } from './equations.js';
import type { SitePart } from './parts.js';
import { exampleFor, type PropertyExample } from './property-examples.js';

/** Where the stage of a property is explained. */
const STAGE_PAGES: Readonly<Record<Stage, string>> = {
  selectMinority: 'paper/select-minority.html',
  mineHardSamples: 'paper/mine-hard-samples.html',
  formTriplets: 'paper/form-triplets.html',
  rectificationLoss: 'paper/rectification-loss.html',
  balancedLoss: 'paper/balanced-loss.html',
};

/** The address of every property's page, in the order of the suite. */
export const propertyPages = properties.map(({ id }) => ({ id, url: `verify/properties/${id}.html` }));

/** The pages of all properties, and the page that lists them. */
export function propertyParts(project: ProjectReflection): SitePart[] {
  return properties.map((property) => ({
    kind: 'property',
    name: property.id,
    url: `verify/properties/${property.id}.html`,
    parent: project,
    searched: [
      {
        url: `verify/properties/${property.id}.html`,
        title: property.id,
        page: 'Property of the suite',
        area: 'verify',
        text: `${property.claim} ${property.source}`,
      },
    ],
    content: (root) => content(property, root),
  }));
}

function content(property: Property, root: string): Markup {
  const { id, stage, source, claim, required } = property;
  const decided = rulings.filter(({ properties: by }) => by.includes(id));
  const example = exampleFor(id);
  const caught = wrongBackends.filter(({ caughtBy }) => caughtBy === id);
  return html`<h1>${id}</h1>
<p class="claim">${sentence(claim)}</p>
<dl>
<dt>Stage</dt><dd><a href="${root}${STAGE_PAGES[stage]}">${stage}</a></dd>
<dt>Comes from</dt><dd>${cited(source, root)}</dd>
<dt>Levels</dt><dd>${levelsOf(property).join(', ') || 'none'}</dd>
<dt>Kind</dt><dd>${required ? 'required: it must run at least one case' : 'recommended: it is skipped where the backend lacks what it needs'}</dd>
</dl>
<p>Run it alone:</p>
<pre><code>crl verify --backend ./mine.ts --property ${id}</code></pre>
${decided.length > 0 && html`<h2 id="rulings">Rulings that it tests</h2>\n${decided.map((ruling) => rulingItem(ruling, root))}`}
${example && exampleSection(example)}
<h2 id="wrong-backends">Wrong backends that it must catch</h2>
${
  caught.length === 0
    ? html`<p>No backend was written to fail this property only.</p>`
    : html`<ul>${caught.map((wrong) => html`<li><code>${wrong.id}</code>: ${wrong.error}</li>\n`)}</ul>`
}
<p><a href="${root}verify/wrong-backends.html">All wrong backends, and how soon each is caught</a></p>`;
}

/** A failure as a report draws it. */
function exampleSection({ wrong, error, counterexample }: PropertyExample): Markup {
  return html`<h2 id="example">An example of a failure</h2>
<p>The backend <code>${wrong}</code> is wrong on purpose (${error}). This is the smallest batch that was found on which the property fails for it.</p>
<div class="counterexample">${counterexampleCase(counterexample)}</div>`;
}

function rulingItem({ name, text, alternatives }: (typeof rulings)[number], root: string): Markup {
  return html`<h3><a href="${root}paper/rulings.html#${anchorOf(name)}">${name}</a></h3>
<p>${text}</p>
<p><em>Otherwise:</em> ${alternatives}</p>\n`;
}

/** The anchor that the page of rulings gives to a name. */
function anchorOf(name: string): string {
  return name
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replaceAll(/\s+/g, '-')
    .toLowerCase();
}

/** A source with links: `Eq. 3` to where the equation is explained, a ruling to its text. */
function cited(source: string, root: string): Insert {
  const [plain = '', ...named] = source.split(/(?<=rulings?: )/);
  return [withEquations(plain, root), named.map((part) => withRulings(part, root))];
}

function withEquations(text: string, root: string): Insert {
  return text.split(/(Eq\. \d+)/).map((part) => {
    const equation = equations.find(({ number }) => part === `Eq. ${number}`);
    return equation ? html`<a href="${root}${equation.address}">${part}</a>` : part;
  });
}

function withRulings(text: string, root: string): Insert {
  return text.split(/(, |; )/).map((part) => {
    const ruling = rulings.find(({ name }) => name === part);
    return ruling ? html`<a href="${root}paper/rulings.html#${anchorOf(part)}">${part}</a>` : part;
  });
}

function sentence(claim: string): string {
  const text = claim.charAt(0).toUpperCase() + claim.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
