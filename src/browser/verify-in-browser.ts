/**
 * `verifyInBrowser`: a backend on an engine of a browser, judged by the same suite inside the browser.
 *
 * @module
 */
import { EngineUnavailableError } from '../../backends/tfjs/index.js';
import type { PropertyReport, Report } from '../../properties/index.js';
import { unknownName } from '../../spec/errors.js';
import { verify } from '../verify/verify.js';
import type { VerifyChoices } from '../verify/verify-choices.js';
import { bundlePage } from './bundle.js';
import { BROWSER_BACKENDS, browserBackendOn, enginesInPage } from './engine-names.js';
import { inPage } from './in-page.js';
import { importFor } from './missing.js';
import type { Progress } from './page/messages.js';
import { planQuery } from './page/plan.js';

/** What to verify in a browser. */
export interface BrowserVerifyOptions extends VerifyChoices {
  /** A backend that runs in a browser, such as `tfjs-fused`. Default: the first one that has the engine. */
  readonly backend?: string;
  /** One of its engines in a browser, such as `browser-webgpu`. */
  readonly engine: string;
  /** Called as each property ends. */
  readonly onProgress?: (done: PropertyReport, completed: number, total: number) => void;
}

/**
 * Verifies a backend in headless chromium.
 *
 * @returns a report; if there is no chromium, no playwright-core, no esbuild, or no such engine in this
 * browser, or a package of the backend is missing, every verdict is `unavailable` with the reason
 * @throws InputRangeError - if the backend has no such engine in a browser, or runs in none
 * @throws PageEndedError - if the page crashes or throws
 */
export async function verifyInBrowser(options: BrowserVerifyOptions): Promise<Report> {
  const { engine, onProgress, ...rest } = options;
  const { backend = browserBackendOn(engine)?.name ?? 'tfjs', ...choices } = rest;
  const names = BROWSER_BACKENDS.map(({ name }) => name);
  const declared =
    BROWSER_BACKENDS.find(({ name }) => name === backend) ??
    unknownName('backend', 'a backend of a browser', names, backend);
  const engines = enginesInPage(declared);
  const inside =
    engines.get(engine) ??
    unknownName('engine', `an engine of ${backend} in a browser`, [...engines.keys()], engine);
  try {
    for (const name of declared.packages ?? []) {
      await importFor(engine, name, () => import(/* @vite-ignore */ name));
    }
    const reports = await inPage<Report[]>(engine, {
      files: await bundlePage({ backends: [declared] }),
      path: planQuery({ backend, engines: [inside], choices }),
      prepare: (page) =>
        page.exposeFunction('onCrlProgress', ({ property, completed, total }: Progress) =>
          onProgress?.(forTerminal(property, inside, engine), completed, total),
        ),
      run: (page) => page.evaluate('crlReports'),
    });
    return renamed(reports[0] as Report, inside, engine);
  } catch (error) {
    if (!(error instanceof EngineUnavailableError)) throw error;
    return verify(() => Promise.reject(error), { ...choices, engine, replayAs: backend });
  }
}

/** The page names an engine `wasm`; outside it is `browser-wasm`. */
function renamed(report: Report, inside: string, engine: string): Report {
  return {
    ...report,
    engine,
    properties: report.properties.map((property) => forTerminal(property, inside, engine)),
  };
}

function forTerminal(property: PropertyReport, inside: string, engine: string): PropertyReport {
  return { ...property, replay: property.replay.replace(`--engine ${inside}`, `--engine ${engine}`) };
}
