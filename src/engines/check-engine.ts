/**
 * Tries an engine in a process of its own, so that an engine which crashes or hangs is told as such.
 *
 * @module
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BROWSER_ENGINE_NAMES } from '../browser/engine-names.js';
import { verifyInBrowser } from '../browser/verify-in-browser.js';
import { isUnavailable } from '../verify/report/outcome.js';

/**
 * What is known of an engine.
 *
 * - `works`: it multiplied matrices, and the product is right.
 * - `missing`: a package is not installed; `reason` is the command that gets it.
 * - `unavailable`: this machine lacks what it computes on, such as a GPU.
 * - `broken`: it is installed, and does not load, crashes, or computes wrongly.
 */
export type EngineState = 'works' | 'missing' | 'unavailable' | 'broken';

/** What the process of an engine answers. */
export interface CheckAnswer {
  readonly state: EngineState;
  /** Why it does not work, or the command that gets it. */
  readonly reason?: string;
  /** What it computes on. */
  readonly device?: string;
  readonly version?: string;
  /** Products of two matrices of 256×256 in one second, read back. */
  readonly products?: number;
}

/** What became of one engine. */
export interface EngineCheck extends CheckAnswer {
  readonly engine: string;
}

/** How long an engine may take to start and to compute for a second, in seconds. */
const LONGEST = 120;

/** Tries an engine. */
export async function checkEngine(engine: string): Promise<EngineCheck> {
  const inBrowser = BROWSER_ENGINE_NAMES.find((name) => name === engine);
  return { engine, ...(inBrowser === undefined ? await inProcess(engine) : await inChromium(inBrowser)) };
}

/** @param program - for tests */
export function inProcess(
  engine: string,
  program: string = fileURLToPath(new URL('./check-child.js', import.meta.url)),
  seconds: number = LONGEST,
): Promise<CheckAnswer> {
  return new Promise((resolve) => {
    const child = fork(program, [engine], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let answer: CheckAnswer | undefined;
    let printed = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      printed = `${printed}${text}`.slice(-10_000);
    });
    const timer = setTimeout(() => {
      answer ??= { state: 'broken', reason: `it did not answer within ${seconds} s` };
      child.kill('SIGKILL');
    }, seconds * 1000);
    child.on('message', (message: CheckAnswer) => {
      answer = message;
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const said = printed.trim().split('\n').at(-1) ?? '';
      const ended = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
      resolve(answer ?? { state: 'broken', reason: `its process ${ended}${said === '' ? '' : `: ${said}`}` });
    });
  });
}

/** One case of one property in headless chromium: starting the page is what takes the time. */
async function inChromium(engine: (typeof BROWSER_ENGINE_NAMES)[number]): Promise<CheckAnswer> {
  try {
    const report = await verifyInBrowser({ engine, only: ['balanced-agrees'], runs: 1, seed: 1 });
    const [property] = report.properties;
    if (isUnavailable(report)) {
      const reason = (property?.reason ?? '').replace(/^engine [^:]+: /, '');
      const [, command] = / get it with: (.*)$/.exec(reason) ?? [];
      return command === undefined ? { state: 'unavailable', reason } : { state: 'missing', reason: command };
    }
    const { adapter, versions } = report;
    const about = {
      device: adapter ?? 'processor',
      version: `tfjs ${versions['@tensorflow/tfjs-core']}`,
    };
    if (report.passed) return { state: 'works', ...about };
    return {
      state: 'broken',
      reason: property?.reason ?? 'it fails the suite: run crl verify on it',
      ...about,
    };
  } catch (error) {
    return { state: 'broken', reason: (error as Error).message };
  }
}
