/**
 * Signals that stop a long command: Ctrl-C, SIGTERM, and SIGHUP of a closed terminal. The command ends with the
 * exit code of the signal, and a second signal ends it at once.
 *
 * SIGKILL cannot be caught: what it leaves of a run, `train.ts` resumes from the last checkpoint.
 *
 * @module
 */
import { errorText } from './error-text.js';

/** Exit codes by signal: 128 plus its number, as in shells. */
const CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

type StopSignal = keyof typeof CODES;

const NAMES = Object.keys(CODES) as StopSignal[];

/** The signals that stop a command. */
export interface StopSignals {
  /** Aborted by the first signal; a second one ends the process at once. */
  readonly signal: AbortSignal;
  /** To be called once there is something to save: until then the first signal ends the process. */
  readonly begin: () => void;
  /** The exit code of the signal that came; nothing if none did. */
  readonly code: () => number | undefined;
}

/** Runs a command that ends after a signal, as soon as it has saved its progress. */
export async function withStopSignals<T>(command: (stop: StopSignals) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let begun = false;
  let code: number | undefined;
  const stop = (name: StopSignal) => {
    if (!begun || code !== undefined) process.exit(CODES[name]);
    code = CODES[name];
    controller.abort();
  };
  return listening(stop, () =>
    command({
      signal: controller.signal,
      begin: () => {
        begun = true;
      },
      code: () => code,
    }),
  );
}

/**
 * Runs something that is not waited for after a signal: `onStop` says what is known so far, and the process
 * ends.
 */
export async function stoppable<T>(run: () => Promise<T>, onStop: (signal: string) => void): Promise<T> {
  const stop = (name: StopSignal) => {
    unlisten(stop); // a second signal ends the process, even if onStop blocks it
    try {
      onStop(name);
    } catch (error) {
      process.stderr.write(errorText(error)); // nobody else would tell it
    } finally {
      process.exit(CODES[name]);
    }
  };
  return listening(stop, run);
}

/** Listens to the signals while something runs. */
async function listening<T>(stop: (name: StopSignal) => void, run: () => Promise<T>): Promise<T> {
  for (const name of NAMES) process.on(name, stop);
  try {
    return await run();
  } finally {
    unlisten(stop);
  }
}

/** Leaves the signals to the system again. */
function unlisten(stop: (name: StopSignal) => void): void {
  for (const name of NAMES) process.off(name, stop);
}
