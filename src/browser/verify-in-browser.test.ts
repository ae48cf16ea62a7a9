import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { bundlePage } from './bundle.js';
import { BROWSER_TIMEOUT, findChromium, startChromium } from './chromium.js';
import { servePage } from './serve.js';
import { verifyInBrowser } from './verify-in-browser.js';

const chromium = findChromium();
const given = process.env.CHROMIUM_PATH;

afterEach(() => {
  if (given === undefined) delete process.env.CHROMIUM_PATH;
  else process.env.CHROMIUM_PATH = given;
});

describe('verify in a browser', () => {
  it('is unavailable without chromium, and says how to get it', async () => {
    process.env.CHROMIUM_PATH = '/nowhere/chromium';
    const report = await verifyInBrowser({ engine: 'browser-webgl', runs: 1, only: ['mining-agrees'] });
    expect(report).toMatchObject({ passed: false, backend: 'tfjs', engine: 'browser-webgl' });
    expect(report.properties).toMatchObject([
      {
        verdict: 'unavailable',
        reason: 'engine browser-webgl: CHROMIUM_PATH: there is no /nowhere/chromium',
      },
    ]);
  });

  it('refuses an engine that no browser has', async () => {
    const engine = 'browser-tensorflow';
    await expect(verifyInBrowser({ engine })).rejects.toThrow('expected one of browser-cpu, browser-wasm');
    await expect(verifyInBrowser({ backend: 'tfjs-fused', engine: 'browser-webgl' })).rejects.toThrow(
      'expected one of browser-cpu, browser-wasm, browser-webgpu',
    );
    await expect(verifyInBrowser({ backend: 'reference', engine })).rejects.toThrow(
      'backend: expected one of jax-js, tfjs, tfjs-fused',
    );
  });

  it('what runs in the page imports nothing of Node', async () => {
    const pages = readdirSync(join(import.meta.dirname, 'page')).filter((name) => !name.endsWith('.test.ts'));
    for (const name of pages) {
      expect(readFileSync(join(import.meta.dirname, 'page', name), 'utf8'), name).not.toMatch(/from 'node:/);
    }
    const files = await bundlePage(); // fails on an import of a module of Node's, however far down
    expect([...files.keys()].filter((name) => name.endsWith('.js')).sort()).toEqual(['page.js', 'worker.js']);
  });
});

describe.skipIf(!chromium)(`in chromium${chromium ? '' : ', skipped: none found; set CHROMIUM_PATH'}`, () => {
  it.each([
    ...(['browser-cpu', 'browser-wasm', 'browser-webgl', 'browser-webgpu'] as const).map(
      (engine) => ['tfjs', engine] as const,
    ),
    ['tfjs-fused', 'browser-wasm'],
    ['tfjs-fused', 'browser-webgpu'],
    ['jax-js', 'browser-jax-wasm'],
    ['jax-js', 'browser-jax-webgpu'],
  ] as const)('%s on %s passes a property of every stage', async (backend, engine) => {
    const only = [
      'minority-agrees',
      'mining-agrees',
      'balanced-gradient-agrees',
      'training-agrees',
      'nothing-leaks',
    ];
    const seen: string[] = [];
    const report = await verifyInBrowser({
      backend,
      engine,
      runs: 3,
      seed: 2026,
      only,
      onProgress: ({ id }) => seen.push(id),
    });
    const fused = (id: string) => backend === 'tfjs-fused' && /^(minority|mining)-/.test(id);
    expect(report.properties.map(({ id, verdict, reason }) => [id, verdict, reason])).toEqual(
      report.properties.map(({ id }) =>
        fused(id) ? [id, 'skipped', 'fused into balancedLoss'] : [id, 'passed', undefined],
      ),
    );
    expect(report).toMatchObject({ passed: true, backend, engine, seed: 2026, runs: 3 });
    expect([...seen].sort()).toEqual([...only].sort());
    expect(report.properties[0]?.replay).toContain(`--engine ${engine}`);
    expect(report.versions).toHaveProperty('browser');
    if (backend === 'jax-js') expect(report.versions['@jax-js/jax']).toBe('0.1.25');
    if (/web(gl|gpu)$/.test(engine)) expect(report.adapter).toMatch(/./);
    else expect(report.adapter).toBeNull();
  });

  it('the page shows the matrix by hand, and says what it cannot run', async () => {
    const browser = await startChromium('browser');
    const { address, close } = await servePage(await bundlePage());
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(BROWSER_TIMEOUT);
      await page.goto(`${address}?engine=cpu&engine=wasm&runs=2&seed=7&property=minority-agrees`);
      await page.evaluate('crlReports');
      expect(await page.textContent('#status')).toBe('Done: cpu, wasm; 2 cases per property, seed 7.');
      expect(await page.locator('#live').innerText()).toMatch(
        /cpu\s+wasm\s+minority-agrees\s+✓ passed\s+✓ passed/,
      );

      await page.goto(`${address}?engine=abacus`);
      await page.waitForFunction("document.getElementById('status').textContent.startsWith('Could not run')");
      expect(await page.textContent('#status')).toContain('engine: expected one of');
    } finally {
      close();
      await browser.close();
    }
  });
});
