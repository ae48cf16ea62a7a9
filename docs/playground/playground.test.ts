import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { findChromium, startChromium } from '../../src/browser/chromium.js';
import { type Explanation, explain } from '../../src/explain.js';
import { checkedDocument, LIMITS, readAddress, writeAddress } from '../../src/support/playground-state.js';
import { buildPlayground, WITHOUT_GENERATED_CODE } from '../build/playground.js';
import { descended, withNextLabel, withScore } from './edit.js';
import { START, stateOf } from './state.js';
import { walk } from './walk.js';

const folder = mkdtempSync(join(tmpdir(), 'playground-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('arrays without generated code', () => {
  it('give the specification’s results for every vector', async () => {
    const top = resolve(import.meta.dirname, '../..');
    const file = join(folder, 'explain.mjs');
    await build({
      entryPoints: [join(top, 'src/explain.ts')],
      bundle: true,
      format: 'esm',
      platform: 'node',
      alias: WITHOUT_GENERATED_CODE,
      outfile: file,
      logLevel: 'silent',
    });
    expect(readFileSync(file, 'utf8')).not.toContain('new Function');
    const bundled = ((await import(file)) as { explain: (document: unknown) => Explanation }).explain;
    let compared = 0;
    for (const name of readdirSync(join(top, 'spec/vectors'))) {
      for (const vector of documentsIn(JSON.parse(readFileSync(join(top, 'spec/vectors', name), 'utf8')))) {
        let expected: Explanation;
        try {
          expected = explain(vector);
        } catch (error) {
          expect(() => bundled(vector)).toThrow((error as Error).message);
          continue;
        }
        expect(bundled(vector)).toEqual(expected);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(30);
  });
});

/** All objects with labels and attributes, however deep. */
function documentsIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'labels' in value && 'attributes' in value ? [value] : [];
  return [...own, ...Object.values(value).flatMap(documentsIn)];
}

describe('the state of the page', () => {
  it('is the same after a round trip through the address', () => {
    expect(readAddress(writeAddress(START))).toEqual(START);
    expect(writeAddress(START)).toMatch(/^eyJ[\w-]+$/); // no letter that a shell changes
    expect(stateOf(`#${writeAddress(START)}`)).toEqual(START);
    expect(stateOf('')).toEqual(START);
  });

  it('is refused where it is cut off, too large, or not a batch', () => {
    const address = writeAddress(START);
    expect(() => readAddress(address.slice(0, -20))).toThrow('it may have been cut off');
    expect(() => readAddress(`#${'A'.repeat(LIMITS.address + 1)}`)).toThrow('at most 60000 are read');
    const many = Array.from({ length: LIMITS.samples + 1 }, () => [0]);
    expect(() => checkedDocument({ attributes: [2], labels: many })).toThrow('draws at most 128');
    expect(() => checkedDocument({ attributes: [2], labels: [[7]], scores: [[0.5, 0.5]] })).toThrow(
      'labels[0][0]',
    );
    expect(() => checkedDocument(null)).toThrow('document: expected an object');
  });
});

describe('edits', () => {
  const document = START.document;

  it('give the next label, then none, then the first', () => {
    const labels = [0, 1, 2, 3].reduce<number[]>((found) => {
      const before = found.at(-1);
      const given = { ...document, labels: document.labels.map((row, i) => (i === 0 ? [before ?? 0] : row)) };
      return [...found, withNextLabel(given, 0, 0).labels[0]?.[0] as number];
    }, []);
    expect(labels).toEqual([1, 2, -1, 0]);
  });

  it('keep the probabilities of an attribute adding up to 1', () => {
    const moved = withScore(document, walk(document), 3, 2, 0.75);
    expect(moved.scores?.[3]?.[2]).toBe(0.75);
    expect(moved.scores?.[3]?.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });

  it.each(['class', 'instance'] as const)('descend at %s level', (level) => {
    let next = { ...document, options: { ...document.options, level, alpha: 1 } };
    const first = walk(next).loss as number;
    for (let step = 0; step < 20; step++) next = descended(next, walk(next)) as typeof next;
    expect(walk(next).loss).toBeLessThan(first);
  });
});

const chromium = findChromium();
describe.skipIf(!chromium)(
  `the page${chromium ? '' : ', skipped: no chromium found; set CHROMIUM_PATH'}`,
  () => {
    const TYPES: Record<string, string> = {
      '.js': 'text/javascript',
      '.css': 'text/css',
      '.html': 'text/html',
      '.svg': 'image/svg+xml',
      '.wasm': 'application/wasm',
    };

    /** Opens the page, and fails if it reports an error or asks for anything elsewhere. */
    async function withPage(use: (page: Page) => Promise<void>, hash = ''): Promise<void> {
      const files = readdirSync(folder).includes('page')
        ? undefined
        : await buildPlayground(join(folder, 'page'));
      expect(files).toBeUndefined();
      const browser = await startChromium('browser-cpu');
      try {
        const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
        const errors: string[] = [];
        page.on('pageerror', (error) => errors.push(error.message));
        page.on('console', (message) => {
          if (message.type() === 'error') errors.push(message.text());
        });
        await page.route('**/*', (route) => {
          const { hostname, pathname } = new URL(route.request().url());
          const name = pathname.slice(1) || 'index.html';
          if (hostname !== 'localhost' || !readdirSync(join(folder, 'page')).includes(name)) {
            errors.push(`asked for ${route.request().url()}`);
            return route.fulfill({ status: 204 });
          }
          return route.fulfill({
            body: readFileSync(join(folder, 'page', name)),
            contentType: TYPES[extname(name)] ?? 'text/plain',
          });
        });
        await page.goto(`http://localhost/#${hash}`);
        await page.locator('h1').waitFor();
        await use(page);
        expect(errors).toEqual([]);
      } finally {
        await browser.close();
      }
    }

    it('shows what the specification finds, and does not scroll sideways on a phone', async () => {
      const found = walk(START.document);
      await withPage(async (page) => {
        const text = await page.locator('.stages').innerText();
        expect(text).toContain(`|T| = ${found.triplets.length}`);
        expect(text).toContain(`L_crl = ${Number(found.rectification.toPrecision(4))}`);
        expect(await page.locator('.sample').count()).toBe(found.batch.size);
        const [wide, window] = await page.evaluate<[number, number]>(
          '[document.documentElement.scrollWidth, innerWidth]',
        );
        expect(wide).toBeLessThanOrEqual(window);
      });
    });

    it('changes a label and moves a sample by the keyboard, and keeps both in the address', async () => {
      await withPage(async (page) => {
        const sample = page.locator('.sample').first();
        await sample.focus();
        await page.keyboard.press('Enter');
        await page.locator('[aria-label^="sample 0, class 1"]').waitFor();
        await page.keyboard.press('ArrowRight');
        await page.waitForFunction('location.hash.length > 10');
        const state = readAddress(new URL(page.url()).hash);
        expect(state.document.labels[0]).toEqual([1]);
        const before = START.document.scores?.[0]?.[2] as number;
        expect(state.document.scores?.[0]?.[2]).toBeCloseTo(before + 0.02, 2);
      });
    });

    it('opens a counterexample by its address, and says why it cannot open another', async () => {
      const document = {
        attributes: [2],
        labels: [[0], [0], [1]],
        scores: [
          [0.25, 0.75],
          [0.5, 0.5],
          [0.5, 0.5],
        ],
      };
      await withPage(
        async (page) => {
          expect(await page.locator('.sample').count()).toBe(3);
          await page
            .getByLabel('Paste another one here')
            .fill('{"attributes":[2],"labels":[["<b>x</b>"]],"scores":[[1,0]]}');
          await page.getByRole('button', { name: 'Show it' }).click();
          const alert = page.getByRole('alert');
          await alert.waitFor();
          expect(await alert.innerText()).toContain('labels[0][0]');
          expect(await alert.locator('b').count()).toBe(0);
          expect(await page.locator('.sample').count()).toBe(3);
        },
        writeAddress({ document, column: 0, anchor: 0 }),
      );
    });

    it('computes with backends, which agree', async () => {
      const loss = Number((walk(START.document).loss as number).toPrecision(4));
      await withPage(async (page) => {
        for (const engine of ['host', 'cpu', 'wasm']) {
          await page.locator('[aria-label="Backend"] select').selectOption(engine);
          await page.getByRole('button', { name: /Compute with/ }).click();
          const status = page.locator('p[role=status]');
          await status.filter({ hasText: 'A call with its gradient takes' }).waitFor();
          expect(await status.innerText()).toContain(`L = ${loss}`);
        }
      });
    });
  },
);
