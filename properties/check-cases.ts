/**
 * Runs the cases of one property: those that are drawn, those that the search makes of them, and smaller ones once
 * one has failed.
 *
 * @module
 */
import fc from 'fast-check';
import type { Backend, Stage } from '../spec/index.js';
import { described, outOfRange } from '../spec/rules.js';
import { type Budget, LARGE, LargeCases } from './budgets.js';
import type { Case } from './cases/arbitraries.js';
import { sampleNumbered } from './cases/in-turn.js';
import { plainCase } from './cases/plain.js';
import { numbered } from './cases/planned.js';
import { shrunkWhile } from './cases/shrunk-while.js';
import { Facts, Tally, type Way } from './coverage/index.js';
import type { KeptCases, KeptSequence } from './kept-cases.js';
import { MOST_SHRINKS, type Property, type Subject, UnansweredError } from './property.js';
import { pathParts } from './replay.js';
import type { PropertyReport } from './report.js';
import { mutatedCase } from './search/mutated-case.js';
import { NearestCases } from './search/nearest-cases.js';
import { takeShare } from './tolerance/used.js';
import { transformed } from './transformation.js';
import { keepWalk, specWalk, type Walk } from './walk.js';

/** Which cases to run. */
export interface CasesWanted {
  /** Cases per property, before its own factor and the engine's budget. */
  readonly runs: number;
  readonly seed: number;
  /** Called before each case runs, with its path. */
  readonly onCase?: ((path: string) => void) | undefined;
  /** Where cases are kept for the backends that are judged next. Default: nowhere. */
  readonly kept?: KeptCases | undefined;
}

/** The path of the case that runs, as fast-check counts: the run, then the smaller case tried at each step. */
class CasePath {
  readonly #failed: number[] = [];
  readonly #first: string | undefined;
  #at = -1;

  /** @param first - the path of the case that runs first, if the search has made it */
  constructor(first?: string) {
    this.#first = first;
  }

  next(): string {
    this.#at += 1;
    const [drawn, ...steps] = [...this.#failed, this.#at];
    return [this.#first ?? drawn, ...steps].join(':');
  }

  failed(): void {
    this.#failed.push(this.#at);
    this.#at = -1;
  }
}

/** What the cases of a property met: conditions, and the limits of tolerances. */
export class Met {
  readonly nearest = new NearestCases();
  readonly #tally: Tally;
  #worst: number | undefined;

  readonly #ways: (given: Case) => Iterable<Way>;

  constructor({ stage, ways }: Pick<Property, 'stage' | 'ways'>, subject: Subject) {
    this.#tally = new Tally(stage);
    this.#ways = (given) => ways?.(subject, given) ?? [];
  }

  /** Before a case runs, since the backend may write to the batch. @param kept - where it may be known already */
  begin(given: Case, kept?: KeptSequence): void {
    const known = kept?.knownOf(given);
    const walk = known === undefined ? this.#count(given, kept) : known.walk;
    if (known !== undefined) this.#tally.addMet(known.met);
    this.#tally.addWays(this.#ways(given));
    if (walk) keepWalk(given, walk);
    takeShare();
  }

  #count(given: Case, kept: KeptSequence | undefined): Walk | undefined {
    const facts = new Facts(given);
    const met = this.#tally.add(facts);
    const walk = facts.walkSoFar;
    kept?.learn(given, { met, walk });
    return walk;
  }

  /** After a case has passed. */
  passed(path: string, { batch }: Case): void {
    const share = takeShare();
    if (batch.size <= LARGE) this.nearest.note(path, share); // to change large ones would take the time of many
    if (share !== undefined) this.#worst = Math.max(share, this.#worst ?? 0);
  }

  told(): Pick<PropertyReport, 'coverage' | 'worst'> {
    const worst = this.#worst === undefined ? {} : { worst: this.#worst };
    return { coverage: this.#tally.coverage(), ...worst };
  }
}

/** What became of the cases of a property. */
export interface Checked {
  readonly failed: boolean;
  /** Cases that ran. */
  readonly numRuns: number;
  readonly numShrinks: number;
  readonly errorInstance: unknown;
  /** Of the smallest case that failed. */
  readonly path: string | null;
}

/** One case in so many is one that the search has made. */
const SEARCHED = 10;

/**
 * Runs the cases that are drawn; then, if the property is searched, cases that change those which came nearest
 * to the limit of a tolerance.
 */
export async function checkAll(
  property: Property,
  subject: Subject,
  arbitrary: fc.Arbitrary<Case>,
  { runs, seed, onCase, kept: all }: CasesWanted,
  met: Met,
  budget: Budget,
): Promise<Checked> {
  const numRuns = Math.ceil(budget.cases * (property.runs?.(runs) ?? runs));
  const searched = property.search === true ? Math.floor(numRuns / SEARCHED) : 0;
  const drawn = numRuns - searched;
  const large = new LargeCases(budget);
  const kept = all?.sequence(property.id, seed, subject.backend.supports);
  const run = async (
    cases: fc.Arbitrary<Case>,
    only: object,
    first?: string,
    place = 0,
  ): Promise<Checked> => {
    const tries = new Tries(property.shrinks);
    const check = boundedCheck(property, subject, { onCase, met, tries, large, first, kept });
    const bounded = shrunkWhile(numbered(cases, seed, place), () => tries.areLeft);
    const found = await fc.check(fc.asyncProperty(bounded, check), { seed, ...only });
    return { ...found, path: found.counterexamplePath };
  };
  const found = await run(kept?.drawing(arbitrary) ?? arbitrary, { numRuns: drawn });
  if (found.failed) return { ...found, numRuns: found.numRuns - large.leftOut };
  for (let step = 0; step < searched; step++) {
    // where every case is exact there is no limit to approach: then any case is changed
    const from = met.nearest.at(step) ?? String(Math.floor((step * drawn) / searched));
    const first = `${from}+${step}`;
    const { drawn: place, mutations } = pathParts(first);
    const one = await run(mutated(arbitrary, mutations), { numRuns: 1, path: String(place) }, first, place);
    if (!one.failed) continue;
    const path = one.path?.replace(/^\d+/, first) ?? first;
    return { ...one, numRuns: drawn + step + 1 - large.leftOut, path };
  }
  return { ...found, numRuns: numRuns - large.leftOut };
}

/** Cases with the changes of the search; they shrink as those shrink that they are made of. */
function mutated(arbitrary: fc.Arbitrary<Case>, mutations: readonly number[]): fc.Arbitrary<Case> {
  return mutations.length === 0 ? arbitrary : arbitrary.map((given) => mutations.reduce(mutatedCase, given));
}

/** The tries for smaller cases, which begin once a case has failed. */
class Tries {
  readonly #most: number;
  #used = -1;

  constructor(most = MOST_SHRINKS) {
    this.#most = most;
  }

  get haveBegun(): boolean {
    return this.#used >= 0;
  }

  get areLeft(): boolean {
    return this.#used <= this.#most;
  }

  /** A large batch counts for several: for as many as it has times {@link LARGE} samples. */
  count({ batch }: Case): void {
    if (this.haveBegun) this.#used += Math.ceil(batch.size / LARGE);
  }

  /** A case failed: smaller ones are tried, unless each try would take as long as the backend was waited for. */
  failed(error: unknown): void {
    this.#used = error instanceof UnansweredError ? Number.POSITIVE_INFINITY : Math.max(this.#used, 0);
  }
}

/** What accompanies the cases of a property. */
interface Checking {
  readonly onCase: CasesWanted['onCase'];
  readonly met: Met;
  readonly tries: Tries;
  readonly large: LargeCases;
  /** The path of the first case, if the search has made it. */
  readonly first: string | undefined;
  readonly kept: KeptSequence | undefined;
}

/** The stages that were given the plain batch, of each backend. */
const begun = new WeakMap<object, Set<Stage>>();

/**
 * Gives a stage of a backend a plain batch before its first case, whatever is drawn, so that a backend that takes later
 * batches to be like its first one is found. Only this stage is called, so that the fault of another does not fail it.
 */
async function begin({ backend }: Subject, stage: Stage): Promise<void> {
  const stages = begun.get(backend) ?? new Set();
  begun.set(backend, stages);
  if (stages.has(stage)) return;
  stages.add(stage);
  await transformed('the plain batch of six samples that comes first', () => askPlainly(backend, stage));
}

async function askPlainly(backend: Backend, stage: Stage): Promise<unknown> {
  const plain = plainCase(backend.supports);
  const { batch, options } = plain;
  const { selection, hard, triplets } = specWalk(plain);
  return {
    selectMinority: () => backend.selectMinority?.(batch, options),
    mineHardSamples: () => backend.mineHardSamples?.(batch, selection, options),
    formTriplets: () => backend.formTriplets?.(hard, options),
    rectificationLoss: () => backend.rectificationLoss?.(batch, hard, triplets, options),
    balancedLoss: () => backend.balancedLoss(batch, options),
  }[stage]();
}

/** The check; once the tries for smaller cases are used up it passes everything, which ends the shrinking. */
function boundedCheck(
  { check, stage }: Property,
  subject: Subject,
  { onCase, met, tries, large, first, kept }: Checking,
): (given: Case) => Promise<void> {
  const path = new CasePath(first);
  return async (given) => {
    const at = path.next();
    tries.count(given);
    if (!tries.areLeft) return;
    if (!tries.haveBegun) {
      if (large.leavesOut(given.batch)) return;
      met.begin(given, kept);
    }
    onCase?.(at);
    try {
      await begin(subject, stage);
      await check(subject, given);
      if (!tries.haveBegun) met.passed(at, given);
    } catch (error) {
      path.failed();
      tries.failed(error);
      throw error;
    }
  };
}

/** The case at a path: drawn from the seed, then shrunk step by step. */
export function draw(arbitrary: fc.Arbitrary<Case>, seed: number, path: string): Case | undefined {
  const { mutations, shrunk } = pathParts(path);
  return sampleNumbered(mutated(arbitrary, mutations), { seed, path: shrunk, numRuns: 1 })[0];
}

/** What fast-check would report of one case; its own replay would run further cases where this one passes. */
export async function checkOne(
  { check, id, stage }: Property,
  subject: Subject,
  given: Case | undefined,
  onCase: () => void,
): Promise<Checked> {
  if (given === undefined)
    outOfRange(
      'option-out-of-range',
      'replay',
      `the path of a case of ${id} in this version`,
      described('another'),
    );
  const one = { numRuns: 1, numShrinks: 0, path: null };
  onCase();
  try {
    await begin(subject, stage);
    await check(subject, given);
    return { ...one, failed: false, errorInstance: undefined };
  } catch (errorInstance) {
    return { ...one, failed: true, errorInstance };
  }
}
