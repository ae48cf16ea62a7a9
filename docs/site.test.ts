/**
 * The site as it is built: its links, its search, what it weighs, and how it behaves in a browser.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STAGES } from '../spec/index.js';
import { findChromium, startChromium } from '../src/browser/chromium.js';
import { inputErrorCodes } from './build/error-codes.js';
import { SiteIndex } from './build/site/client/index-of-site.js';
import { deadLinks } from './build/site/dead-links.js';
import type { SearchEntry } from './build/site/search-entry.js';
import { allPages } from './build/site/tracks.js';

const docs = import.meta.dirname;
const top = join(docs, '..');

let folder: string;
let site: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'site-'));
  site = join(folder, 'site');
  const typedoc = join(top, 'node_modules/typedoc/bin/typedoc');
  const words = [typedoc, '--options', join(docs, 'build/typedoc.config.mjs'), '--out', site];
  execFileSync(process.execPath, words, { cwd: top, encoding: 'utf8' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** All pages of the site, below its folder. */
function pages(): string[] {
  const files = readdirSync(site, { recursive: true }) as string[];
  return files.map((file) => file.replaceAll('\\', '/')).filter((file) => file.endsWith('.html'));
}

function text(page: string): string {
  return readFileSync(join(site, page), 'utf8');
}

/** The pages that explain the stages. */
const STAGE_PAGES = STAGES.map(
  (stage) => `paper/${stage.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.html`,
);

describe('the pages', () => {
  it('have a place for every document', () => {
    const documents = [
      ...readdirSync(docs),
      ...readdirSync(join(docs, 'paper')).map((file) => `paper/${file}`),
    ];
    const placed = allPages().map(({ file }) => file);
    expect(placed).toEqual(expect.arrayContaining(documents.filter((file) => file.endsWith('.md'))));
    expect(new Set(placed).size).toBe(placed.length);
  });

  it('have one main heading each', () => {
    const written = pages().filter((page) => !page.startsWith('playground/')); // that one writes itself
    const wrong = written.filter((page) => text(page).match(/<h1[ >]/g)?.length !== 1);
    expect(wrong).toEqual([]);
  });

  it('have no dead link and no missing anchor', () => {
    expect(deadLinks(site)).toEqual([]);
  });

  it('load nothing from elsewhere', () => {
    const loads =
      /<(?:script|img|iframe|source|video)[^>]*\ssrc="(?:https?:)?\/\/|<link[^>]*\shref="(?:https?:)?\/\//;
    expect(pages().filter((page) => loads.test(text(page)))).toEqual([]);
  });

  it('load the widget of a stage on the pages of the stages alone', () => {
    const loading = pages().filter((page) => text(page).includes('stage-widget.js'));
    expect(loading.sort()).toEqual(STAGE_PAGES.toSorted());
  });

  it('explain every stage where the playground says', () => {
    for (const page of STAGE_PAGES) expect(pages()).toContain(page);
    expect(pages()).toContain('playground/index.html');
  });

  it('name the API by entry', () => {
    for (const page of [
      'api/verify.html',
      'api/backends/host.html',
      'api/class-rectification.html',
      'api/spec.html',
    ])
      expect(existsSync(join(site, page)), page).toBe(true);
    expect(text('api/verify.html')).toContain('<h1>class-rectification/verify ');
  });

  it('show every file of the specification with numbered lines', () => {
    const files = readdirSync(join(top, 'spec')).filter((file) => /^[a-z-]+\.ts$/.test(file));
    const missing = files.filter((file) => !existsSync(join(site, 'source/spec', `${file}.html`)));
    expect(missing).toEqual([]);
    const lines = readFileSync(join(top, 'spec/minority.ts'), 'utf8').trimEnd().split('\n').length;
    expect(text('source/spec/minority.ts.html').match(/<tr id="L/g)).toHaveLength(lines);
    expect(text('source/spec/minority.ts.html')).toContain('Eq. 3');
  });

  it('weigh less than 200 kB for the first one, with all it loads', () => {
    const loaded = [...text('index.html').matchAll(/(?:href|src)="(assets\/[^"]+)"/g)].map(
      ([, file = '']) => file,
    );
    expect(loaded).toEqual(
      expect.arrayContaining(['assets/site.css', 'assets/site.js', 'assets/favicon.svg']),
    );
    const bytes = ['index.html', ...loaded].reduce((sum, file) => sum + statSync(join(site, file)).size, 0);
    expect(bytes).toBeLessThan(200_000);
  });
});

describe('dead links', () => {
  it('are found: a missing page, a missing anchor, and a link whose page was not decided', () => {
    const small = join(folder, 'small');
    mkdirSync(small);
    writeFileSync(
      join(small, 'a.html'),
      '<a href="b.html"></a><a href="#x"></a><a href="#y" id="y"></a><a href="file-of:z"></a>',
    );
    expect(deadLinks(small).map(({ href }) => href)).toEqual(['b.html', '#x', 'file-of:z']);
  });
});

describe('the search', () => {
  let index: SiteIndex;
  beforeAll(() => {
    const script = readFileSync(join(site, 'assets/search-documents.js'), 'utf8');
    index = new SiteIndex(
      JSON.parse(script.slice(script.indexOf('['), script.lastIndexOf(']') + 1)) as SearchEntry[],
    );
  });

  it.each([
    ['install', /train\/first-model\.html#install/],
    ['Eq. 9', /paper\/rectification-loss\.html#relative-comparison/],
    ['Eq. 3', /paper\/select-minority/],
    ['tied class sizes', /paper\/rulings\.html#tied-class-sizes/],
    ['minority prefix', /paper\/rulings\.html#minority-prefix/],
    ['NaN', /train\/questions\.html#the-loss-is-nan/],
    ['choose eta', /train\/choose-eta/],
    ['fromLogits', /api\/class-rectification\//],
    ['trainStep', /api\/class-rectification\/trainStep/],
    ['multi-label', /train\/multi-label/],
    ['resume', /train\/resume\.html/],
    ['mined-hardest', /verify\/properties\/mined-hardest/],
    ['pytorch', /verify\/pytorch/],
    ['constructor', /./],
  ])('finds %s', (query, expected) => {
    const first = index.search(query).slice(0, 3);
    expect(first.map(({ url }) => url)).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
  });

  it('finds every code of an error where it is explained', () => {
    const lost = inputErrorCodes().filter(
      (code) => !index.search(code).some(({ url }) => url.startsWith('train/errors.html')),
    );
    expect(lost).toEqual([]);
  });

  it('finds Greek letters by name, and parts of names', () => {
    expect(index.search('rho').length).toBeGreaterThan(0);
    expect(index.search('ρ').map(({ url }) => url)).toEqual(index.search('rho').map(({ url }) => url));
  });
});

const chromium = findChromium();

describe.skipIf(!chromium)(`in chromium${chromium ? '' : ', skipped: none found; set CHROMIUM_PATH'}`, () => {
  let browser: Browser;
  const troubles: string[] = [];

  beforeAll(async () => {
    browser = await startChromium('the site');
  });
  afterAll(() => browser?.close());

  /** A page in a window of its own; what it prints in the console is a trouble. */
  async function open(page: string, width: number, colorScheme: 'light' | 'dark'): Promise<Page> {
    const opened = await browser.newPage({ viewport: { width, height: 800 }, colorScheme, bypassCSP: false });
    opened.on(
      'console',
      (message) => message.type() === 'error' && troubles.push(`${page}: ${message.text()}`),
    );
    opened.on('pageerror', (error) => troubles.push(`${page}: ${error.message}`));
    await opened.goto(pathToFileURL(join(site, page)).href);
    return opened;
  }

  /** Of every kind of page one. Documents share a template: these have code, tables, formulas and charts. */
  const KINDS = [
    'index.html',
    'api.html',
    'api/verify.html',
    'api/class-rectification/ClassRectificationOptions.html',
    'source/spec/minority.ts.html',
    'verify/properties/mined-hardest.html',
    'train/first-model.html',
    'train/evidence.html',
    'paper/rectification-loss.html',
  ];
  const SHOWN = [...KINDS, ...allPages().map(({ address }) => `${address}.html`)];

  it('no page scrolls sideways on a phone of 360 pixels, and none has trouble', async () => {
    const wide: string[] = [];
    for (const page of SHOWN) {
      const opened = await open(page, 360, 'light');
      const over = await opened.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      if ((over as number) > 0) wide.push(`${page}: ${over} px too wide`);
      await opened.close();
    }
    expect(wide).toEqual([]);
    expect(troubles).toEqual([]);
  });

  // colours do not depend on the width, so each theme is seen at one of the two
  it.each([
    ['light', 1280],
    ['dark', 360],
  ] as const)('axe finds nothing serious, %s', async (scheme, width) => {
    const axe = readFileSync(join(top, 'node_modules/axe-core/axe.min.js'), 'utf8');
    const found: string[] = [];
    for (const page of KINDS) {
      const opened = await open(page, width, scheme);
      await opened.evaluate(axe); // through the debugger, which the page's policy does not bind
      const violations = (await opened.evaluate(
        "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)",
      )) as { id: string; impact: string; nodes: { target: unknown[] }[] }[];
      for (const { id, impact, nodes } of violations) {
        if (impact === 'serious' || impact === 'critical')
          found.push(`${page}: ${id} (${nodes.length}), such as ${nodes[0]?.target}`);
      }
      await opened.close();
    }
    expect(found).toEqual([]);
  });

  it('the search opens by keyboard, finds, and leads to the place', async () => {
    const page = await open('train/first-model.html', 1280, 'light');
    await page.keyboard.press('/');
    await page.locator('dialog.search input').fill('tied class sizes');
    await page.locator('dialog.search li').first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/paper\/rulings\.html#tied-class-sizes/);
    expect(basename(new URL(page.url()).pathname)).toBe('rulings.html');
    await page.close();
  });

  it('the theme is kept from page to page', async () => {
    const page = await open('index.html', 1280, 'light');
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await background();
    await page.locator('.switch-theme').click();
    await page.locator('.switch-theme').click();
    const dark = await background();
    expect(dark).not.toBe(light);
    const area = page.locator('.areas a').first();
    const next = new URL(String(await area.getAttribute('href')), page.url()).href;
    await area.click();
    await page.waitForURL(next); // until it is loaded: a click returns when the page has no body yet
    expect(await background()).toBe(dark);
    await page.close();
  });

  it('the menu of a phone opens, and closes by Escape', async () => {
    const page = await open('paper/rulings.html', 360, 'light');
    const link = page.locator('#pages a').first();
    expect(await link.isVisible()).toBe(false);
    await page.locator('.open-menu').click();
    expect(await link.isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await link.isVisible()).toBe(false);
    await page.close();
  });

  it.each([
    ['index.html', 360],
    ['index.html', 1280],
    ['train/first-model.html', 360],
    ['train/first-model.html', 1280],
  ])('nothing shifts while %s loads, %i pixels wide', async (address, width) => {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    await page.addInitScript(`
      globalThis.shifts = [];
      new PerformanceObserver((list) => shifts.push(...list.getEntries().map(({ value }) => value)))
        .observe({ type: 'layout-shift', buffered: true });
    `);
    await page.goto(pathToFileURL(join(site, address)).href);
    // two frames: what the last change moved is reported after it is painted
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    expect(await page.evaluate('shifts')).toEqual([]);
    // a shift is seen, where there is one
    await page.evaluate(`new Promise((done) => {
      document.querySelector('h1').style.marginTop = '200px';
      requestAnimationFrame(() => setTimeout(done, 100));
    })`);
    await page.waitForFunction('shifts.length > 0');
    await page.close();
  });

  it.each([360, 1280])(
    'the room of a widget is as large before its script as after, %i pixels wide',
    async (width) => {
      const roomOf = async (javaScriptEnabled: boolean) => {
        const context = await browser.newContext({ viewport: { width, height: 800 }, javaScriptEnabled });
        const page = await context.newPage();
        await page.goto(pathToFileURL(join(site, 'paper/mine-hard-samples.html')).href);
        if (javaScriptEnabled) await page.locator('.stage-widget .sample').first().waitFor();
        const room = await page.locator('.stage-widget').boundingBox();
        await context.close();
        return [room?.width, room?.height];
      };
      expect(await roomOf(true)).toEqual(await roomOf(false));
    },
  );

  it.each(STAGE_PAGES)('the widget of %s answers the keyboard', async (address) => {
    const page = await open(address, 360, 'light');
    const panel = page.locator('.stage-widget .panel');
    const before = await panel.innerText();
    const samples = page.locator('.stage-widget .sample');
    const state = () => panel.locator('a[href*="playground/index.html#"]').getAttribute('href');
    const first = await state();
    await samples.nth(20).focus(); // of the smallest class
    await page.keyboard.press('Enter');
    await panel.locator('a').filter({ hasText: 'playground' }).waitFor();
    await expect.poll(state).not.toBe(first);
    await page.keyboard.press('ArrowRight');
    expect(await panel.innerText()).not.toBe(before);
    expect(await state()).not.toBe(first);
    await page.close();
  });

  it('a chart takes the ink of the theme', async () => {
    const ink = async (scheme: 'light' | 'dark') => {
      const page = await open('train/evidence.html', 1280, scheme);
      const colour = await page.evaluate("getComputedStyle(document.querySelector('.chart text')).fill");
      await page.close();
      return colour;
    };
    expect(await ink('dark')).not.toBe(await ink('light'));
  });
});
