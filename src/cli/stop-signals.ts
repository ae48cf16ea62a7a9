/**
 * Signals that stop a long command: it saves its progress and ends with the exit code of the signal.
 *
 * @module
 */

/** Exit codes by signal: 128 plus its number, as in shells. */
const CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** The signals that stop a command. */
export interface StopSignals {
  /** Aborted by the first signal; a second one ends the process at once. */
  readonly signal: AbortSignal;
  /** To be called once there is something to save: until then the first signal ends the process. */
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
