/**
 * The verdicts on claims, each of which is looked at once or twice.
 *
 * @module
 */
import { pValue } from '../../src/support/interval.js';
import { ALLOWED, type CorrectedTest, holm } from './holm.js';
import { PAPER_METHOD } from './methods.js';
import type { Changes, Study } from './plan.js';
import type { StudyResults } from './results.js';
import { type Claim, claims, type Summary } from './summary.js';

/** A study with its results. */
export interface Told {
  readonly summary: Summary;
  readonly results: StudyResults;
}

/** Whether a study has finished CRL as in the paper. A study without it has only begun, and nothing is concluded from it. */
export function hasPaperRow({ summary: { rows } }: Told): boolean {
  return rows.some(({ name }) => name === PAPER_METHOD);
}

/** A claim with its verdict. */
export interface TestedClaim extends Claim, CorrectedTest {
  /** The leads of all seeds that the verdict rests on. */
  readonly tested: readonly number[];
  /** Whether it is open after the first look, and a second look is due. */
  readonly atStake: boolean;
}

/** How often a claim may be tested. */
const LOOKS = 2;

/**
 * Tests claims together. One that is open after the first look though its own p is below .05 is looked at again with
 * twice the seeds. Since a claim has two chances to be found, each p counts double before Holm's correction, and the
 * family's chance of a false finding stays below .05.
 */
export function testClaims(claims: readonly Claim[]): TestedClaim[] {
  const first = correctedTests(claims.map(({ leads }) => leads));
  const atStake = claims.map(
    ({ leads }, at) => pValue(leads) < ALLOWED && (first[at] as CorrectedTest).p >= ALLOWED,
  );
  const tested = claims.map(({ leads, later }, at) => (atStake[at] && later ? [...leads, ...later] : leads));
  const last = correctedTests(tested);
  return claims.map((claim, at) => ({
    ...claim,
    ...(last[at] as CorrectedTest),
    tested: tested[at] as readonly number[],
    atStake: atStake[at] as boolean,
  }));
}

/** The claims of each study, all tested together. */
export function testedClaims(all: readonly Told[]): TestedClaim[][] {
  const each = all.map((told) => (hasPaperRow(told) ? claims(told.summary, told.results) : []));
  const tested = testClaims(each.flat());
  return each.map((own) => tested.splice(0, own.length));
}

/** What a second look at a study trains. */
export interface SecondLook {
  readonly study: Study;
  readonly results: StudyResults;
  /** The methods of the claims that are at stake, with their chosen values. */
  readonly methods: readonly { readonly name: string; readonly changes: Changes }[];
}

/** The second looks that are due. */
export function secondLooks(all: readonly Told[]): SecondLook[] {
  const tested = testedClaims(all);
  return all.map(({ summary: { study, rows }, results }, at) => {
    const due = (tested[at] ?? []).filter(({ atStake }) => atStake);
    const methods = rows
      .filter(({ name }) => due.some(({ first, second }) => [first, second].includes(name)))
      .map(({ name, chosen }) => ({ name, changes: chosen.changes }));
    return { study, results, methods };
  });
}

function correctedTests(samples: readonly (readonly number[])[]): CorrectedTest[] {
  return holm(samples.map((leads) => Math.min(1, LOOKS * pValue(leads)))).map(({ p, confidence }) => ({
    p,
    confidence: 1 - (1 - confidence) / LOOKS,
  }));
}
