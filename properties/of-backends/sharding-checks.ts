/**
 * What the answers of replicas are checked against: the specification, by the ruling that the backend declares.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import {
  type Backend,
  type BalancedLoss,
  joinRows,
  type ReplicaLoss,
  replicaFactor,
} from '../../spec/index.js';
import type { Case } from '../cases/arbitraries.js';
import { type Spread, spreadInWords } from '../cases/sharding.js';
import { Disagreement } from '../disagreement.js';
import { demandNear, demandSame } from '../property.js';
import {
  balancedSlopeAllowance,
  comparesLogitGradients,
  featureSlopeAllowance,
  logitAllowance,
  lossAllowance,
  partAllowances,
  roundoff,
  weightedLossAllowance,
} from '../tolerance/index.js';
import { entries, wholeWalk } from '../walk.js';
import { demandGradient } from './agreement-checks.js';
import { rightLosses } from './sample-weights.js';

/** Checks the answers of all replicas by the ruling that the backend declares. */
export async function checkReplicas(
  backend: Backend,
  given: Case,
  spread: Spread,
): Promise<readonly ReplicaLoss[]> {
  const check = backend.supports.sharding === 'global' ? checkWholeBatch : checkEachShard;
  return check(backend, given, spread);
}

/** Ruling: global batch. */
async function checkWholeBatch(
  backend: Backend,
  given: Case,
  spread: Spread,
): Promise<readonly ReplicaLoss[]> {
  const u = roundoff(backend.supports);
  const right = rightAnswer(given, spread.weights, u); // before the backend may write
  const found = await answersOf(backend, given, spread);
  const words = spreadInWords(spread);
  found.forEach(({ loss }, r) => {
    demandNear(`${words}: L on replica ${r}`, loss, right.expected.loss, right.loss);
  });
  const factor = replicaFactor(spread.step.averaging, found.length);
  demandSlopes(`${words}: `, given, right, joined(found), factor, u);
  return found;
}

/** Ruling: per replica. */
async function checkEachShard(
  backend: Backend,
  given: Case,
  spread: Spread,
): Promise<readonly ReplicaLoss[]> {
  const u = roundoff(backend.supports);
  const right = spread.shards.map((batch, r) =>
    batch.size === 0 ? undefined : rightAnswer({ ...given, batch }, spread.step.weights?.[r], u),
  );
  const found = await answersOf(backend, given, spread);
  const words = spreadInWords(spread);
  found.forEach((own, r) => {
    const known = right[r];
    demandNear(`${words}: L on replica ${r}`, own.loss, known?.expected.loss ?? 0, known?.loss ?? 0);
    const batch = spread.shards[r] as Case['batch'];
    if (known) demandSlopes(`${words}: replica ${r}: `, { ...given, batch }, known, own, 1, u);
  });
  return found;
}

/** What the replicas return, in the shapes of the contract. */
async function answersOf(
  backend: Backend,
  { batch, options }: Case,
  { sizes, shards, step }: Spread,
): Promise<readonly ReplicaLoss[]> {
  const { lossOnReplicas } = backend;
  if (lossOnReplicas === undefined)
    throw new Disagreement('lossOnReplicas', 'a function, as supports.sharding declares', 'none');
  const found = await lossOnReplicas.call(backend, shards, options, step);
  if (!Array.isArray(found))
    throw new Disagreement('lossOnReplicas', 'one answer per replica', found ?? 'nothing');
  demandSame('answers of replicas', found.length, sizes.length);
  found.forEach((own: ReplicaLoss | undefined, r) => {
    const shape = (what: string, got: NdArray | undefined, expected: number[]) =>
      demandSame(`shape of the ${what} on replica ${r}`, Array.from(got?.shape ?? []), expected);
    const size = sizes[r] as number;
    shape('gradient', own?.gradient, [size, batch.scoreWidth]);
    if (options.level === 'class' || batch.features === undefined) return;
    const { perAttribute, matrices, width } = batch.features;
    shape('featureGradient', own?.featureGradient, [...(perAttribute ? [matrices.length] : []), size, width]);
  });
  return found;
}

/** The gradients of all replicas, side by side. */
function joined(found: readonly ReplicaLoss[]): Pick<ReplicaLoss, 'gradient' | 'featureGradient'> {
  const features = found.flatMap(({ featureGradient }) => featureGradient ?? []);
  return {
    gradient: joinRows(found.map(({ gradient }) => gradient)),
    ...(features.length > 0 ? { featureGradient: joinRows(features) } : {}),
  };
}

/** The specification's result of a batch, and how far from it a right answer may lie. */
interface RightAnswer {
  readonly expected: BalancedLoss;
  /** What L may be off by. */
  readonly loss: number;
  /** What each entry of ∂L/∂scores may be off by; undefined where scores are too close to compare it. */
  readonly gradient: ((at: number) => number) | undefined;
  /** What each entry of ∂L/∂features may be off by. */
  readonly featureGradient: (at: number) => number;
}

function rightAnswer(given: Case, weights: ArrayLike<number> | undefined, u: number): RightAnswer {
  const { batch, options } = given;
  const walk = wholeWalk(given, weights);
  const expected = walk.balanced;
  const logits = batch.fromLogits ? logitAllowance(given, u, weights, walk) : undefined;
  const crl = logits?.rectification ?? lossAllowance(walk, u);
  const slopes = entries(expected.gradient);
  const compares =
    logits === undefined || options.level === 'instance' || comparesLogitGradients(batch, logits);
  const ofScores = logits
    ? (at: number) => logits.gradient[at] as number
    : balancedSlopeAllowance(batch, options, slopes, crl, u, weights);
  const ofFeatures = expected.featureGradient ? entries(expected.featureGradient) : new Float64Array();
  return {
    expected,
    loss: weights
      ? weightedLossAllowance(rightLosses(given, u, walk), weights, u)
      : (logits?.parts ?? partAllowances(batch, expected, crl.loss, u)).loss,
    gradient: compares ? ofScores : undefined,
    featureGradient: featureSlopeAllowance(batch, options.alpha, ofFeatures, crl, u, weights),
  };
}

/**
 * Demands the gradients of L, each multiplied by a factor. The product with the factor and the quotient that takes
 * it out again round, so that an entry may be off by 4u of its size besides.
 */
function demandSlopes(
  words: string,
  { options }: Case,
  { expected, gradient, featureGradient }: RightAnswer,
  got: Pick<ReplicaLoss, 'gradient' | 'featureGradient'>,
  factor: number,
  u: number,
): void {
  const demandOne = (what: string, found: NdArray, right: NdArray, allowed: (at: number) => number) => {
    const slopes = entries(right);
    const allowance = (at: number) => allowed(at) + 4 * u * Math.abs(slopes[at] as number);
    demandGradient(`${words}${what}`, dividedBy(found, factor), right, allowance);
  };
  if (gradient) demandOne('gradient', got.gradient, expected.gradient, gradient);
  if (options.level === 'class') return;
  demandOne(
    'featureGradient',
    got.featureGradient as NdArray,
    expected.featureGradient as NdArray,
    featureGradient,
  );
}

/** The array divided by a number, in float64. */
function dividedBy(a: NdArray, factor: number): NdArray {
  return ndarray(
    Float64Array.from(entries(a), (x) => x / factor),
    [...a.shape],
  );
}
