/**
 * The page: on a button, measures what its address asks for, one engine after the other, and shows the table.
 *
 * @module
 */
import { cellsOf, notesOf } from '../../cells.js';
import type { Found } from '../../section.js';
import type { MeasureAnswer, MeasuredSection, MeasureRequest, PageReport } from './messages.js';
import { type MeasuredEngine, readPlan } from './plan.js';

/** The parts of an element that are used. */
interface Element {
  textContent: string;
  disabled: boolean;
  hidden: boolean;
  href: string;
  download: string;
  onclick: () => void;
  append(...nodes: Element[]): void;
}

/** The parts of a window that are used. */
interface Window {
  readonly location: { readonly search: string; readonly href: string };
  readonly navigator: { readonly hardwareConcurrency: number };
  readonly document: { getElementById(id: string): Element; createElement(name: string): Element };
  readonly Worker: new (
    url: string,
    options: { type: 'module' },
  ) => {
    onmessage: (event: { readonly data: MeasureAnswer }) => void;
    onerror: (event: { readonly message: string }) => void;
    postMessage(request: MeasureRequest): void;
    terminate(): void;
  };
  readonly Blob: new (parts: readonly string[], options: { type: string }) => object;
  readonly URL: { createObjectURL(blob: object): string };
  /** Set by the program that drives the page, if one does. */
  readonly onCrlStatus?: (status: string) => void;
  /** Settles when everything is measured, for a program that drives the page. */
  crlBench: Promise<PageReport> | undefined;
}

const page = globalThis as unknown as Window;
const { document } = page;
const button = document.getElementById('measure');

button.onclick = () => {
  button.disabled = true;
  page.crlBench = measureAll().finally(() => {
    button.disabled = false;
  });
  page.crlBench.catch((error) => say(`Could not measure: ${error}`));
};
say('Ready');
if (new URLSearchParams(page.location.search).has('start')) button.onclick();

async function measureAll(): Promise<PageReport> {
  const { engines, ...plan } = readPlan(page.location.search);
  document.getElementById('results').textContent = '';
  let versions: PageReport['versions'] = {};
  const sections: MeasuredSection[] = [];
  for (const engine of engines) {
    const measured = await measureOn(engine, plan);
    versions = measured.versions;
    const title = `The whole loss from logits and its gradient on ${engine}, in this browser`;
    sections.push({ id: `browser-whole-loss-${engine}`, title, ...measured.found });
    show(title, measured.found);
  }
  const report: PageReport = {
    machine: { cores: page.navigator.hardwareConcurrency },
    versions,
    date: new Date().toISOString(),
    sections,
  };
  offer(report);
  say(`Done: ${engines.join(', ')}`);
  return report;
}

function measureOn(
  engine: MeasuredEngine,
  plan: Omit<MeasureRequest, 'engine' | 'wasm'>,
): Promise<Extract<MeasureAnswer, { kind: 'found' }>> {
  const worker = new page.Worker('worker.js', { type: 'module' });
  say(`${engine}: starting`);
  const answer = new Promise<Extract<MeasureAnswer, { kind: 'found' }>>((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.onmessage = ({ data }) => {
      if (data.kind === 'found') return resolve(data);
      if (data.kind === 'error') return reject(new Error(data.message));
      say(`${engine}: ${data.setting}`);
    };
  });
  worker.postMessage({ ...plan, engine, wasm: new URL('.', page.location.href).href });
  return answer.finally(() => worker.terminate());
}

/** Adds the table of an engine to the page. */
function show(title: string, found: Found): void {
  const { head, lines } = cellsOf(found);
  const row = (kind: 'th' | 'td', cells: readonly (string | number)[]) =>
    element('tr', '', ...cells.map((cell) => element(kind, String(cell))));
  document
    .getElementById('results')
    .append(
      element('h2', title),
      element('p', found.adapter ? `On ${found.adapter}` : ''),
      element('table', '', row('th', head), ...lines.map((line) => row('td', line))),
      ...notesOf(found).map((note) => element('p', note)),
    );
}

/** Lets the results be downloaded as JSON. */
function offer(report: PageReport): void {
  const link = document.getElementById('download');
  const file = new page.Blob([`${JSON.stringify(report, null, 2)}\n`], { type: 'application/json' });
  link.href = page.URL.createObjectURL(file);
  link.download = 'browser.json';
  link.hidden = false;
}

function element(name: string, text: string, ...inside: Element[]): Element {
  const made = document.createElement(name);
  made.textContent = text;
  made.append(...inside);
  return made;
}

function say(text: string): void {
  document.getElementById('status').textContent = text;
  page.onCrlStatus?.(text);
}
