/**
 * How many judging processes run at once.
 *
 * @module
 */
import { availableParallelism } from 'node:os';

/** What the memory of one judging process is reckoned at, in bytes, where the number of processes is chosen. */
const USUAL_MEMORY = 2 ** 30;

/**
 * Engines that have one device, or threads of their own: a second process would wait for the first, or slow it
 * down.
 */
const ONE_AT_A_TIME: readonly (string | undefined)[] = ['tensorflow', 'tensorflow-gpu', 'webgpu', 'webgl'];

/** Whether an engine runs in one process at once only. */
export function isExclusive(engine: string | undefined): boolean {
  return ONE_AT_A_TIME.includes(engine);
}

/** Processes at once by default: as many as there are cores, and no more than the free memory holds. */
export function usualJobs(): number {
  return Math.max(1, Math.min(availableParallelism(), Math.floor(process.availableMemory() / USUAL_MEMORY)));
}

interface Waiting {
  readonly engine: string | undefined;
  readonly begin: () => void;
}

/** Places for processes. Who waits longest is next, unless its engine is in use and allows one process only. */
export class ProcessSlots {
  readonly #busy = new Set<string>();
  #waiting: Waiting[] = [];
  #free: number;

  /** @param jobs - how many processes run at once */
  constructor(jobs: number) {
    this.#free = jobs;
  }

  /** Runs something once there is a place for it. */
  async run<T>(engine: string | undefined, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((begin) => {
      this.#waiting.push({ engine, begin });
      this.#next();
    });
    try {
      return await work();
    } finally {
      this.#free += 1;
      this.#busy.delete(engine ?? '');
      this.#next();
    }
  }

  #next(): void {
    const next = this.#waiting.find(({ engine = '' }) => !this.#busy.has(engine));
    if (this.#free === 0 || next === undefined) return;
    this.#waiting = this.#waiting.filter((each) => each !== next);
    this.#free -= 1;
    if (next.engine !== undefined && isExclusive(next.engine)) this.#busy.add(next.engine);
    next.begin();
    this.#next();
  }
}
