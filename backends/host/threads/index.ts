/**
 * More than one thread for the host loss. Nothing here is loaded unless it is imported.
 *
 * @module
 */
import { outOfRange, refuseUnknownFields, wrongType } from '../../../spec/rules.js';
import { simdFunctions } from '../simd/functions.js';
import { helpers, setHelpers } from './block-work.js';
import { ThreadsUnavailableError } from './errors.js';
import { Pool } from './pool.js';
import { type StartedWorker, startWorker } from './start-worker.js';

export { ThreadsUnavailableError } from './errors.js';

/** Options of {@link startThreads}. */
export interface ThreadsOptions {
  /**
   * How many threads compute together, the calling one included: an integer from 1 to 64. Default: as many as the
   * machine has cores, at most 4, since the calling thread hands out the work and more would wait for it.
   */
  readonly threads?: number;
  /**
   * The address of the package's file `dist/backends/host/threads/worker.js`, where a bundler has not found it. It
   * must be served from the page's own origin. Default: beside the file that this function is in.
   */
  readonly worker?: URL;
}

/** Threads that have been started. */
export interface Threads {
  /** How many compute now, the calling one included. It becomes smaller if a worker ends. */
  readonly count: number;
  /** Ends the workers. The loss goes on with one thread. */
  stop(): void;
}

const FEW = 4;
const MOST = 64;

/**
 * Starts threads that the loss from float32 logits shares its softmax or sigmoid with: `hostLoss`, and
 * `classRectificationLoss` on `cpu`, `wasm` and `tensorflow`. They serve every loss of the process, from the moment
 * the promise is fulfilled. Calling it again replaces the threads of before, once the new ones are ready.
 *
 * **Results are the same to the last bit for any number of threads, none included.** Batches of fewer than 131,072
 * scores are not shared, since handing them over would take longer. Each worker takes about 1 MB. Workers do not keep
 * a process alive. If one ends, the others go on, and a warning on the console says so.
 *
 * Without a call of this function there is one thread: on many machines the cores are busy already, with loading data
 * or with tfjs.
 *
 * In a browser the page must be cross-origin isolated, as for every use of shared memory. The calling thread never
 * waits for a worker, so it may be the page's own.
 *
 * @throws InputTypeError, InputRangeError - on bad options
 * @throws ThreadsUnavailableError - where memory cannot be shared, WebAssembly has no SIMD, or a worker does not start
 * @example
 * ```ts
 * import { startThreads } from 'class-rectification/backends/host/threads';
 * const threads = await startThreads({ threads: 1 });
 * threads.count; // → 1
 * threads.stop();
 * ```
 */
export async function startThreads(options: ThreadsOptions = {}): Promise<Threads> {
  const { threads, worker } = readOptions(options);
  if (threads > 1) refuseWithoutSharing();
  const started: StartedWorker[] = [];
  const pool = new Pool();
  const stop = () => {
    for (const one of started.splice(0)) {
      pool.remove(one);
      one.stop();
    }
    if (helpers() === pool) setHelpers(undefined);
  };
  const own: Threads = {
    get count() {
      return 1 + pool.size;
    },
    stop,
  };
  try {
    await Promise.all(Array.from({ length: threads - 1 }, () => begin(worker, started, pool)));
  } catch (cause) {
    stop();
    throw new ThreadsUnavailableError(
      'a worker did not start: see the cause. Serve the package’s file dist/backends/host/threads/worker.js, and give its address as options.worker',
      { cause },
    );
  }
  running?.stop();
  running = own;
  if (pool.size > 0) setHelpers(pool);
  return own;
}

/** The threads last started. */
let running: Threads | undefined;

/** Starts a worker, and adds it to the pool when it is ready. */
function begin(file: URL | undefined, started: StartedWorker[], pool: Pool): Promise<void> {
  return new Promise((resolve, reject) => {
    let ready = false;
    const worker = startWorker(file, {
      ready() {
        ready = true;
        pool.add(worker);
        resolve();
      },
      ended(cause) {
        reject(cause); // which changes nothing once it was ready
        const at = started.indexOf(worker);
        if (at < 0) return; // it was stopped, or has been left out already
        started.splice(at, 1);
        pool.remove(worker);
        if (ready) console.warn(`${ENDED}; threads left: ${1 + pool.size}.`, cause);
      },
    });
    started.push(worker);
  });
}

const ENDED = 'class-rectification: a worker of the loss has ended';

function readOptions(options: unknown): { threads: number; worker: URL | undefined } {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    wrongType('wrong-type', 'options', 'an object, such as { threads: 2 }', options);
  refuseUnknownFields(options, ['threads', 'worker']);
  const { threads = Math.min(cores(), FEW), worker } = options as ThreadsOptions;
  const expected = `an integer from 1 to ${MOST}`;
  if (typeof threads !== 'number') wrongType('wrong-type', 'options.threads', expected, threads);
  if (!(Number.isInteger(threads) && threads >= 1 && threads <= MOST))
    outOfRange('option-out-of-range', 'options.threads', expected, threads);
  if (worker !== undefined && !(worker instanceof URL))
    wrongType('wrong-type', 'options.worker', 'a URL', worker);
  return { threads, worker };
}

function cores(): number {
  const { navigator } = globalThis as { navigator?: { readonly hardwareConcurrency?: number } };
  const os = globalThis.process?.getBuiltinModule?.('node:os');
  return os?.availableParallelism() ?? navigator?.hardwareConcurrency ?? 1;
}

/** @throws ThreadsUnavailableError */
function refuseWithoutSharing(): void {
  if (typeof SharedArrayBuffer === 'undefined') {
    throw new ThreadsUnavailableError(
      'this page cannot share memory, since it is not cross-origin isolated. Serve it with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, or train with one thread',
    );
  }
  if (!simdFunctions())
    throw new ThreadsUnavailableError('WebAssembly with SIMD is not available here. Train with one thread');
}
