/**
 * A verification under way: pairs of backend and engine, judged by as many processes as there are cores, under one
 * bar.
 *
 * @module
 */
import {
  type PropertyReport,
  planSuite,
  type Report,
  type SuitePlan,
  withProblem,
} from '../../properties/index.js';
import { BROWSER_BACKENDS } from '../browser/page/plan.js';
import { BROWSER_ENGINE_NAMES, verifyInBrowser } from '../browser/verify-in-browser.js';
import { type Progress, startProgress } from '../support/progress.js';
import { isUnavailable, pairLine, propertyLine } from '../verify/report/outcome.js';
import type { VerifyChoices } from '../verify/verify.js';
import { PairJudging } from './judging/pair-judging.js';
import { PrintedOutput } from './judging/printed-output.js';
import { ProcessSlots, usualJobs } from './judging/process-slots.js';
import { type Target, targetText } from './targets.js';

/** How a verification runs. */
export interface VerificationOptions {
  /** Processes at once. Default: as many as there are cores, and no more than the free memory holds. */
  readonly jobs?: number | undefined;
}

/** A pair under way, in processes or in a browser. */
interface Pair {
  readonly target: Target;
  readonly run: () => Promise<Report>;
  readonly inProcesses?: PairJudging;
  report?: Report;
}

/** Verifies targets, and knows at any time what has been found. */
export class Verification {
  /** What the backends print. */
  readonly printed = new PrintedOutput();
  readonly #pairs: readonly Pair[];
  readonly #choices: VerifyChoices;
  readonly #plan: SuitePlan;
  readonly #slots: ProcessSlots;
  #failed = 0;
  #bar: Progress | undefined;

  /** @throws InputRangeError - if a choice is out of range, before anything is started */
  constructor(targets: readonly Target[], choices: VerifyChoices, options: VerificationOptions = {}) {
    this.#plan = planSuite(choices);
    // every target is given the same cases
    this.#choices = choices.replay === undefined ? { ...choices, seed: this.#plan.seed } : choices;
    this.#slots = new ProcessSlots(options.jobs ?? usualJobs());
    this.#pairs = targets.map((target) => this.#pairOf(target));
  }

  /** Runs to the end. @throws CouldNotRunError - if a backend cannot be made */
  async run(): Promise<Report[]> {
    const bar = startProgress('Verifying', this.#pairs.length * this.#plan.properties.length);
    this.#bar = bar;
    const [first] = this.#pairs;
    if (first) bar.show(`starting ${targetText(first.target)}`);
    const ticker = setInterval(() => this.#show(), 200);
    try {
      const reports = await Promise.all(this.#pairs.map((pair) => this.#verify(pair)));
      const ran = reports.filter((report) => !isUnavailable(report)).length;
      bar.stop(
        `Verified ${ran} of ${this.#pairs.length} pairs of backend and engine, seed ${this.#plan.seed}`,
      );
      return reports;
    } catch (error) {
      for (const { inProcesses } of this.#pairs) inProcesses?.end();
      bar.stop();
      throw error;
    } finally {
      clearInterval(ticker);
    }
  }

  /** What is known when it is stopped before its end; the reports of what was not finished have not passed. */
  stopped(by: string): Report[] {
    const begun = this.#pairs.filter(({ report, inProcesses }) => report ?? inProcesses?.hasBegun);
    const reports = begun.map((pair) => pair.report ?? this.#partial(pair, by));
    const { properties, seed } = this.#plan;
    const judged = reports.reduce((sum, report) => sum + report.properties.length, 0);
    const all = this.#pairs.length * properties.length;
    const ran = this.#pairs.flatMap(({ target, inProcesses }) =>
      (inProcesses?.running ?? []).map(({ id }) => `${id} ran on ${targetText(target)}`),
    );
    const when = ran.length === 0 ? '' : ` while ${ran.join(' and ')}`;
    this.#bar?.stop(`Stopped by ${by}${when}: ${judged} of ${all} properties judged, seed ${seed}`);
    return reports;
  }

  #partial({ inProcesses }: Pair, by: string): Report {
    const pair = inProcesses as PairJudging;
    const running = pair.running.map(({ id }) => id);
    const when = running.length === 0 ? '' : ` while ${running.join(' and ')} ran`;
    return withProblem(pair.report(), `stopped by ${by}${when}; not judged: ${pair.missing().join(', ')}`);
  }

  #pairOf(target: Target): Pair {
    const { backend, engine } = target;
    const inBrowser = BROWSER_ENGINE_NAMES.find((name) => name === engine);
    const ofTfjs = BROWSER_BACKENDS.find((name) => name === backend);
    const onJudged = (report: PropertyReport) => this.#judged(target, report);
    if (inBrowser !== undefined && ofTfjs !== undefined) {
      const choices = { ...this.#choices, backend: ofTfjs, engine: inBrowser, onProgress: onJudged };
      return { target, run: () => this.#slots.run('browser', () => verifyInBrowser(choices)) };
    }
    const inProcesses = new PairJudging(target, {
      choices: this.#choices,
      slots: this.#slots,
      process: { timeout: this.#choices.timeout, printed: this.printed },
      onBegin: () => this.#show(),
      onJudged,
    });
    return { target, inProcesses, run: () => inProcesses.run() };
  }

  async #verify(pair: Pair): Promise<Report> {
    pair.report = await pair.run();
    if (this.#pairs.length > 1) this.#bar?.note(pairLine(pair.report));
    return pair.report;
  }

  #judged(target: Target, report: PropertyReport): void {
    const { id, verdict } = report;
    if (verdict === 'failed' || verdict === 'unexpected-pass') {
      this.#failed += 1;
      this.#bar?.note(`${targetText(target)}: ${propertyLine(report)}`);
    }
    this.#bar?.advance(`${targetText(target)}: ${id} ${verdict}`);
  }

  /** Shows what runs, with the most telling part first: a narrow terminal shows no more. */
  #show(): void {
    const running = this.#pairs.flatMap(({ target, inProcesses }) =>
      (inProcesses?.running ?? []).map(({ id, casesBegun }) => {
        const cases = casesBegun();
        return `${targetText(target)}: ${id}${cases > 0 ? `, case ${cases}` : ''}`;
      }),
    );
    if (running.length === 0) return;
    this.#bar?.show([...(this.#failed > 0 ? [`${this.#failed} failed`] : []), ...running].join('; '));
  }
}
