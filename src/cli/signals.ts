/**
 * Being stopped: by Ctrl-C, by the system, by a closed terminal.
 *
 * @module
 */
import { constants } from 'node:os';

/** Signals that stop the command. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs something that can be stopped: then `onStop` says what is known so far, and the process ends with 128 and
 * the signal's number (130 for Ctrl-C, 143 for SIGTERM), without waiting for anything.
 */
export async function stoppable<T>(run: () => Promise<T>, onStop: (signal: string) => void): Promise<T> {
  const stop = (signal: (typeof SIGNALS)[number]) => {
    for (const each of SIGNALS) process.off(each, stop); // a second signal ends the process at once
    try {
      onStop(signal);
    } finally {
      process.exit(128 + constants.signals[signal]);
    }
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await run();
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}
