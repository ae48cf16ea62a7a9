/**
 * A verification: pairs of backend and engine, judged by one process per core, with one progress bar for all.
 *
 * @module
 */
import {
  budgetOf,
  type PropertyReport,
  planSuite,
  type Report,
  type SuitePlan,
  withStop,
} from '../../properties/index.js';
import { isInBrowser } from '../browser/engine-names.js';
import { type Progress, startProgress } from '../support/progress.js';
import { isUnavailable, pairLine, propertyLine } from '../verify/report/outcome.js';
import type { VerifyChoices } from '../verify/verify-choices.js';
import { DEFAULT_MEMORY } from './judging/memory-limits.js';
import { PairJudging, type PairOptions, type Running } from './judging/pair-judging.js';
import { PrintedOutput } from './judging/printed-output.js';
import { ProcessSlots, usualJobs } from './judging/process-slots.js';
import { runningText, targetLabel } from './running-text.js';
import { isPlain, type Target } from './targets.js';

/** How a verification runs. */
export interface VerificationOptions {
  /** Processes at the same time. Default: one per core, but no more than the free memory holds. */
  readonly jobs?: number | undefined;
  /** The most memory that a process may take, in MiB. Default 4096. */
  readonly memory?: number | undefined;
  /** Whether to stop at the first property that fails. Default false. */
  readonly failFast?: boolean | undefined;
  /** Properties to judge before the others, by id. Default: none. */
  readonly first?: ReadonlySet<string> | undefined;
}

/** A pair as the lines of progress name it. */
function labelOf({ target, inProcesses }: Pair): string {
  return targetLabel(target, inProcesses?.name);
}

/** The most properties that are listed by name if some were not judged. */
const MOST_NAMES = 12;

/** Where progress is no bar, a line says after so many milliseconds what runs. */
const LINE_EVERY = 30_000;

/** A pair under way, in processes or in a browser. */
interface Pair {
  readonly target: Target;
  readonly run: () => Promise<Report>;
  readonly inProcesses?: PairJudging;
  report?: Report;
}

/** Verifies targets. The results so far are known at any time. */
export class Verification {
  /** What the backends print. */
  readonly printed = new PrintedOutput();
  readonly #pairs: readonly Pair[];
  readonly #targets: readonly Target[];
  readonly #choices: VerifyChoices;
  readonly #plan: SuitePlan;
  readonly #options: VerificationOptions;
  readonly #slots: ProcessSlots;
  #failed = 0;
  #isNoted = false;
  #isFirstTold = false;
  /** When each property began that runs. */
  readonly #began = new WeakMap<Running, number>();
  /** Why the run was stopped early. */
  #cutBy: string | undefined;
  #bar: Progress | undefined;

  /** @throws InputRangeError - if a choice is out of range, before anything is started */
  constructor(targets: readonly Target[], choices: VerifyChoices, options: VerificationOptions = {}) {
    this.#plan = planSuite(choices);
    // every target is given the same cases
    this.#choices = choices.replay === undefined ? { ...choices, seed: this.#plan.seed } : choices;
    this.#options = options;
    this.#slots = new ProcessSlots(options.jobs ?? usualJobs());
    this.#targets = targets;
    this.#pairs = targets.map((target) => this.#pairOf(target));
  }

  /**
   * Runs to the end, or to the first failure with `failFast`.
   *
   * @throws CouldNotRunError - if a backend cannot be made
   */
  async run(): Promise<Report[]> {
    const bar = startProgress('Verifying', this.#total, process.stderr, undefined, LINE_EVERY);
    this.#bar = bar;
    const [first] = this.#pairs;
    if (first) bar.show(`starting ${labelOf(first)}`);
    const ticker = setInterval(() => this.#show(), 200);
    try {
      await Promise.all(inJudgingOrder(this.#pairs).map((pair) => this.#verify(pair)));
    } catch (error) {
      this.#end();
      bar.stop();
      throw error;
    } finally {
      clearInterval(ticker);
      await this.#slots.clear();
    }
    if (this.#cutBy !== undefined) return this.#known(this.#cutBy, '');
    const reports = this.#pairs.map(({ report }) => report as Report);
    const ran = reports.filter((report) => !isUnavailable(report)).length;
    const pairs = `${this.#pairs.length} pair${this.#pairs.length === 1 ? '' : 's'} of backend and engine`;
    bar.stop(`Verified ${ran} of ${pairs}, seed ${this.#plan.seed}`);
    return reports;
  }

  /** The results when a signal stops the run early. A property that was not finished has not passed. */
  stopped(by: string): Report[] {
    const running = this.#pairs.flatMap((pair) =>
      (pair.inProcesses?.running ?? []).map(({ id }) => `${id} ran on ${labelOf(pair)}`),
    );
    return this.#known(`stopped by ${by}`, running.length === 0 ? '' : ` while ${running.join(' and ')}`);
  }

  /**
   * Stops the run early: {@link run} then returns the results so far.
   *
   * @param why - such as `stopped at the first failure`
   */
  cut(why: string): void {
    this.#cutBy ??= why;
    this.#end();
  }

  /** Ends all processes, and starts no more. */
  #end(): void {
    for (const { inProcesses } of this.#pairs) inProcesses?.end();
  }

  /** How many verdicts there will be. */
  get #total(): number {
    return this.#pairs.length * this.#plan.properties.length;
  }

  /** The reports of what has been begun. */
  #known(how: string, when: string): Report[] {
    const begun = this.#pairs.filter(({ report, inProcesses }) => report ?? inProcesses?.hasBegun);
    const reports = begun.map(
      ({ report, inProcesses }) => report ?? partial(inProcesses as PairJudging, how),
    );
    const { seed } = this.#plan;
    const judged = reports.reduce((sum, report) => sum + report.properties.length, 0);
    const what = `${how}${when}: ${judged} of ${this.#total} properties judged, seed ${seed}`;
    this.#bar?.stop(what[0]?.toUpperCase() + what.slice(1));
    return reports;
  }

  #pairOf(target: Target): Pair {
    const { backend, engine } = target;
    const onJudged = (report: PropertyReport) => this.#judged(pair, report);
    if (engine !== undefined && isInBrowser(backend, engine)) {
      const choices = { ...this.#choices, backend, engine, onProgress: onJudged };
      const run = async () => {
        // loads tfjs, which nothing else here needs
        const { verifyInBrowser } = await import('../browser/verify-in-browser.js');
        return verifyInBrowser(choices);
      };
      const pair: Pair = { target, run: () => this.#slots.run('browser', run) };
      return pair;
    }
    const inProcesses = new PairJudging(target, {
      choices: this.#choices,
      slots: this.#slots,
      process: {
        timeout: this.#choices.timeout,
        memory: this.#options.memory,
        printed: this.printed,
      },
      ...this.#sharingOf(target),
      first: this.#options.first,
      onBegin: () => this.#show(),
      onJudged,
    });
    const pair: Pair = { target, inProcesses, run: () => inProcesses.run() };
    return pair;
  }

  /**
   * Backends of this package that need nothing installed are judged by the same processes, which keep the cases for
   * the next of them. Where memory is limited each has its own: it must not be charged for what others left.
   */
  #sharingOf(target: Target): Pick<PairOptions, 'sharesProcesses' | 'casesAs'> {
    const { memory = DEFAULT_MEMORY } = this.#options;
    if (!isPlain(target) || memory < DEFAULT_MEMORY) return {};
    const groupOf = ({ engine }: Target) => (engine === undefined ? 'host' : 'engine');
    const own = this.#targets.filter((other) => isPlain(other) && groupOf(other) === groupOf(target));
    return { sharesProcesses: true, casesAs: own.length > 1 ? groupOf(target) : undefined };
  }

  async #verify(pair: Pair): Promise<void> {
    const report = await pair.run();
    if (pair.inProcesses && pair.inProcesses.missing().length > 0 && !isUnavailable(report)) return; // it was cut
    pair.report = report;
    if (this.#pairs.length > 1) this.#bar?.note(pairLine(report));
  }

  #judged(pair: Pair, report: PropertyReport): void {
    const label = labelOf(pair);
    const { id, verdict, cases } = report;
    if (this.#cutBy !== undefined) return;
    if (verdict === 'failed' || verdict === 'unexpected-pass') {
      this.#failed += 1;
      this.#bar?.note(`${label}: ${propertyLine(report)}`);
      if (this.#options.failFast) this.cut('stopped at the first failure (--fail-fast)');
    }
    if (!this.#isFirstTold && this.#pairs.length > 1) {
      this.#isFirstTold = true;
      this.#bar?.note(`${label}: ${id} ${verdict}, ${cases} cases; the first of ${this.#total}`);
    }
    this.#bar?.advance(`${this.#pairs.length > 1 ? `${label}: ` : ''}${id} ${verdict}`);
  }

  /** Shows the properties that run. Failures come first, since a narrow terminal cuts the line. */
  #show(): void {
    const running = this.#pairs.flatMap((pair) =>
      (pair.inProcesses?.running ?? []).map((each) => {
        const progress = each.progress();
        if (progress.isShrinking) this.#noteFirst(pair, each.id, progress.cases);
        const began = this.#began.get(each) ?? performance.now();
        this.#began.set(each, began);
        // where there is only one it would push the case off a narrow terminal
        const label = this.#pairs.length > 1 ? labelOf(pair) : undefined;
        return runningText(label, each.id, progress, performance.now() - began);
      }),
    );
    if (running.length === 0) return;
    this.#bar?.show([...(this.#failed > 0 ? [`${this.#failed} failed`] : []), ...running].join('; '));
  }

  /**
   * Tells the first failure as soon as it is found: to find its smallest case may take many seconds more. Of later ones
   * the bar tells it.
   */
  #noteFirst(pair: Pair, id: string, cases: number): void {
    const isKnown = this.#plan.known.some((known) => known.id === id);
    if (this.#failed > 0 || this.#isNoted || isKnown) return;
    this.#isNoted = true;
    this.#bar?.note(`${labelOf(pair)}: ${id} fails at case ${cases}; looking for a smaller one`);
  }
}

/**
 * Pairs in the order in which they are judged: the first pair stays first, so that its results come soon. Of the others
 * the slowest engine comes first, so that no core is idle at the end.
 */
export function inJudgingOrder<P extends { readonly target: Target }>([first, ...rest]: readonly P[]): P[] {
  const pace = ({ target }: P) => budgetOf(target.engine).large;
  return first === undefined ? [] : [first, ...rest.sort((a, b) => pace(a) - pace(b))];
}

function partial(pair: PairJudging, how: string): Report {
  const running = pair.running.map(({ id }) => id);
  const when = running.length === 0 ? '' : ` while ${running.join(' and ')} ran`;
  return withStop(pair.report(), `${how}${when}; not judged: ${listText(pair.missing())}`);
}

/** Names, the first ones if there are many. */
function listText(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
