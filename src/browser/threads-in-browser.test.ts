import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_TIMEOUT, findChromium, startChromium } from './chromium.js';

const dist = join(import.meta.dirname, '../../dist');

const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
/** No address but those of the page's own origin; WebAssembly may be compiled. */
const POLICY = { 'Content-Security-Policy': "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'" };

/** Serves the built files as they are, and an empty page at `/` or, without isolation, at `/plain`. */
const server = createServer(({ url = '/' }, response) => {
  const { pathname } = new URL(url, 'http://localhost');
  const headers = { ...POLICY, ...(pathname === '/plain' ? {} : ISOLATED) };
  const file = join(dist, normalize(pathname));
  if (pathname === '/' || pathname === '/plain') {
    response
      .writeHead(200, { ...headers, 'Content-Type': 'text/html' })
      .end('<!doctype html><title>page</title>');
  } else if (existsSync(file)) {
    response.writeHead(200, { ...headers, 'Content-Type': 'text/javascript' }).end(readFileSync(file));
  } else response.writeHead(404, headers).end();
});

/** Runs in the page, as text: the test's own compiler would rewrite its imports. */
const SHARE = `(async () => {
  const { hostLoss } = await import('/backends/host/index.js');
  const { startThreads } = await import('/backends/host/threads/index.js');
  const { Lane } = await import('/backends/host/threads/lane.js');
  const [n, classes] = [300, 700];
  const labels = Int32Array.from({ length: n }, (_, i) => (i * i) % 90);
  const scores = Float32Array.from({ length: n * classes }, (_, at) => 5 * Math.sin(at * at));
  const { balanced } = hostLoss({ attributes: [classes], fromLogits: true, alpha: 0.5 });
  const alone = balanced({ labels, scores });
  const threads = await startThreads({ threads: 2 }).catch(String);
  if (typeof threads === 'string') return threads;
  let collected = 0; // blocks that the worker has computed
  const { isValid } = Lane.prototype;
  Lane.prototype.isValid = function (slot) {
    collected += 1;
    return isValid.call(this, slot);
  };
  let same = true;
  while (collected === 0) {
    const { loss, gradient } = balanced({ labels, scores });
    same &&= loss === alone.loss && gradient.every((slope, at) => slope === alone.gradient[at]);
    await new Promise((resolve) => setTimeout(resolve));
  }
  return { count: threads.count, same };
})()`;

const chromium = findChromium();

describe.skipIf(!chromium)(`in chromium${chromium ? '' : ', skipped: none found; set CHROMIUM_PATH'}`, () => {
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => server.close());

  it.each([
    ['/', { count: 2, same: true }],
    ['/plain', expect.stringContaining('ThreadsUnavailableError: threads: this page cannot share memory')],
  ])('a page at %s shares the loss of its main thread, or says why it cannot', async (path, expected) => {
    const browser = await startChromium('browser-cpu');
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(BROWSER_TIMEOUT);
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
      expect(await page.evaluate(SHARE)).toEqual(expected);
    } finally {
      await browser.close();
    }
  });
});
