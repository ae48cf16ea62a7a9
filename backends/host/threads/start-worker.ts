/**
 * Starting a worker, in Node and in browsers, which differ.
 *
 * @module
 */

/** A worker that has been started. */
export interface StartedWorker {
  postMessage(memory: SharedArrayBuffer): void;
  /** Ends it. */
  stop(): void;
}

/** What happens to a worker. */
export interface WorkerEvents {
  /** It is ready for its first message. */
  ready(): void;
  /** It has ended, or could not be started. */
  ended(cause: unknown): void;
}

/** The part of a browser's worker that is used. TypeScript declares it only in the library for browsers. */
interface BrowserWorker {
  onmessage: (() => void) | null;
  onerror: ((event: { readonly message?: string; preventDefault(): void }) => void) | null;
  postMessage(memory: SharedArrayBuffer): void;
  terminate(): void;
}
declare const Worker: new (url: URL, options: { readonly type: 'module' }) => BrowserWorker;

/** @param file - the file that it runs. Default: worker.js beside this one */
export function startWorker(file: URL | undefined, events: WorkerEvents): StartedWorker {
  const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads');
  if (threads) {
    // without the options of this process: they may load what only its own files need
    const worker = new threads.Worker(file ?? new URL('./worker.js', import.meta.url), { execArgv: [] });
    worker.once('message', () => {
      worker.unref(); // from here on it does not keep the process alive
      events.ready();
    });
    worker.once('error', (cause) => events.ended(cause));
    worker.once('exit', (code) => events.ended(new Error(`the worker ended with exit code ${code}`)));
    return { postMessage: (memory) => worker.postMessage(memory), stop: () => void worker.terminate() };
  }
  // bundlers find the file only if both are written in one expression
  const worker = file
    ? new Worker(file, { type: 'module' })
    : new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  worker.onmessage = () => events.ready();
  worker.onerror = (event) => {
    event.preventDefault();
    events.ended(new Error(event.message ?? 'the worker’s file could not be loaded'));
  };
  return { postMessage: (memory) => worker.postMessage(memory), stop: () => worker.terminate() };
}
