/**
 * Measures in a page of headless chromium.
 *
 * @module
 */
import { inPage } from '../../src/browser/in-page.js';
import { bundleBenchPage } from './bundle-bench-page.js';
import type { PageReport } from './page/messages.js';
import { type BenchPlan, planQuery } from './page/plan.js';

/**
 * Runs a plan in the page, and returns its results.
 *
 * @param onStatus - called with what the page measures, as it goes
 * @throws EngineUnavailableError - if playwright-core, esbuild or chromium is missing, or chromium does not start
 * @throws PageEndedError - if the page crashes or throws
 */
export async function benchInBrowser(
  plan: BenchPlan,
  onStatus: (status: string) => void = () => {},
): Promise<PageReport> {
  return inPage<PageReport>('browser', {
    files: await bundleBenchPage(),
    path: planQuery(plan, true),
    prepare: (page) => page.exposeFunction('onCrlStatus', onStatus),
    run: async (page) => {
      await page.waitForFunction('globalThis.crlBench !== undefined');
      return page.evaluate('crlBench');
    },
  });
}
