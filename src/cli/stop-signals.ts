/**
 * Signals that stop a long command: it writes down how far it is, and ends with the code of the signal.
 *
 * @module
 */

/** Exit codes by signal, 128 and its number, as shells have them. */
const CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** What a command is stopped by. */
export interface StopSignals {
  /** Aborted by the first signal; a second one ends the process at once. */
  readonly signal: AbortSignal;
  /** To be called once there is something to write down: until then the first signal ends the process. */
  readonly begin: () => void;
  /** The exit code of the signal that came; nothing if none did. */
  readonly code: () => number | undefined;
}

/** Runs a command that can be stopped. */
export async function withStopSignals<T>(command: (stop: StopSignals) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let begun = false;
  let code: number | undefined;
  const listeners = Object.entries(CODES).map(([name, itsCode]) => {
    const listener = () => {
      if (!begun || code !== undefined) process.exit(itsCode);
      code = itsCode;
      controller.abort();
    };
    process.on(name, listener);
    return { name, listener };
  });
  try {
    return await command({
      signal: controller.signal,
      begin: () => {
        begun = true;
      },
      code: () => code,
    });
  } finally {
    for (const { name, listener } of listeners) process.off(name, listener);
  }
}
