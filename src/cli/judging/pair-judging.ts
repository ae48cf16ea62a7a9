/**
 * One pair of backend and engine being judged: its shares, each in a process of its own, and what is known so far.
 *
 * @module
 */
import {
  type PropertyReport,
  planSuite,
  type Report,
  reportOfPlan,
  type SuitePlan,
  sharesOf,
  timingOf,
  withProblem,
} from '../../../properties/index.js';
import { versions } from '../../support/versions.js';
import type { BackendHead } from '../../verify/session.js';
import { howOf, unavailable, type VerifyChoices } from '../../verify/verify.js';
import type { Target } from '../targets.js';
import { type JudgingOptions, JudgingProcess, type PropertyProgress } from './judging-process.js';
import type { ProcessSlots } from './process-slots.js';

/** A property that runs. */
export interface Running {
  readonly id: string;
  readonly progress: () => PropertyProgress;
}

/** How a pair is judged. */
export interface PairOptions {
  readonly choices: VerifyChoices;
  readonly slots: ProcessSlots;
  readonly process: JudgingOptions;
  /** Properties to judge before the others, by id. Default: none. */
  readonly first?: ReadonlySet<string> | undefined;
  /** Called as a property begins. */
  readonly onBegin: (id: string) => void;
  /** Called as a property ends. */
  readonly onJudged: (report: PropertyReport) => void;
}

/** A pair of backend and engine that is judged by several processes. */
export class PairJudging {
  readonly #target: Target;
  readonly #options: PairOptions;
  readonly #judged: PropertyReport[] = [];
  readonly #sessions = new Set<JudgingProcess>();
  readonly #running = new Map<JudgingProcess, Running>();
  readonly #problems = new Set<string>();
  #plan: SuitePlan;
  #backend: BackendHead | undefined;
  #began: number | undefined;
  #processes = 0;
  #starting = 0;
  #isEnded = false;

  constructor(target: Target, options: PairOptions) {
    this.#target = target;
    this.#options = options;
    this.#plan = planSuite(options.choices);
  }

  /** Whether any of its processes has been started. */
  get hasBegun(): boolean {
    return this.#began !== undefined;
  }

  /** The properties that run now. */
  get running(): readonly Running[] {
    return [...this.#running.values()];
  }

  /** What has been judged, in the order in which it ended. */
  get judged(): readonly PropertyReport[] {
    return this.#judged;
  }

  /**
   * Judges every share.
   *
   * @returns the report; if the engine is not available here, every verdict is `unavailable`
   * @throws CouldNotRunError - if the backend cannot be made
   */
  async run(): Promise<Report> {
    const { properties, runs } = this.#plan;
    const shares = sharesOf(properties, runs).map((share) => this.#inOrder(share.map(({ id }) => id)));
    const isFirst = ([id = '']: readonly string[]) => this.#options.first?.has(id) === true;
    shares.sort((a, b) => Number(isFirst(b)) - Number(isFirst(a)));
    try {
      await Promise.all(shares.map((share) => this.#judgeShare(share)));
    } catch (error) {
      this.end();
      if ((error as Error).name !== 'EngineUnavailableError') throw error;
      const { backend, engine } = this.#target;
      return unavailable(engine, (error as Error).message, {
        ...this.#options.choices,
        replayAs: backend,
      });
    }
    return this.report();
  }

  /** Ends its processes, and starts no more. */
  end(): void {
    this.#isEnded = true;
    for (const session of this.#sessions) session.abandon();
  }

  /** What is known so far. */
  report(): Report {
    const { backend: name, engine } = this.#target;
    const head = this.#backend ?? { name, ...(engine === undefined ? {} : { engine }) };
    const began = this.#began ?? Date.now();
    const report = reportOfPlan(this.#plan, head, this.#judged, {
      versions: versions(),
      started: new Date(began).toISOString(),
      milliseconds: Date.now() - began,
      timing: {
        starting: Math.round(this.#starting),
        ...timingOf(this.#judged),
        processes: this.#processes,
      },
    });
    return [...this.#problems].sort().reduce(withProblem, report);
  }

  /** The properties that have not been judged. */
  missing(): readonly string[] {
    const judged = new Set(this.#judged.map(({ id }) => id));
    return this.#plan.properties.map(({ id }) => id).filter((id) => !judged.has(id));
  }

  #inOrder(ids: readonly string[]): string[] {
    const { first } = this.#options;
    return [...ids].sort((a, b) => Number(first?.has(b) === true) - Number(first?.has(a) === true));
  }

  async #judgeShare(ids: readonly string[]): Promise<void> {
    const { slots } = this.#options;
    await slots.run(this.#target.engine, async () => {
      if (this.#isEnded) return;
      this.#began ??= Date.now();
      try {
        await this.#judgeHere(ids);
      } catch (error) {
        if (!this.#isEnded) throw error; // what waits for a process that was ended fails
      }
    });
  }

  async #judgeHere(ids: readonly string[]): Promise<void> {
    const { choices, onBegin, onJudged } = this.#options;
    const session = new JudgingProcess(this.#target, this.#options.process);
    this.#sessions.add(session);
    try {
      const began = performance.now();
      await session.start();
      this.#starting += performance.now() - began;
      this.#processes += 1;
      this.#backend ??= session.backend;
      const plan = planSuite(choices, session.backend);
      this.#plan = plan;
      for (const id of ids) {
        this.#running.set(session, { id, progress: session.progress });
        onBegin(id);
        const report = await session.judge(id, howOf(plan));
        this.#judged.push(report);
        this.#running.delete(session);
        onJudged(report);
      }
    } finally {
      this.#running.delete(session);
      const problem = await session.close();
      this.#sessions.delete(session);
      if (problem !== undefined && !this.#isEnded) this.#problems.add(problem);
    }
  }
}
