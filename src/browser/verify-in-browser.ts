/**
 * `verifyInBrowser`: tfjs on the engines of a browser, judged by the same suite inside the browser.
 *
 * @module
 */
import { EngineUnavailableError } from '../../backends/tfjs/index.js';
import type { PropertyReport, Report } from '../../properties/index.js';
import { unknownName } from '../../spec/errors.js';
import { verify } from '../verify/verify.js';
import type { VerifyChoices } from '../verify/verify-choices.js';
import { bundlePage } from './bundle.js';
import { BROWSER_ENGINE_NAMES, type BrowserEngineName } from './engine-names.js';
import { inPage } from './in-page.js';
import type { Progress } from './page/messages.js';
import { type BrowserBackend, type BrowserEngine, planQuery } from './page/plan.js';

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
 * @throws PageEndedError - if the page crashes or throws
 */
export async function verifyInBrowser(options: BrowserVerifyOptions): Promise<Report> {
  const { backend = 'tfjs', engine, onProgress, ...choices } = options;
  if (!BROWSER_ENGINE_NAMES.includes(engine)) {
    unknownName('engine', 'an engine of a browser', BROWSER_ENGINE_NAMES, engine);
  }
  try {
    const inside = engine.replace('browser-', '') as BrowserEngine;
    const reports = await inPage<Report[]>(engine, {
      files: await bundlePage(),
      path: planQuery({ backend, engines: [inside], choices }),
      prepare: (page) =>
        page.exposeFunction('onCrlProgress', ({ property, completed, total }: Progress) =>
          onProgress?.(forTerminal(property, engine), completed, total),
        ),
      run: (page) => page.evaluate('crlReports'),
    });
    return renamed(reports[0] as Report, engine);
  } catch (error) {
    if (!(error instanceof EngineUnavailableError)) throw error;
    return verify(() => Promise.reject(error), { ...choices, engine, replayAs: backend });
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
