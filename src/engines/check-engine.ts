/**
 * Tries an engine in a process of its own, so that an engine which crashes or hangs is told as such.
 *
 * @module
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BROWSER_ENGINE_NAMES, browserBackendOn } from '../browser/engine-names.js';
import { ONE_CASE, stateOf } from './check-by-suite.js';
import type { CheckAnswer } from './engine-state.js';

/** What became of one engine. */
export interface EngineCheck extends CheckAnswer {
  readonly engine: string;
}

/** How long an engine may take to start and to compute for a second, in seconds. */
const LONGEST = 120;

/** Tries an engine. */
export async function checkEngine(engine: string): Promise<EngineCheck> {
  const isInBrowser = BROWSER_ENGINE_NAMES.includes(engine);
  return { engine, ...(isInBrowser ? await inChromium(engine) : await inProcess(engine)) };
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

/** One case of one property in headless chromium. */
async function inChromium(engine: string): Promise<CheckAnswer> {
  try {
    // loads tfjs, which nothing else here needs
    const { verifyInBrowser } = await import('../browser/verify-in-browser.js');
    const report = await verifyInBrowser({ engine, ...ONE_CASE });
    return stateOf(report, browserBackendOn(engine)?.packages);
  } catch (error) {
    return { state: 'broken', reason: (error as Error).message };
  }
}
