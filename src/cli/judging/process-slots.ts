/**
 * How many judging processes run at the same time.
 *
 * @module
 */
import { availableParallelism } from 'node:os';
import type { JudgingProcess } from './judging-process.js';

/** Memory that one judging process usually needs, in bytes. The default number of processes depends on it. */
const USUAL_MEMORY = 2 ** 30;

/** Engines with a single device or with their own threads: a second process would wait for the first, or slow it down. */
const ONE_AT_A_TIME: readonly (string | undefined)[] = ['tensorflow', 'tensorflow-gpu', 'webgpu', 'webgl'];

/** Whether only one process at a time may use an engine. */
export function isExclusive(engine: string | undefined): boolean {
  return ONE_AT_A_TIME.includes(engine);
}

/** The default number of processes at a time: one per core, but no more than the free memory holds. */
export function usualJobs(): number {
  return Math.max(1, Math.min(availableParallelism(), Math.floor(process.availableMemory() / USUAL_MEMORY)));
}

/** A place for one process. It may hold an idle process and cases from earlier work, which later work can use. */
export class ProcessPlace {
  /** An idle process, which can judge another backend. */
  idle: JudgingProcess | undefined;
  /** Names the cases that its process keeps. */
  cases: string | undefined;

  /** Ends the idle process. */
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
 * Places for processes. Work gets a place in the order in which it asked for one, with these exceptions. Work on an
 * engine that allows a single process waits until that engine is free. A free place that holds cases goes to work
 * that needs them. Work whose cases are in a busy place waits for that place while other work can run.
 */
export class ProcessSlots {
  readonly #busy = new Set<string>();
  readonly #free: ProcessPlace[];
  readonly #taken = new Set<ProcessPlace>();
  #waiting: Waiting[] = [];

  /** @param jobs - the largest number of processes that run at the same time */
  constructor(jobs: number) {
    this.#free = Array.from({ length: jobs }, () => new ProcessPlace());
  }

  /**
   * Runs work as soon as there is a place for it.
   *
   * @param cases - names the cases that the work needs; work with the same cases goes to the same place. Default: none
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

  /** Ends all idle processes. */
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
