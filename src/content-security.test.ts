/**
 * The entries that train under a content security policy that forbids code generated from text: in Node and in
 * a page of chromium.
 */
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, startChromium } from './browser/chromium.js';
import { makeUserFolder } from './support/user-folder.test-helper.js';

/** What every entry that trains is made to do, in Node and in a page. */
const PROGRAM = 'use-entries.test-program.mjs';
/** What is done in both, one of a kind. */
const EXPECTED = [
  'hostLoss',
  'refused input',
  'a step on cpu: class level, relative',
  'a step on wasm: instance level, distribution',
  'a step on wasm: multi-label',
  'ldamLoss on cpu',
  'a convolution on wasm',
  'metrics',
  'images in arrays',
];
const POLICY = "script-src 'self' 'wasm-unsafe-eval'";

const wasm = dirname(
  resolve(import.meta.dirname, '../node_modules/@tensorflow/tfjs-backend-wasm/dist/index.js'),
);
const chromium = findChromium();
let home: string;

beforeAll(() => {
  home = makeUserFolder();
  copyFileSync(join(import.meta.dirname, 'support', PROGRAM), join(home, PROGRAM));
});
afterAll(() => rmSync(home, { recursive: true }));

describe('without the generation of code from text, every entry that trains is imported and used', () => {
  it('in Node', async () => {
    const { done, error } = await inNode("import * as data from 'class-rectification/data';");
    expect(error).toBeUndefined();
    expect(done).toEqual(expect.arrayContaining(EXPECTED));
  });

  it('in Node, and an entry that imports ndarray is seen', async () => {
    const { error } = await inNode(
      "import * as data from 'class-rectification/data'; import { createBatch } from 'class-rectification/spec'; createBatch({ attributes: [2], labels: [[0]], scores: [[0, 1]] });",
    );
    expect(error).toContain('EvalError');
  });

  it.skipIf(!chromium)(
    `in chromium${chromium ? '' : ', skipped: none found; set CHROMIUM_PATH'}`,
    async () => {
      const { done, error } = await inPage("import * as data from 'class-rectification/data/arrays';");
      expect(error).toBeUndefined();
      expect(done).toEqual(expect.arrayContaining(EXPECTED));
    },
  );

  it.skipIf(!chromium)('in chromium, and an entry that imports ndarray is seen', async () => {
    const { error } = await inPage(
      "import * as data from 'class-rectification/data/arrays'; import { createBatch } from 'class-rectification/spec'; createBatch({ attributes: [2], labels: [[0]], scores: [[0, 1]] });",
    );
    expect(error).toContain('EvalError');
  });
});

interface Outcome {
  readonly done?: readonly string[];
  readonly error?: string;
}

async function inNode(imports: string): Promise<Outcome> {
  const main = join(home, 'main.mjs');
  writeFileSync(
    main,
    `${imports}
    const { useEntries } = await import('./${PROGRAM}');
    console.log('\\n' + JSON.stringify(await useEntries(data)));`,
  );
  const run = promisify(execFile)(process.execPath, ['--disallow-code-generation-from-strings', main], {
    maxBuffer: 2 ** 26,
  });
  return run.then(
    ({ stdout }) => ({ done: JSON.parse(stdout.trimEnd().split('\n').at(-1) as string) as string[] }),
    (error: Error & { stderr: string }) => ({ error: error.stderr }),
  );
}

/** The program as a page that may run its own scripts and WebAssembly, and no text. */
async function inPage(imports: string): Promise<Outcome> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'; ${imports} import { useEntries } from './${PROGRAM}';
        setWasmPaths('/');
        useEntries(data).then((done) => tell({ done }), (error) => tell({ error: String(error) }));`,
      resolveDir: home,
    },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    preserveSymlinks: true,
    write: false,
    logLevel: 'silent',
  });
  const files = new Map<string, string | Buffer>([
    ['/', '<!doctype html><script type=module src=/page.js></script>'],
    ['/page.js', outputFiles[0]?.text as string],
  ]);
  const browser = await startChromium('browser-wasm');
  try {
    const page = await browser.newPage();
    let tell!: (outcome: Outcome) => void;
    const outcome = new Promise<Outcome>((settle) => {
      tell = settle;
    });
    page.on('pageerror', (error) => tell({ error: `${error.name}: ${error.message}` }));
    // A binding: to ask the page again and again is to evaluate text in it, which the policy refuses from the
    // second time on, so a page that needed longer than the first question failed.
    await page.exposeFunction('tell', (told: Outcome) => tell(told));
    await page.route('**/*', (route) => {
      const { pathname } = new URL(route.request().url());
      const file = files.get(pathname) ?? binary(pathname);
      if (file === undefined) return route.fulfill({ status: 404 });
      return route.fulfill({
        body: file,
        contentType: TYPES[extname(pathname)] ?? 'text/html',
        headers: { 'content-security-policy': POLICY },
      });
    });
    await page.goto('http://localhost/');
    return await outcome;
  } finally {
    await browser.close();
  }
}

const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.wasm': 'application/wasm' };

function binary(pathname: string): Buffer | undefined {
  const file = join(wasm, pathname);
  return pathname.endsWith('.wasm') && existsSync(file) ? readFileSync(file) : undefined;
}
