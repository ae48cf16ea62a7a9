/**
 * The page: verifies what its address asks for, one engine after the other, and shows the matrix.
 *
 * @module
 */
import type { Report } from '../../../properties/index.js';
import { reportPage } from '../../verify/report/report-page.js';
import type { Progress, VerifyAnswer, VerifyRequest } from './messages.js';
import { type BrowserBackend, type BrowserEngine, readPlan } from './plan.js';

/** The parts of a window that are used. */
interface Window {
  readonly location: { readonly search: string; readonly href: string };
  readonly document: { getElementById(id: string): { textContent: string; srcdoc: string } };
  readonly Worker: new (
    url: string,
    options: { type: 'module' },
  ) => {
    onmessage: (event: { readonly data: VerifyAnswer }) => void;
    onerror: (event: { readonly message: string }) => void;
    postMessage(request: VerifyRequest): void;
    terminate(): void;
  };
  /** Set by the program that drives the page, if one does. */
  readonly onCrlProgress?: (progress: Progress) => void;
  /** Settles when everything is verified, for a program that drives the page. */
  crlReports: Promise<readonly Report[]>;
}

const page = globalThis as unknown as Window;
const { document } = page;

page.crlReports = verifyAll();
page.crlReports.catch((error) => say(`Could not run: ${error}`));

async function verifyAll(): Promise<readonly Report[]> {
  const { backend, engines, choices } = readPlan(page.location.search);
  const seed = choices.seed ?? (Math.random() * 2 ** 31) | 0; // the same cases on every engine
  const reports: Report[] = [];
  for (const engine of engines) {
    say(`${engine}: starting`);
    reports.push(await verifyOn(backend, engine, { ...choices, seed }));
    document.getElementById('reports').srcdoc = reportPage(reports);
  }
  say(`Done: ${engines.join(', ')}`);
  return reports;
}

function verifyOn(
  backend: BrowserBackend,
  engine: BrowserEngine,
  choices: VerifyRequest['choices'],
): Promise<Report> {
  const worker = new page.Worker('worker.js', { type: 'module' });
  const report = new Promise<Report>((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.onmessage = ({ data }) => {
      if (data.kind === 'report') return resolve(data.report);
      if (data.kind === 'error') return reject(new Error(data.message));
      say(`${engine}: ${data.completed} of ${data.total}, ${data.property.id} ${data.property.verdict}`);
      page.onCrlProgress?.(data);
    };
  });
  worker.postMessage({ backend, engine, choices, wasm: new URL('.', page.location.href).href });
  return report.finally(() => worker.terminate());
}

function say(text: string): void {
  document.getElementById('status').textContent = text;
}
