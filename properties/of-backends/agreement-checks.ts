/**
 * What agreement demands of a stage's result: the specification's, within the derived allowance.
 *
 * @module
 */
import type { NdArray } from 'ndarray';
import type { Backend, BalancedLoss } from '../../spec/index.js';
import type { Case } from '../cases/arbitraries.js';
import { Disagreement } from '../disagreement.js';
import { demandAllNear, demandNear, demandSame, type Subject } from '../property.js';
import { atStage } from '../stage-at-fault.js';
import {
  balancedSlopeAllowance,
  comparesLogitGradients,
  featureSlopeAllowance,
  type LogitAllowance,
  type LossAllowance,
  logitAllowance,
  lossAllowance,
  type PartAllowances,
  partAllowances,
  roundoff,
} from '../tolerance/index.js';
import { entries, plainAnchors, plainSelection, specWalk, stageOf, type Walk, wholeWalk } from '../walk.js';

/** Demands the specification’s anchors with their samples. */
export async function checkMining({ backend }: Subject, given: Case): Promise<void> {
  await demandMined(backend, given, specWalk(given));
}

/** Demands the specification’s minority classes, if the backend has that stage, and its anchors with their samples. */
export async function checkMinorityAndMining({ backend }: Subject, given: Case): Promise<void> {
  const { batch, options } = given;
  const walk = specWalk(given);
  const expected = plainSelection(walk.selection); // before the backend may write to the batch
  await atStage('selectMinority', async () => {
    const minority = await backend.selectMinority?.(batch, options);
    if (minority) demandSame('profile and minority', plainSelection(minority), expected);
  });
  await demandMined(backend, given, walk);
}

async function demandMined(backend: Backend, { batch, options }: Case, walk: Walk): Promise<void> {
  const expected = plainAnchors(walk.hard); // before the backend may write to the batch
  const got = await stageOf(backend, 'mineHardSamples')(batch, walk.selection, options);
  demandSame('anchors', plainAnchors(got), expected);
}

/** A result of the whole walk must have all three numbers; training gives L alone. */
function allParts(found: Parts): Parts {
  if (!('statistics' in found)) return found;
  const { loss = Number.NaN, rectification = Number.NaN, crossEntropy = Number.NaN } = found;
  return { loss, rectification, crossEntropy };
}

/** The parts that {@link checkParts} compares, as far as they are given. */
export type Parts = Partial<Pick<BalancedLoss, 'loss' | 'rectification' | 'crossEntropy'>>;

/** The specification’s result, and how far from it a right answer may lie. */
export interface Expected {
  readonly expected: BalancedLoss;
  /** Of L_crl without weights. */
  readonly allowance: LossAllowance;
  /** Sample weights that the result counts by. Default: 1 for all. */
  readonly weights?: ArrayLike<number>;
  /** What each entry of a gradient may be off by besides, as a share of it. Default 0. */
  readonly rounding?: number;
}

/** Computed once for the several checks of one case. */
export function expectedOf(given: Case, u: number): Expected {
  const walk = wholeWalk(given);
  return { expected: walk.balanced, allowance: lossAllowance(walk, u) };
}

/** Demands the specification’s L_crl, L_ce and L, each within its allowance. */
export function checkParts(given: Case, found: Parts, u: number, known = expectedOf(given, u)): void {
  const { expected, allowance } = known;
  demandParts(found, expected, partAllowances(given.batch, expected, allowance.loss, u));
}

/** Demands every part that was given, within its allowance. */
function demandParts(found: Parts, expected: BalancedLoss, allowed: PartAllowances): void {
  const got = allParts(found);
  for (const [part, name] of NAMES) {
    if (got[part] !== undefined) demandNear(name, got[part], expected[part], allowed[part]);
  }
}

/** The parts of a walk, and their names in messages. */
const NAMES = [
  ['rectification', 'L_crl'],
  ['crossEntropy', 'L_ce'],
  ['loss', 'L'],
] as const;

/** Demands the specification’s L, parts and counts. */
export function checkWalk(given: Case, found: BalancedLoss, u: number, known: Expected): void {
  checkParts(given, found, u, known);
  demandSame('statistics', plainStatistics(found), plainStatistics(known.expected));
}

/** Runs the whole walk on a case, and demands the specification’s L, parts, counts and gradients. */
export async function checkBalanced({ backend }: Pick<Subject, 'backend'>, given: Case): Promise<void> {
  const u = roundoff(backend.supports);
  const known = expectedOf(given, u); // before the backend may write to the batch
  const got = await backend.balancedLoss(given.batch, given.options);
  checkWalk(given, got, u, known);
  if (backend.supports.gradient) checkGradient(given, got.gradient, got.featureGradient, u, known);
}

/** From logits, demands the specification’s L, parts, counts and gradients. */
export async function checkFromLogits({ backend }: Pick<Subject, 'backend'>, given: Case): Promise<void> {
  const { batch, options } = given;
  const walk = wholeWalk(given); // before the backend may write to the batch
  const got = await backend.balancedLoss(batch, options);
  const gradient = backend.supports.gradient ? got.gradient : undefined;
  checkLogits(given, got, gradient, roundoff(backend.supports), got.featureGradient, walk);
  demandSame('statistics', plainStatistics(got), plainStatistics(walk.balanced));
}

/** Demands the specification’s L, parts, counts and gradients, of probabilities or of logits. */
export async function checkWhole(subject: Pick<Subject, 'backend'>, given: Case): Promise<void> {
  await (given.batch.fromLogits ? checkFromLogits : checkBalanced)(subject, given);
}

/** Demands the specification’s gradient of L. */
export function checkGradient(
  given: Case,
  got: NdArray,
  featureGradient: NdArray | undefined,
  u: number,
  known = expectedOf(given, u),
): void {
  const { batch, options } = given;
  const { expected, allowance, weights } = known;
  const slopes = entries(expected.gradient);
  const allowed = balancedSlopeAllowance(batch, options, slopes, allowance, u, weights);
  demandGradient('gradient', got, expected.gradient, roundedTwice(allowed, slopes, known.rounding));
  if (options.level === 'class') return;
  demandFeatureGradient(given, featureGradient, known, u);
}

/** From logits: demands the specification’s L, parts and gradients, as far as they are given. */
export function checkLogits(
  given: Case,
  found: Parts,
  gradient: NdArray | undefined,
  u: number,
  featureGradient?: NdArray,
  walk = wholeWalk(given),
  allowed = logitAllowance(given, u, undefined, walk),
  rounding = 0,
): void {
  demandParts(found, walk.balanced, allowed.parts);
  if (gradient === undefined) return;
  checkLogitGradient(given, gradient, featureGradient, { expected: walk.balanced, rounding }, allowed, u);
}

/** From logits: demands the specification’s gradients, wherever they can be compared. */
export function checkLogitGradient(
  given: Case,
  gradient: NdArray,
  featureGradient: NdArray | undefined,
  known: Omit<Expected, 'allowance'>,
  allowed: LogitAllowance,
  u: number,
): void {
  if (given.options.level === 'instance') {
    demandFeatureGradient(given, featureGradient, { ...known, allowance: allowed.rectification }, u);
  } else if (!comparesLogitGradients(given.batch, allowed)) return;
  const { gradient: slopes } = known.expected;
  const own = roundedTwice((at) => allowed.gradient[at] as number, entries(slopes), known.rounding);
  demandGradient('gradient', gradient, slopes, own);
}

/** The same, and what an entry is off by that was multiplied by a number and divided by it again. */
function roundedTwice(
  allowed: (at: number) => number,
  slopes: ArrayLike<number>,
  rounding = 0,
): (at: number) => number {
  if (rounding === 0) return allowed;
  return (at) => allowed(at) + rounding * Math.abs(slopes[at] as number);
}

function demandFeatureGradient(
  { batch, options }: Case,
  got: NdArray | undefined,
  { expected, allowance, weights, rounding }: Expected,
  u: number,
): void {
  if (got === undefined) throw new Disagreement('featureGradient', 'an array at instance level', 'none');
  const wanted = expected.featureGradient as NdArray;
  const slopes = entries(wanted);
  const allowed = featureSlopeAllowance(batch, options.alpha, slopes, allowance, u, weights);
  demandGradient('featureGradient', got, wanted, roundedTwice(allowed, slopes, rounding));
}

/** Demands a gradient of the right shape, entry by entry. */
export function demandGradient(
  what: string,
  got: NdArray,
  expected: NdArray,
  allowance: (at: number) => number,
): void {
  demandSame(`shape of the ${what}`, Array.from(got.shape), Array.from(expected.shape));
  demandAllNear(what, entries(got), entries(expected), expected.shape, allowance);
}

function plainStatistics({ statistics }: BalancedLoss): unknown {
  const { anchors, triplets } = statistics;
  return { ...(plainSelection(statistics) as object), anchors, triplets };
}
