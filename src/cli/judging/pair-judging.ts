/**
 * Judges one pair of backend and engine: each share in its own process. The results so far are known at any time.
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
import { runtimeVersions } from '../../support/runtime-versions.js';
import type { BackendHead } from '../../verify/session.js';
import { howOf, type VerifyChoices } from '../../verify/verify-choices.js';
import type { Target } from '../targets.js';
import {
  type JudgingOptions,
  JudgingProcess,
  type Opening,
  type PropertyProgress,
} from './judging-process.js';
import type { ProcessPlace, ProcessSlots } from './process-slots.js';

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
  /**
   * Whether other backends are judged in the same processes afterwards. All must be backends of this package, which
   * leave no state behind for the next one. Default false.
   */
  readonly sharesProcesses?: boolean | undefined;
  /** Names a group of backends that are judged with the same cases. Default: there is no group. */
  readonly casesAs?: string | undefined;
  /** Properties to judge before the others, by id. Default: none. */
  readonly first?: ReadonlySet<string> | undefined;
  /** Called as a property begins. */
  readonly onBegin: (id: string) => void;
  /** Called as a property ends. */
  readonly onJudged: (report: PropertyReport) => void;
}

/** Properties that are judged by the same process. */
interface Share {
  readonly ids: readonly string[];
  /** Its position: the order in which the shares would run in a single process. */
  readonly place: number;
  /** Calls of the backend that gave no answer in this share, with the reason. */
  hung: ReadonlyMap<string, string>;
  /** Calls that this share was told not to make. */
  told: ReadonlyMap<string, string>;
}

/** A pair of backend and engine that is judged by several processes. */
export class PairJudging {
  readonly #target: Target;
  readonly #options: PairOptions;
  readonly #judged = new Map<string, PropertyReport>();
  readonly #shares: Share[] = [];
  readonly #sessions = new Map<JudgingProcess, Share | undefined>();
  readonly #running = new Map<JudgingProcess, Running>();
  readonly #problems = new Set<string>();
  #plan: SuitePlan;
  #versions: Readonly<Record<string, string>> = runtimeVersions();
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

  /** The name that the backend has told; undefined until it is made. */
  get name(): string | undefined {
    return this.#backend?.name;
  }

  /** The properties that run now. */
  get running(): readonly Running[] {
    return [...this.#running.values()];
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
    this.#shares.push(...shares.map((ids, place) => ({ ids, place, hung: new Map(), told: new Map() })));
    try {
      let due: readonly Share[] = this.#shares;
      while (due.length > 0 && !this.#isEnded) {
        await Promise.all(due.map((share) => this.#judgeShare(share)));
        due = this.#shares.filter((share) => this.#isOutdated(share));
      }
    } catch (error) {
      this.end();
      if ((error as Error).name !== 'EngineUnavailableError') throw error;
      const { backend, engine } = this.#target;
      const { unavailable } = await import('../../verify/verify.js'); // loads tfjs, which nothing else here needs
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
    for (const session of this.#sessions.keys()) session.abandon();
  }

  /** What is known so far. */
  report(): Report {
    const { backend: name, engine } = this.#target;
    const head = this.#backend ?? { name, ...(engine === undefined ? {} : { engine }) };
    const began = this.#began ?? Date.now();
    const judged = [...this.#judged.values()];
    const report = reportOfPlan(this.#plan, head, judged, {
      versions: this.#versions,
      started: new Date(began).toISOString(),
      milliseconds: Date.now() - began,
      timing: {
        starting: Math.round(this.#starting),
        ...timingOf(judged),
        processes: this.#processes,
      },
    });
    return [...this.#problems].sort().reduce(withProblem, report);
  }

  /** The properties that have not been judged. */
  missing(): readonly string[] {
    return this.#plan.properties.map(({ id }) => id).filter((id) => !this.#judged.has(id));
  }

  #inOrder(ids: readonly string[]): string[] {
    const { first } = this.#options;
    return [...ids].sort((a, b) => Number(first?.has(b) === true) - Number(first?.has(a) === true));
  }

  /**
   * What a share is told when it begins: the calls that gave no answer in an earlier share. They are not made again,
   * so that an endless loop costs one timeout. Only the order of the shares decides this, so the report is the same
   * for any number of processes.
   */
  #hungBefore({ place }: Share): Map<string, string> {
    return new Map(this.#shares.slice(0, place).flatMap(({ hung }) => [...hung]));
  }

  /** Whether an earlier share had a call without an answer that this share was not told of. */
  #isOutdated(share: Share): boolean {
    return [...this.#hungBefore(share).keys()].some((call) => !share.told.has(call));
  }

  async #judgeShare(share: Share): Promise<void> {
    const { slots, casesAs } = this.#options;
    const cases = casesAs === undefined ? undefined : `${casesAs}/${share.place}`;
    const work = async (place: ProcessPlace) => {
      if (this.#isEnded) return;
      this.#began ??= Date.now();
      try {
        await this.#judgeHere(share, place, cases);
      } catch (error) {
        // what waits for a process that was ended fails
        if (!this.#isEnded && !this.#isOutdated(share)) throw error;
      }
    };
    await slots.run(this.#target.engine, work, cases);
  }

  async #judgeHere(share: Share, place: ProcessPlace, cases: string | undefined): Promise<void> {
    const { choices, onBegin, onJudged, sharesProcesses } = this.#options;
    share.told = this.#hungBefore(share);
    share.hung = new Map();
    const session = await this.#sessionAt(place, { unanswered: share.told, keep: cases });
    this.#sessions.set(session, share);
    try {
      this.#backend ??= session.backend;
      this.#versions = session.versions;
      const plan = planSuite(choices, session.backend);
      this.#plan = plan;
      for (const id of share.ids) {
        this.#running.set(session, { id, progress: session.progress });
        onBegin(id);
        const report = await session.judge(id, howOf(plan));
        const isNew = !this.#judged.has(id);
        this.#judged.set(id, report);
        this.#running.delete(session);
        this.#noteHung(share, session.hung);
        if (isNew) onJudged(report);
      }
    } finally {
      this.#running.delete(session);
      const isKept = sharesProcesses && !this.#isEnded;
      const problem = await (isKept ? session.leave() : session.close());
      this.#sessions.delete(session);
      if (isKept && session.isRunning) place.idle = session;
      else if (isKept) await session.dismiss();
      if (problem !== undefined && !this.#isEnded && !this.#isOutdated(share)) this.#problems.add(problem);
    }
  }

  /** A process with the backend: an idle one, or a new one. */
  async #sessionAt(place: ProcessPlace, opening: Opening): Promise<JudgingProcess> {
    const began = performance.now();
    const { idle } = place;
    const isReused = idle?.isRunning === true && this.#options.sharesProcesses === true;
    if (!isReused) await place.clear();
    place.idle = undefined;
    const session = isReused ? idle : new JudgingProcess(this.#target, { ...this.#options.process, opening });
    this.#sessions.set(session, undefined);
    try {
      await (isReused ? session.reopen(this.#target, opening) : session.start());
    } catch (error) {
      this.#sessions.delete(session);
      await session.dismiss();
      throw error;
    }
    this.#starting += performance.now() - began;
    if (!isReused) this.#processes += 1;
    return session;
  }

  /** Notes calls without an answer. Ends later shares that were not told of them: these shares are judged again. */
  #noteHung(share: Share, hung: ReadonlyMap<string, string>): void {
    if (hung.size === share.hung.size) return;
    share.hung = new Map(hung);
    for (const [session, other] of this.#sessions)
      if (other !== undefined && other !== share && this.#isOutdated(other)) session.abandon();
  }
}
