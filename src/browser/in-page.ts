/**
 * Runs something in a page of headless chromium.
 *
 * @module
 */
import type { Page } from 'playwright-core';
import type { PageFiles } from './bundle.js';
import { BROWSER_TIMEOUT, startChromium } from './chromium.js';
import { servePage } from './serve.js';

/** A page crashed, or threw where nothing caught it. */
export class PageEndedError extends Error {
  override readonly name = 'PageEndedError';
}

/** What a page is used for. */
export interface PageUse<T> {
  readonly files: PageFiles;
  /** What follows the address of the folder, such as `?engine=wasm`. */
  readonly path: string;
  /** Called before the page is loaded. */
  readonly prepare?: (page: Page) => Promise<unknown>;
  /** Called with the loaded page. */
  readonly run: (page: Page) => Promise<T>;
}

/**
 * Opens a page, runs something in it, and closes the browser.
 *
 * @param engine - for messages
 * @throws EngineUnavailableError - if playwright-core or chromium is missing, or chromium does not start
 * @throws PageEndedError - if the page crashes or throws
 */
export async function inPage<T>(engine: string, { files, path, prepare, run }: PageUse<T>): Promise<T> {
  const browser = await startChromium(engine);
  try {
    const served = await servePage(files);
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(BROWSER_TIMEOUT);
      const ended = new Promise<never>((_, reject) => {
        page.on('crash', () => reject(new PageEndedError(`engine ${engine}: the page crashed`)));
        page.on('pageerror', ({ message }) => reject(new PageEndedError(`engine ${engine}: ${message}`)));
      });
      ended.catch(() => {}); // it may end before this is awaited
      await prepare?.(page);
      await page.goto(served.address + path);
      return await Promise.race([run(page), ended]);
    } finally {
      served.close();
    }
  } finally {
    await browser.close();
  }
}
