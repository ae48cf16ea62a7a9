/**
 * Progress on standard error: a bar on a terminal; elsewhere a line at the end, so that logs stay readable.
 *
 * @module
 */
import { progress } from '@clack/prompts';

/** A running count of something long. */
export interface Progress {
  /** So many steps further; one if not said. */
  advance(message: string, steps?: number): void;
  stop(message: string): unknown;
}

/** Starts a bar of so many steps. */
export function startProgress(title: string, steps: number): Progress {
  if (!process.stderr.isTTY)
    return { advance: () => {}, stop: (message) => process.stderr.write(`${message}\n`) };
  const bar = progress({ max: steps, style: 'heavy', size: 30, output: process.stderr });
  bar.start(title);
  return {
    advance: (message, by = 1) => bar.advance(by, message),
    stop: (message) => bar.stop(message),
  };
}
