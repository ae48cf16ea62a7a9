/**
 * `verifyInBrowser`: tfjs on the engines of a browser, judged by the same suite inside the browser.
 *
 * @module
 */
import type { Browser } from 'playwright-core';
import { EngineUnavailableError } from '../../backends/tfjs/index.js';
import type { PropertyReport, Report } from '../../properties/index.js';
import { unknownName } from '../../spec/errors.js';
import { type VerifyChoices, verify } from '../verify/verify.js';
import { bundlePage } from './bundle.js';
import { BROWSER_TIMEOUT, startChromium } from './chromium.js';
import { BROWSER_ENGINE_NAMES, type BrowserEngineName } from './engine-names.js';
import type { Progress } from './page/messages.js';
import { type BrowserBackend, type BrowserEngine, planQuery } from './page/plan.js';
import { servePage } from './serve.js';

/** What to verify in a browser. */
export interface BrowserVerifyOptions extends VerifyChoices {
  /** `tfjs` (default), or `tfjs-fused`, which has no `browser-webgl`. */
  readonly backend?: BrowserBackend;
  /** One of {@link BROWSER_ENGINE_NAMES}. */
  readonly engine: BrowserEngineName;
  /** Called as each property ends. */
  readonly onProgress?: (done: PropertyReport, completed: number, total: number) => void;
}

/**
 * Verifies a backend of tfjs in headless chromium.
 *
 * @returns a report; if there is no chromium, no playwright-core, no esbuild or no such engine in the
 * browser, every verdict is `unavailable` with the reason
 * @throws InputRangeError - if no browser has the engine
 * @throws Error - if the page crashes or throws
 */
export async function verifyInBrowser(options: BrowserVerifyOptions): Promise<Report> {
  const { backend = 'tfjs', engine, onProgress, ...choices } = options;
  if (!BROWSER_ENGINE_NAMES.includes(engine)) {
    unknownName('engine', 'an engine of a browser', BROWSER_ENGINE_NAMES, engine);
  }
  let browser: Browser | undefined;
  try {
    browser = await startChromium(engine);
    const report = await inPage(browser, { backend, engine }, choices, onProgress);
    return renamed(report, engine);
  } catch (error) {
    if (!(error instanceof EngineUnavailableError)) throw error;
    return verify(() => Promise.reject(error), { ...choices, engine, replayAs: backend });
  } finally {
    await browser?.close();
  }
}

async function inPage(
  browser: Browser,
  { backend, engine }: Required<Pick<BrowserVerifyOptions, 'backend' | 'engine'>>,
  choices: VerifyChoices,
  onProgress: BrowserVerifyOptions['onProgress'],
): Promise<Report> {
  const served = await servePage(await bundlePage());
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(BROWSER_TIMEOUT);
    const crashed = new Promise<never>((_, reject) => {
      page.on('crash', () => reject(new Error(`engine ${engine}: the page crashed`)));
      page.on('pageerror', (error) => reject(new Error(`engine ${engine}: ${error.message}`)));
    });
    crashed.catch(() => {}); // it may crash before this is awaited
    await page.exposeFunction('onCrlProgress', ({ property, completed, total }: Progress) =>
      onProgress?.(forTerminal(property, engine), completed, total),
    );
    const inside = engine.replace('browser-', '') as BrowserEngine;
    await page.goto(served.address + planQuery({ backend, engines: [inside], choices }));
    const reports = await Promise.race([page.evaluate('crlReports') as Promise<Report[]>, crashed]);
    return reports[0] as Report;
  } finally {
    served.close();
  }
}

/** The page names an engine `wasm`; outside it is `browser-wasm`. */
function renamed(report: Report, engine: BrowserEngineName): Report {
  return {
    ...report,
    engine,
    properties: report.properties.map((property) => forTerminal(property, engine)),
  };
}

function forTerminal(property: PropertyReport, engine: BrowserEngineName): PropertyReport {
  const inside = `--engine ${engine.replace('browser-', '')}`;
  return { ...property, replay: property.replay.replace(inside, `--engine ${engine}`) };
}
