import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BROWSER_TIMEOUT, findChromium, startChromium } from '../../src/browser/chromium.js';
import { servePage } from '../../src/browser/serve.js';
import { benchInBrowser } from './bench-in-browser.js';
import { bundleBenchPage } from './bundle-bench-page.js';
import { type BenchPlan, PAGE_SIZES, planQuery, readPlan } from './page/plan.js';

const chromium = findChromium();

const PLAN: BenchPlan = {
  engines: ['wasm', 'webgl', 'webgpu'],
  sizes: [{ n: 8, classes: 4, kappa: 2 }],
  seconds: 0,
  rounds: 2,
};
const SETTING = 'n 8, 4 classes, κ 2';
/** Labels of another form, which take turns with another cross entropy. */
const MULTI_HOT: BenchPlan = {
  ...PLAN,
  engines: ['webgpu', 'wasm'],
  sizes: [{ n: 6, classes: 3, kappa: 1, multiHot: true }],
};

describe('the plan of a page that measures', () => {
  it('by hand: engines, seconds and rounds; without anything: all engines and sizes', () => {
    expect(readPlan('?engine=webgl&seconds=5&rounds=9')).toEqual({
      engines: ['webgl'],
      sizes: PAGE_SIZES,
      seconds: 5,
      rounds: 9,
    });
    expect(readPlan('')).toMatchObject({ engines: ['wasm', 'webgl', 'webgpu'], seconds: 2 });
    expect(() => readPlan('?engine=abacus')).toThrow('engine: expected one of wasm, webgl, webgpu');
  });

  it('comes out of the address as it went in', () => {
    expect(readPlan(planQuery(PLAN, true))).toEqual(PLAN);
  });

  it('what runs in the page imports nothing of Node', async () => {
    const folder = join(import.meta.dirname, 'page');
    for (const name of readdirSync(folder)) {
      expect(readFileSync(join(folder, name), 'utf8'), name).not.toMatch(/from 'node:/);
    }
    const files = await bundleBenchPage(); // fails on an import of a module of Node's, however far down
    expect([...files.keys()].filter((name) => name.endsWith('.js')).sort()).toEqual(['page.js', 'worker.js']);
  });
});

describe.skipIf(!chromium)(`in chromium${chromium ? '' : ', skipped: none found; set CHROMIUM_PATH'}`, () => {
  it('gives a row for every case, each compared with cross entropy, and names what is unavailable', async () => {
    const { sections, versions } = await benchInBrowser(PLAN);
    expect(versions.browser).toContain('Chrome/');
    const whole = 'whole loss from logits';
    const subjects = {
      wasm: [
        `tfjs-fused on wasm, ${whole}`,
        `tfjs on wasm, ${whole}`,
        'one pass that reads logits and labels, and writes a gradient',
        `host, ${whole}`,
      ],
      webgl: [`tfjs on webgl, ${whole}`],
      webgpu: [`tfjs-fused on webgpu, ${whole}`, `tfjs on webgpu, ${whole}`],
    };
    expect(sections.map(({ id }) => id)).toEqual(
      PLAN.engines.map((engine) => `browser-whole-loss-${engine}`),
    );
    for (const [at, { rows, leftOut, adapter }] of sections.entries()) {
      const engine = PLAN.engines[at] as keyof typeof subjects;
      const stock = `cross entropy of tfjs stock operations on ${engine}`;
      expect(rows.map(({ setting, subject }) => [setting, subject])).toEqual(
        [stock, ...subjects[engine]].map((subject) => [SETTING, subject]),
      );
      for (const { subject, milliseconds, samples, ratio, dispatches } of rows) {
        expect(milliseconds).toBeGreaterThan(0);
        expect(samples).toBeGreaterThanOrEqual(2);
        expect(ratio?.to).toBe(subject === stock ? undefined : stock);
        const runsPrograms = engine !== 'wasm' && subject.includes(engine);
        if (runsPrograms) expect(dispatches).toBeGreaterThan(0);
        else expect(dispatches).toBeUndefined();
      }
      if (engine === 'wasm') expect(adapter).toBeNull();
      else expect(adapter).toMatch(/./);
      const reason = expect.stringContaining('it has no fused walk');
      expect(leftOut).toEqual(
        engine === 'webgl' ? [{ subject: 'tfjs-fused on webgl', setting: SETTING, reason }] : [],
      );
    }
  });

  it('by hand: waits for the button, shows the table, and lets the results be downloaded', async () => {
    const browser = await startChromium('browser', { webgpu: false });
    const { address, close } = await servePage(await bundleBenchPage());
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(BROWSER_TIMEOUT);
      await page.goto(address + planQuery(MULTI_HOT, false));
      expect(await page.textContent('#status')).toBe('Ready');
      expect(await page.locator('table').count()).toBe(0);
      await page.click('#measure');
      await page.waitForFunction("/^(Done|Could)/.test(document.getElementById('status').textContent)");
      expect(await page.textContent('#status')).toBe('Done: webgpu, wasm');
      const text = (await page.textContent('#results')) ?? '';
      for (const words of [
        'host, whole loss from logits',
        '× cross entropy of tfjs stock operations on wasm',
      ])
        expect(text).toContain(words);
      // an engine that this browser does not have
      for (const subject of ['tfjs-fused on webgpu', 'tfjs on webgpu'])
        expect(text).toContain(`Left out: ${subject}, n 6, 3 labels, multi-hot, κ 1: engine webgpu:`);
      const download = page.waitForEvent('download');
      await page.click('#download');
      const file = await (await download).path();
      const { sections } = JSON.parse(readFileSync(file, 'utf8'));
      expect(sections.map((section: { rows: unknown[] }) => section.rows.length)).toEqual([0, 5]);
    } finally {
      close();
      await browser.close();
    }
  });
});
