/**
 * The page: verifies what its form asks for, one engine after the other, and shows each verdict as it comes. An
 * address that names engines starts at once.
 *
 * @module
 */
import { drawSeed } from '../../../properties/draw-seed.js';
import type { Report } from '../../../properties/index.js';
import { jsonText } from '../../verify/report/difference.js';
import { reportPage } from '../../verify/report/report-page.js';
import { byId, download } from './dom.js';
import { planOfForm, showPlan } from './form.js';
import { LiveTable } from './live-table.js';
import type { Progress, VerifyAnswer, VerifyRequest } from './messages.js';
import { handQuery, namesEngines, type PageEngines, type PagePlan, readPlan } from './plan.js';

/** The parts of a window that are used. */
interface Window {
  readonly location: { readonly search: string; readonly href: string };
  readonly history: { replaceState(data: null, title: string, url: string): void };
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
  crlReports?: Promise<readonly Report[]>;
}

const page = globalThis as unknown as Window;

/** The run that is in progress, to be stopped. */
let running = new AbortController();
/** The reports of the engines that are done. */
let reports: readonly Report[] = [];

/** Verifies what the form or the address asks for. @param known - the backends of the page, and their engines */
export function openPage(known: PageEngines): void {
  try {
    begin(known);
  } catch (error) {
    say(`Could not run: ${(error as Error).message}`);
  }
}

function begin(known: PageEngines): void {
  const { search } = page.location;
  const first = readPlan(search, known);
  showPlan(first, known);
  byId('plan').addEventListener('submit', (event) => {
    event.preventDefault();
    const plan = planOfForm(first, known);
    if (plan.engines.length === 0)
      return say(`Choose at least one engine of ${plan.backend}: ${known[plan.backend]?.join(', ')}.`);
    const seeded = withSeed(plan);
    page.history.replaceState(null, '', handQuery(seeded));
    start(seeded);
  });
  byId('stop').addEventListener('click', () => running.abort());
  byId('save-html').addEventListener('click', () =>
    download('conformance.html', 'text/html', reportPage(reports)),
  );
  byId('save-json').addEventListener('click', () =>
    download('conformance.json', 'application/json', `${jsonText(reports, 2)}\n`),
  );
  say('Choose engines, and press Verify.');
  if (namesEngines(search)) start(withSeed(first));
}

/** The same cases on every engine. */
function withSeed(plan: PagePlan): PagePlan {
  return { ...plan, choices: { seed: drawSeed(), ...plan.choices } };
}

function start(plan: PagePlan): void {
  running = new AbortController();
  page.crlReports = verifyAll(plan, running.signal);
  page.crlReports
    .catch((error) => say(running.signal.aborted ? 'Stopped.' : `Could not run: ${error}`))
    .finally(() => setBusy(false));
}

async function verifyAll(plan: PagePlan, signal: AbortSignal): Promise<readonly Report[]> {
  setBusy(true);
  reports = [];
  const table = new LiveTable(plan.engines);
  for (const engine of plan.engines) {
    say(`Verifying on ${engine}.`);
    reports = [...reports, await verifyOn(plan, engine, table, signal)];
    byId('saves').hidden = false;
  }
  const { runs, seed } = plan.choices;
  say(
    `Done: ${plan.engines.join(', ')}; ${runs} ${runs === 1 ? 'case' : 'cases'} per property, seed ${seed}.`,
  );
  return reports;
}

function verifyOn(
  { backend, choices }: PagePlan,
  engine: string,
  table: LiveTable,
  signal: AbortSignal,
): Promise<Report> {
  const worker = new page.Worker('worker.js', { type: 'module' });
  const report = new Promise<Report>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.onmessage = ({ data }) => {
      if (data.kind === 'error') return reject(new Error(data.message));
      if (data.kind === 'report') {
        table.end(engine, data.report);
        return resolve(data.report);
      }
      table.show(engine, data.property);
      showDone(data.completed, data.total);
      page.onCrlProgress?.(data);
    };
  });
  worker.postMessage({ backend, engine, choices, folder: new URL('.', page.location.href).href });
  return report.finally(() => worker.terminate());
}

function setBusy(busy: boolean): void {
  byId('verify').disabled = busy;
  byId('stop').disabled = !busy;
  byId('done').hidden = !busy;
  if (busy) {
    byId('saves').hidden = true;
    showDone(0, 1);
  }
}

function showDone(completed: number, total: number): void {
  byId('done').setAttribute('value', String(completed));
  byId('done').setAttribute('max', String(total));
}

function say(text: string): void {
  byId('status').textContent = text;
}
