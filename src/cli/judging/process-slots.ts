/**
 * How many judging processes run at once.
 *
 * @module
 */
import { availableParallelism } from 'node:os';
import type { JudgingProcess } from './judging-process.js';

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

/** A place for a process. What it held before may serve what comes next. */
export class ProcessPlace {
  /** A process that has nothing to do, and can judge another backend. */
  idle: JudgingProcess | undefined;
  /** The cases that its process was given last, and keeps. */
  cases: string | undefined;

  /** Ends the process that has nothing to do. */
  async clear(): Promise<void> {
    const { idle } = this;
    [this.idle, this.cases] = [undefined, undefined];
    await idle?.dismiss();
  }
}

interface Waiting {
  readonly engine: string | undefined;
  readonly cases: string | undefined;
  readonly begin: (place: ProcessPlace) => void;
}

/**
 * Places for processes. Who waits longest is next, unless its engine is in use and allows one process only; but
 * a place that holds cases goes to who needs them, and cases that another place holds wait for that place as long
 * as there is something else to do.
 */
export class ProcessSlots {
  readonly #busy = new Set<string>();
  readonly #free: ProcessPlace[];
  readonly #taken = new Set<ProcessPlace>();
  #waiting: Waiting[] = [];

  /** @param jobs - how many processes run at once */
  constructor(jobs: number) {
    this.#free = Array.from({ length: jobs }, () => new ProcessPlace());
  }

  /**
   * Runs something once there is a place for it.
   *
   * @param cases - names the cases that it needs; work that needs the same goes to the same place. Default: none
   */
  async run<T>(
    engine: string | undefined,
    work: (place: ProcessPlace) => Promise<T>,
    cases?: string,
  ): Promise<T> {
    const place = await new Promise<ProcessPlace>((begin) => {
      this.#waiting.push({ engine, cases, begin });
      this.#next();
    });
    try {
      return await work(place);
    } finally {
      this.#taken.delete(place);
      this.#free.push(place);
      this.#busy.delete(engine ?? '');
      this.#next();
    }
  }

  /** Ends the processes that have nothing to do. */
  async clear(): Promise<void> {
    await Promise.all(this.#free.map((place) => place.clear()));
  }

  #next(): void {
    const able = this.#waiting.filter(({ engine = '' }) => !this.#busy.has(engine));
    const [place, next] = this.#match(able);
    if (place === undefined || next === undefined) return;
    this.#waiting = this.#waiting.filter((each) => each !== next);
    this.#free.splice(this.#free.indexOf(place), 1);
    this.#taken.add(place);
    place.cases = next.cases;
    if (next.engine !== undefined && isExclusive(next.engine)) this.#busy.add(next.engine);
    next.begin(place);
    this.#next();
  }

  #match(able: readonly Waiting[]): [place: ProcessPlace | undefined, next: Waiting | undefined] {
    for (const place of this.#free) {
      const next = able.find(({ cases }) => cases !== undefined && cases === place.cases);
      if (next) return [place, next];
    }
    const held = new Set([...this.#taken].map(({ cases }) => cases));
    const next = able.find(({ cases }) => cases === undefined || !held.has(cases)) ?? able[0];
    return [this.#free[0], next];
  }
}
