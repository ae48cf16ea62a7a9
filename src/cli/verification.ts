/**
 * A verification under way: backends judged one after the other, each in a process of its own, under one bar.
 *
 * @module
 */
import {
  makeReport,
  type PropertyReport,
  planSuite,
  type Report,
  type SuitePlan,
  withProblem,
} from '../../properties/index.js';
import { STAGES } from '../../spec/choices.js';
import { BROWSER_BACKENDS } from '../browser/page/plan.js';
import { BROWSER_ENGINE_NAMES, verifyInBrowser } from '../browser/verify-in-browser.js';
import { type Progress, startProgress } from '../support/progress.js';
import { versions } from '../support/versions.js';
import { isUnavailable } from '../verify/report/outcome.js';
import type { Session } from '../verify/session.js';
import { type VerifyChoices, verifyThrough } from '../verify/verify.js';
import { openJudgingProcess } from './judging/judging-process.js';
import { PrintedOutput } from './judging/printed-output.js';
import { type Target, targetText } from './targets.js';

/** What is being judged, and what is known of it. */
interface Current {
  readonly target: Target;
  readonly session?: Pick<Session, 'backend'>;
  readonly started: string;
  readonly done: PropertyReport[];
  /** The property that runs. */
  property?: string;
}

/** Verifies targets, and knows at any time what has been found. */
export class Verification {
  /** What the backends print. */
  readonly printed = new PrintedOutput();
  readonly #targets: readonly Target[];
  readonly #choices: VerifyChoices;
  readonly #plan: SuitePlan;
  readonly #reports: Report[] = [];
  #current: Current | undefined;
  #bar: Progress | undefined;

  /** @throws InputRangeError - if a choice is out of range, before anything is started */
  constructor(targets: readonly Target[], choices: VerifyChoices) {
    this.#targets = targets;
    this.#plan = planSuite(choices);
    // every target is given the same cases
    this.#choices = choices.replay === undefined ? { ...choices, seed: this.#plan.seed } : choices;
  }

  /** Runs to the end. */
  async run(): Promise<Report[]> {
    const total = this.#targets.length * this.#plan.properties.length;
    this.#bar = startProgress('Verifying', total);
    try {
      for (const target of this.#targets) this.#reports.push(await this.#verify(target));
    } catch (error) {
      this.#bar.stop();
      throw error;
    }
    const ran = this.#reports.filter((report) => !isUnavailable(report)).length;
    this.#bar.stop(
      `Verified ${ran} of ${this.#targets.length} pairs of backend and engine, seed ${this.#plan.seed}`,
    );
    return this.#reports;
  }

  /** What is known when it is stopped before its end; the report of what was running has not passed. */
  stopped(by: string): Report[] {
    const { target, done = [], property, started, session } = this.#current ?? {};
    const { properties, runs, seed, stale, level } = this.#plan;
    const all = this.#targets.length * properties.length;
    const judged = done.length + this.#reports.reduce((sum, report) => sum + report.properties.length, 0);
    const where =
      target === undefined ? '' : ` while ${property ?? 'it was made'} ran on ${targetText(target)}`;
    this.#bar?.stop(`Stopped by ${by}${where}: ${judged} of ${all} properties judged, seed ${seed}`);
    if (target === undefined || started === undefined) return this.#reports;
    const head = {
      seed,
      runs,
      backend: session?.backend.name ?? target.backend,
      engine: session?.backend.engine ?? target.engine ?? null,
      adapter: session?.backend.adapter ?? null,
      supports: session?.backend.supports,
      level,
      versions: versions(),
      started,
      milliseconds: Date.now() - Date.parse(started),
    };
    const problem = `stopped by ${by}${where}; ${properties.length - done.length} properties were not judged`;
    return [...this.#reports, withProblem(makeReport(head, done, STAGES, stale), problem)];
  }

  async #verify(target: Target): Promise<Report> {
    const done: PropertyReport[] = [];
    this.#current = { target, started: new Date().toISOString(), done };
    this.#bar?.show(`starting ${targetText(target)}`);
    const onProgress = (report: PropertyReport) => {
      done.push(report);
      this.#bar?.advance(`${targetText(target)}: ${report.id} ${report.verdict}`);
    };
    const { backend, engine } = target;
    const choices = { ...this.#choices, onProgress };
    const inBrowser = BROWSER_ENGINE_NAMES.find((name) => name === engine);
    const ofTfjs = BROWSER_BACKENDS.find((name) => name === backend);
    const report =
      inBrowser !== undefined && ofTfjs !== undefined
        ? await verifyInBrowser({ ...choices, backend: ofTfjs, engine: inBrowser })
        : await verifyThrough(() => this.#open(target), {
            ...choices,
            replayAs: backend,
            ...(engine === undefined ? {} : { engine }),
          });
    this.#current = undefined;
    return report;
  }

  /** What is being asked, with the most telling part first: a narrow terminal shows no more. */
  #asking(target: Target, id: string, cases: number): string {
    const stage = this.#plan.properties.find((property) => property.id === id)?.stage;
    const { done } = this.#current as Current;
    const failed = [...this.#reports.flatMap((report) => report.properties), ...done].filter(
      ({ verdict }) => verdict === 'failed' || verdict === 'unexpected-pass',
    ).length;
    return [
      `${targetText(target)}: ${id}`,
      ...(cases > 0 ? [`case ${cases}`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(stage === undefined ? [] : [stage]),
    ].join(', ');
  }

  /** A session in a process of its own, whose work the bar shows. */
  async #open(target: Target): Promise<Session> {
    const { timeout } = this.#choices;
    const session = await openJudgingProcess(target, { timeout, printed: this.printed });
    const { started, done } = this.#current as Current;
    const current: Current = { target, session, started, done };
    this.#current = current;
    return {
      backend: session.backend,
      close: session.close,
      judge: async (id, how) => {
        current.property = id;
        const show = () => this.#bar?.show(this.#asking(target, id, session.casesBegun()));
        const ticker = setInterval(show, 200);
        show();
        try {
          return await session.judge(id, how);
        } finally {
          clearInterval(ticker);
        }
      },
    };
  }
}
