/**
 * The verdicts as they come: one row per property, one column per engine.
 *
 * @module
 */
import type { PropertyReport, Report, Verdict } from '../../../properties/index.js';
import { isUnavailable, propertyLine } from '../../verify/report/outcome.js';
import { SYMBOLS } from '../../verify/report/verdict-badge.js';
import { byId, element, type PageElement } from './dom.js';

/** Verdicts that a reader must see. */
const TROUBLES: readonly Verdict[] = ['failed', 'unexpected-pass'];

/** The table of one run. */
export class LiveTable {
  readonly #cells = new Map<string, PageElement>();
  readonly #engines: readonly string[];

  /** Empties the table, and heads it with the engines. */
  constructor(engines: readonly string[]) {
    this.#engines = engines;
    const heads = ['property', ...engines].map((name) => element('th', { scope: 'col' }, name));
    byId('head').replaceChildren(...heads);
    byId('rows').replaceChildren();
    byId('troubles').replaceChildren();
    byId('live').hidden = false;
  }

  /** Shows a verdict. */
  show(engine: string, property: PropertyReport): void {
    const { id, verdict, claim } = property;
    if (!this.#cells.has(`${engine} ${id}`)) this.#addRow(id, claim);
    const badge = element('span', { class: `verdict ${verdict}` }, `${SYMBOLS[verdict]} ${verdict}`);
    this.#cells.get(`${engine} ${id}`)?.replaceChildren(badge);
    if (TROUBLES.includes(verdict)) this.#tell(`${engine}: ${propertyLine(property)}`);
  }

  /** Shows what no progress told: that an engine is not available here, and why. */
  end(engine: string, report: Report): void {
    if (!isUnavailable(report)) return;
    this.#tell(`${engine} is not available: ${report.properties[0]?.reason ?? ''}`);
    for (const property of report.properties) this.show(engine, property);
  }

  #tell(text: string): void {
    byId('troubles').append(element('li', {}, text));
  }

  #addRow(id: string, claim: string): void {
    const cells = this.#engines.map((engine) => {
      const cell = element('td', {});
      this.#cells.set(`${engine} ${id}`, cell);
      return cell;
    });
    byId('rows').append(
      element('tr', {}, element('th', { scope: 'row', title: claim }, element('code', {}, id)), ...cells),
    );
  }
}
