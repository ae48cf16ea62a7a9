import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../properties/index.js';
import { BROWSER_TIMEOUT, findChromium, startChromium } from '../../src/browser/chromium.js';
import { type ServedPage, servePage } from '../../src/browser/serve.js';
import { verifyPage } from './verify-page.js';

const chromium = findChromium();
const AXE = resolve(import.meta.dirname, '../../node_modules/axe-core/axe.min.js');

describe.skipIf(!chromium)(
  `the page that verifies${chromium ? '' : ', skipped: no chromium found; set CHROMIUM_PATH'}`,
  () => {
    let browser: Browser;
    let served: ServedPage;
    const troubles: string[] = [];

    beforeAll(async () => {
      browser = await startChromium('the page that verifies');
      const files = await verifyPage();
      const html = new TextDecoder().decode(files.get('index.html'));
      const [, policy = ''] = /Content-Security-Policy" content="([^"]+)"/.exec(html) ?? [];
      // as a header it binds workers too, which the policy of a page does not
      served = await servePage(files, 0, { 'content-security-policy': policy.replaceAll('&#39;', "'") });
    });
    afterAll(async () => {
      served?.close();
      await browser?.close();
    });

    async function open(query = ''): Promise<Page> {
      const page = await browser.newPage({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
      page.setDefaultTimeout(BROWSER_TIMEOUT);
      page.on('pageerror', ({ message }) => troubles.push(message));
      page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
      await page.goto(served.address + query);
      return page;
    }

    async function axeViolations(page: Page): Promise<unknown> {
      await page.evaluate(readFileSync(AXE, 'utf8')); // through the debugger, which the policy does not bind
      return page.evaluate(
        "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id }) => id))",
      );
    }

    it('runs by keyboard, shows each verdict, and gives the report to keep', async () => {
      // these two need the most of what stands in for ndarray, and of a worker's stack
      const page = await open('?property=training-steps-independent&property=balanced-at-many-pairs&runs=1');
      expect(await page.locator('#only').innerText()).toContain('balanced-at-many-pairs');
      expect(await axeViolations(page)).toEqual([]);
      for (const engine of ['wasm', 'webgl', 'webgpu']) {
        await page.locator(`#engine-${engine}`).focus();
        await page.keyboard.press('Space');
      }
      await page.locator('#seed').fill('7');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.locator('#status', { hasText: 'Done: cpu; 1 case per property, seed 7.' }).waitFor();
      expect(await page.locator('#rows .verdict').allInnerTexts()).toEqual(['✓ passed', '✓ passed']);
      expect(page.url()).toContain('backend=tfjs&engine=cpu&runs=1&seed=7&property=');
      expect(await axeViolations(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);

      const [file] = await Promise.all([page.waitForEvent('download'), page.locator('#save-json').click()]);
      const [report] = JSON.parse(readFileSync(await file.path(), 'utf8')) as Report[];
      expect(report).toMatchObject({ passed: true, backend: 'tfjs', engine: 'cpu', seed: 7, runs: 1 });
      const [page2] = await Promise.all([page.waitForEvent('download'), page.locator('#save-html').click()]);
      expect(readFileSync(await page2.path(), 'utf8')).toContain('<title>Passed: tfjs/cpu</title>');
      expect(troubles).toEqual([]);
      await page.close();
    });

    it('stops, and asks for an engine where none is chosen', async () => {
      const page = await open('?engine=cpu&runs=1000&seed=7');
      await page.locator('#rows tr').first().waitFor();
      await page.locator('#stop').click();
      await page.locator('#status', { hasText: 'Stopped.' }).waitFor();
      expect(await page.locator('#stop').isDisabled()).toBe(true);
      await page.locator('#engine-cpu').uncheck();
      await page.locator('#verify').click();
      expect(await page.locator('#status').innerText()).toBe(
        'Choose at least one engine of tfjs: cpu, wasm, webgl, webgpu.',
      );
      expect(troubles).toEqual([]);
      await page.close();
    });
  },
);
