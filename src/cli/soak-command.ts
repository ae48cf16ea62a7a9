/**
 * `crl verify --soak MINUTES`: the suite with new seeds each round, until the time is up.
 *
 * @module
 */

import {
  makeReport,
  type PropertyReport,
  planSuite,
  type Report,
  replayCommand,
} from '../../properties/index.js';
import { STAGES } from '../../spec/index.js';
import { type Progress, startProgress, underBar } from '../support/progress.js';
import { readSoakFile, type SoakedTarget, type SoakState, soak } from '../verify/soak.js';
import { openJudgingProcess } from './judging/judging-process.js';
import { PrintedOutput } from './judging/printed-output.js';
import { isExclusive, usualJobs } from './judging/process-slots.js';
import type { Target } from './targets.js';

/** How long to soak, and where what is found goes. */
export interface SoakChoices {
  readonly minutes: number;
  readonly file: string;
  readonly seed?: number | undefined;
  readonly timeout?: number | undefined;
  /** Processes at once. Default: as many as there are cores, and no more than the free memory holds. */
  readonly jobs?: number | undefined;
  /** The most memory that a process may take, in MiB. Default 4096. */
  readonly memory?: number | undefined;
}

/** A soak under way, each backend in a process of its own. What it finds is in its file. */
export class SoakRun {
  readonly #targets: readonly Target[];
  readonly #choices: SoakChoices;
  #bar: Progress | undefined;
  /** What was found so far, earlier runs included. */
  #state: SoakState | undefined;

  constructor(targets: readonly Target[], choices: SoakChoices) {
    this.#targets = targets;
    this.#choices = choices;
  }

  /** Runs until the time is up. @returns what the file holds, of earlier runs too */
  async run(): Promise<Report[]> {
    const { minutes, file, seed, timeout, memory, jobs = usualJobs() } = this.#choices;
    const bar = startProgress('Soaking', Math.ceil(minutes * 60));
    this.#bar = bar;
    const printed = new PrintedOutput();
    const targets = this.#targets.map((target) => ({
      ...target,
      isExclusive: isExclusive(target.engine),
      open: () => openJudgingProcess(target, { timeout, memory, printed }),
    }));
    const began = performance.now();
    let shown = 0;
    const run = soak(targets, {
      minutes,
      file,
      jobs,
      ...(seed === undefined ? {} : { seed }),
      onStart: (where) => bar.show(where),
      onProgress: (state, where) => {
        this.#state = state;
        const { cases, failures } = state;
        const seconds = Math.floor((performance.now() - began) / 1000);
        bar.advance(`${where}; ${cases} cases, ${failures} failed`, seconds - shown);
        shown = seconds;
      },
    });
    const state = await underBar(bar, () => run);
    bar.stop(`Soaked ${soakedText(state)}, in ${file}`);
    return soakReports(state);
  }

  /** What was found when the soak is stopped: each property that has ended is in it. */
  stopped(by: string): Report[] {
    const { file } = this.#choices;
    const state = this.#state ?? readSoakFile(file);
    const found = state ? `soaked ${soakedText(state)}, in ${file}` : 'nothing was soaked yet';
    this.#bar?.stop(`Stopped by ${by}: ${found}`);
    return state ? soakReports(state) : [];
  }

  /** What was found so far, where the soak could not go on. */
  found(): Report[] {
    return this.#state ? soakReports(this.#state) : [];
  }
}

function soakedText({ minutes, cases, failures }: SoakState): string {
  return `${minutes.toFixed(1)} min in all: ${cases} cases, ${failures} failed`;
}

/** What a soak found as reports: a property that failed in some round has failed. */
export function soakReports(state: SoakState): Report[] {
  return state.targets.map((target) => {
    const head = {
      seed: state.seed,
      runs: state.runs,
      backend: target.backend,
      engine: target.engine,
      adapter: target.adapter,
      versions: state.versions,
      started: state.started,
      milliseconds: Math.round(state.minutes * 60_000),
    };
    return makeReport(
      head,
      planSuite().properties.map((property) => verdictOf(property, target, state)),
      STAGES,
    );
  });
}

function verdictOf(
  {
    id,
    stage,
    source,
    claim,
    required,
  }: Pick<PropertyReport, 'id' | 'stage' | 'source' | 'claim' | 'required'>,
  target: SoakedTarget,
  { runs, seed }: SoakState,
): PropertyReport {
  const { backend, engine, casesByProperty, disagreements, unavailable } = target;
  const failure = disagreements.find((report) => report.id === id);
  const cases = casesByProperty[id] ?? 0;
  if (failure) return { ...failure, cases };
  const replay = replayCommand({ backend, engine: engine ?? undefined }, id, runs, seed);
  const common = { id, stage, source, claim, cases, milliseconds: 0, replay };
  if (unavailable !== undefined) return { ...common, required, verdict: 'unavailable', reason: unavailable };
  if (cases > 0) return { ...common, required, verdict: 'passed' };
  const reason = 'no case ran: the backend declares that it cannot be asked, or the time was too short';
  return { ...common, required: false, verdict: 'skipped', reason };
}
