/**
 * What may be wrong with L_crl and its gradient, by comparison (Eq. 9, 13, 16).
 *
 * @module
 */
import type { Pair, Side } from '../../spec/index.js';
import {
  featuresOf,
  formPairs,
  hingeArgument,
  histogram,
  histogramPlace,
  pairDistance,
  tripletPairs,
} from '../../spec/index.js';
import { tabulate } from '../cases/tabulate.js';
import { computedOnce, type Judged } from '../walk.js';
import { sumError, underflow } from './rounding.js';

/** What may be wrong with L_crl and with each entry of its gradient. */
export interface LossAllowance {
  readonly loss: number;
  /** In the order of the gradient's data: n×S, n×d or J×n×d. */
  readonly gradient: Float64Array;
}

/**
 * Allowances of L_crl and its gradient.
 *
 * A hinge, histogram node or end of the range within rounding is judged as a kink: either side's
 * derivative passes, so what lies between them is added. Where all numbers are short binary
 * fractions no order of evaluation rounds, and nothing is forgiven.
 *
 * @param u - the backend's unit roundoff
 * @param inputError - absolute error of its scores; 0 where it is given what it can hold
 */
export function lossAllowance(judged: Judged, u: number, inputError = 0): LossAllowance {
  return computedOnce(judged, `loss ${u} ${inputError}`, () => allowanceOf(judged, u, inputError));
}

function allowanceOf(judged: Judged, u: number, inputError: number): LossAllowance {
  const error = new ErrorSum(judged, u, inputError);
  const of = { relative: relativeError, absolute: absoluteError, distribution: distributionError };
  const smallest = underflow(u);
  const loss = of[judged.options.comparison](judged, error) + smallest;
  return { loss, gradient: error.gradient.map((amount) => amount + smallest) };
}

/** Errors of slopes, added up where the chain rule takes them. */
class ErrorSum {
  readonly gradient: Float64Array;
  /** A root of float32 may be rounded, where float64’s is exact for exact squares. */
  private readonly exactRoots: boolean;
  /** Relative error of a distance, and of its direction. */
  private readonly relative: number;

  constructor(
    private readonly judged: Judged,
    readonly u: number,
    readonly inputError: number,
  ) {
    const { batch, options } = judged;
    const { size, scoreWidth, features, attributes } = batch;
    const width = features?.width ?? 0;
    const matrices = features?.perAttribute ? attributes.length : 1;
    this.gradient = new Float64Array(options.level === 'class' ? size * scoreWidth : matrices * size * width);
    this.relative = options.level === 'class' ? 2 * u : (width + 8) * u;
    this.exactRoots = options.level === 'class' || u <= 2 ** -53;
  }

  /**
   * Whether distances are those of the specification, bit for bit, so that only another order of evaluation
   * than (m + d₊) − d₋ moves the kink of a hinge (rulings: features, hinge). That is so in float64 at instance
   * level. At class level a walk may take the anchor's score out of the sum, since it counts on both sides.
   */
  get hasRuledDistances(): boolean {
    return this.judged.options.level === 'instance' && this.exactRoots && this.inputError === 0;
  }

  distance(pair: Pair, side: Side): number {
    return pairDistance(this.judged.batch, this.judged.options, pair, side);
  }

  /**
   * Whether any order of evaluation gives this distance. What it was taken of must be short too: 1 − 2^-60 is
   * 1, but (m + p) − q told apart from m + (p − q).
   */
  isExact(pair: Pair, distance: number): boolean {
    if (!this.exactRoots || this.inputError > 0 || !isShort(distance)) return false;
    const { batch, options } = this.judged;
    if (options.level === 'instance') return this.differsShortly(pair);
    const column = batch.columns[batch.attributes[pair.attribute]?.columns[pair.class] as number];
    const score = (i: number) => batch.scores.get(i, column?.score as number);
    return isShort(score(pair.anchor)) && isShort(score(pair.other));
  }

  /** Whether the components that a distance is the root of are short. */
  private differsShortly({ anchor, other, attribute }: Pair): boolean {
    const features = featuresOf(this.judged.batch, attribute);
    for (let t = 0; t < (features.shape[1] as number); t++) {
      if (!isShort(features.get(anchor, t) - features.get(other, t))) return false;
    }
    return true;
  }

  /** Absolute error of a distance of this size. */
  ofDistance(distance: number): number {
    return Math.abs(distance) * this.relative + 2 * this.inputError;
  }

  /** A slope of this size with this error reaches the anchor and the other sample. */
  add({ anchor, other, attribute, class: k }: Pair, slope: number, error: number): void {
    const { batch, options } = this.judged;
    const amount = error + Math.abs(slope) * 2 * this.relative;
    for (const i of [anchor, other]) {
      if (options.level === 'class') {
        const column = batch.columns[batch.attributes[attribute]?.columns[k] as number];
        this.raise(i * batch.scoreWidth + (column?.score as number), amount);
      } else {
        const width = batch.features?.width as number;
        const row = (batch.features?.perAttribute ? attribute * batch.size : 0) + i;
        for (let t = 0; t < width; t++) this.raise(row * width + t, amount);
      }
    }
  }

  private raise(at: number, amount: number): void {
    this.gradient[at] = (this.gradient[at] as number) + amount;
  }
}

function relativeError({ batch, options, triplets }: Judged, error: ErrorSum): number {
  const count = triplets.shape[0] as number;
  const sum = sumError(count, error.u);
  let worst = 0;
  for (let t = 0; t < count; t++) {
    const { positive, negative } = tripletPairs(triplets, t);
    const margin = options.margin[positive.attribute] as number;
    const near = error.distance(positive, 'positive');
    const far = error.distance(negative, 'negative');
    const excess = hingeArgument(batch, triplets, t, options);
    const size = margin + Math.abs(near) + Math.abs(far);
    const rounding = 4 * error.u * (size + 1) + 2 * (error.ofDistance(near) + error.ofDistance(far));
    const exact = isShort(margin) && error.isExact(positive, near) && error.isExact(negative, far);
    const isRuled = exact || error.hasRuledDistances;
    const kink = !isRuled && Math.abs(excess) <= rounding ? 1 : 0;
    for (const pair of [positive, negative]) error.add(pair, 1 / count, (sum + kink) / count);
    worst = Math.max(worst, rounding + sum * (size + 1));
  }
  return worst;
}

function absoluteError({ hard, options }: Judged, error: ErrorSum): number {
  const pairs = formPairs(hard);
  return (['positive', 'negative'] as const).reduce((total, side) => {
    const own = pairs[side];
    const sum = sumError(own.length, error.u);
    let worst = 0;
    for (const pair of own) {
      const distance = error.distance(pair, side);
      const margin = side === 'positive' ? 0 : (options.margin[pair.attribute] as number);
      const value = Math.abs(distance) + margin;
      const rounding = 4 * error.u * value + error.ofDistance(distance);
      error.add(pair, value / own.length, (rounding + sum * value) / own.length);
      worst = Math.max(worst, (2 * value + rounding) * rounding + sum * value * value); // (x + e)² − x²
    }
    return total + worst;
  }, 0);
}

function distributionError({ hard, options }: Judged, error: ErrorSum): number {
  const pairs = formPairs(hard);
  if (pairs.positive.length === 0 || pairs.negative.length === 0) return 0;
  const [lo, hi] = options.range;
  const density = (options.bins - 1) / (hi - lo);
  const sides = { positive: 'negative', negative: 'positive' } as const;
  const histograms = {
    positive: histogram(
      pairs.positive.map((pair) => error.distance(pair, 'positive')),
      options,
    ),
    negative: histogram(
      pairs.negative.map((pair) => error.distance(pair, 'negative')),
      options,
    ),
  };
  /** How far a pair's place among the nodes may be off, in bins. */
  const shift = (distance: number) =>
    density * (error.ofDistance(distance) + 4 * error.u * (Math.abs(distance) + Math.abs(lo) + Math.abs(hi)));
  const sum = sumError(pairs.positive.length + pairs.negative.length + options.bins, error.u);
  // one by one: a list as arguments of Math.max overflows the stack of a browser's worker beyond about 60,000 pairs
  let largestShift = 0;
  for (const side of ['positive', 'negative'] as const)
    for (const pair of pairs[side]) largestShift = Math.max(largestShift, shift(error.distance(pair, side)));
  for (const side of ['positive', 'negative'] as const) {
    const rival = histograms[sides[side]];
    // what a step to the next node changes: the rival's mass at the node entered (h−) or left (h+)
    const steps = tabulate(options.bins - 1, (b) =>
      side === 'positive' ? (rival[b + 1] as number) : -(rival[b] as number),
    );
    for (const pair of pairs[side]) {
      const distance = error.distance(pair, side);
      const weight = density / pairs[side].length;
      const { bin } = histogramPlace(distance, options);
      const place = (distance - lo) * density;
      const off = shift(distance);
      const nearNode = Math.abs(place - Math.round(place)) <= off && place > -1 && place < options.bins;
      const exact = error.isExact(pair, distance) && isShort(lo) && isShort(density);
      const own = steps[bin] as number;
      const beside = Math.max(
        ...[bin - 1, bin + 1].map((b) => Math.abs((steps[b] ?? 0) - own)),
        Math.abs(own),
      );
      const kink = nearNode && !exact ? beside : 0;
      error.add(pair, Math.abs(own) * weight, (kink + 2 * largestShift + 2 * sum) * weight);
    }
  }
  return 4 * largestShift + 4 * sum;
}

/** A binary fraction so short that sums and products of a few of them are exact in float32. */
function isShort(x: number): boolean {
  return Math.abs(x) <= 64 && Number.isInteger(x * 2048);
}
