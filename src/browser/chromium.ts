/**
 * Headless chromium with WebGL and WebGPU, in software where there is no GPU.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { EngineUnavailableError } from '../../backends/tfjs/index.js';
import { importFor } from './missing.js';

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** WebGPU counts as unsafe on Linux. The adapter is named, since without a GPU chromium offers none on its own. */
const WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'];
const WEBGL = ['--enable-unsafe-swiftshader'];

/** The path of chromium: `CHROMIUM_PATH`, or one of the usual places; undefined if there is none. */
export function findChromium(): string | undefined {
  const given = process.env.CHROMIUM_PATH;
  return given ? (existsSync(given) ? given : undefined) : USUAL_PLACES.find((path) => existsSync(path));
}

/**
 * How long a step of the browser may take, in milliseconds: ten minutes. A busy machine can take far longer
 * than the thirty seconds that playwright waits by default, and what cannot start fails at once.
 */
export const BROWSER_TIMEOUT = 600_000;

/**
 * Starts chromium.
 *
 * @param engine - for the message
 * @param options - `webgpu`: whether it offers WebGPU; default true
 * @throws EngineUnavailableError - if playwright-core or chromium is missing, or chromium does not start
 */
export async function startChromium(engine: string, { webgpu = true } = {}): Promise<Browser> {
  const { chromium } = await importFor(engine, 'playwright-core', () => import('playwright-core'));
  const executablePath = findChromium();
  if (executablePath === undefined) {
    const reason = process.env.CHROMIUM_PATH
      ? `CHROMIUM_PATH: there is no ${process.env.CHROMIUM_PATH}`
      : 'chromium is not installed; get it (on Debian: apt-get install chromium), or set CHROMIUM_PATH';
    throw new EngineUnavailableError(engine, reason);
  }
  try {
    return await chromium.launch({
      executablePath,
      args: [...WEBGL, ...(webgpu ? WEBGPU : [])],
      chromiumSandbox: process.getuid?.() !== 0, // root has no sandbox
      timeout: BROWSER_TIMEOUT,
    });
  } catch (cause) {
    const reason = `${executablePath} does not start: ${(cause as Error).message.split('\n')[0]}`;
    throw new EngineUnavailableError(engine, reason, { cause });
  }
}
