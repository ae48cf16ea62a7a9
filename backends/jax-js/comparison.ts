/**
 * The comparisons (Eq. 9, 13, 14 to 16), computed from the distances of the pairs.
 *
 * @module
 */
import type { Options, Schema } from '../../spec/contract.js';
import { groupAttributes } from '../padded/rows.js';
import type { Distances } from './distances.js';
import { nanUnlessFinite } from './finite.js';
import {
  add,
  constant,
  constantOf,
  counting,
  cumsum,
  div,
  equal,
  floor,
  greater,
  type JaxArray,
  less,
  mask,
  maximum,
  minimum,
  mul,
  relu,
  reshape,
  square,
  sub,
  sum,
  where,
} from './operations.js';
import type { Pairs } from './pairs.js';

/** L_crl of the comparison that the options choose. */
export function compare(schema: Schema, pairs: Pairs, distances: Distances, options: Options): JaxArray {
  const { positive, negative } = distances;
  const { positives, negatives } = pairs;
  if (options.comparison === 'distribution') {
    const heights = histogram(positive, positives.valid, options);
    const others = histogram(negative, negatives.valid, options);
    // an empty side has an empty histogram: the loss and its derivative are 0 (ruling: nothing to compare)
    return sum(mul(heights, cumsum(others)));
  }
  const attributes = groupAttributes(schema, options.level);
  const margin = constant(
    attributes.map((j) => options.margin[j] as number),
    [attributes.length, 1, 1],
    positive.dtype,
  );
  return options.comparison === 'relative'
    ? relative(pairs, distances, margin)
    : absolute(pairs, distances, margin);
}

/** |T|: the sum over anchors of positives times negatives. */
export function countTriplets({ positives, negatives }: Pairs): JaxArray {
  return sum(mul(sum(positives.valid, 2), sum(negatives.valid, 2)));
}

/** Eq. 9. The largest array has G·n·κ² numbers, which are summed as they are computed. */
function relative(pairs: Pairs, { positive, negative }: Distances, margin: JaxArray): JaxArray {
  const [G, n, P] = positive.shape as [number, number, number];
  const Q = negative.shape[2] as number;
  const lead = reshape(add(margin, positive), [G, n, P, 1]);
  const excess = sub(lead, reshape(negative, [G, n, 1, Q])); // (m + d₊) − d₋ (ruling: hinge)
  const there = mul(
    reshape(pairs.positives.valid, [G, n, P, 1]),
    reshape(pairs.negatives.valid, [G, n, 1, Q]),
  );
  const total = sum(sum(mul(relu(excess), there), [2, 3]));
  const reached = where(greater(pairs.positives.valid, 0), positive, 0);
  return nanUnlessFinite([reached], div(total, maximum(countTriplets(pairs), 1)));
}

/** Eq. 13. */
function absolute(pairs: Pairs, { positive, negative }: Distances, margin: JaxArray): JaxArray {
  const near = mul(positive, pairs.positives.valid);
  const short = mul(relu(sub(margin, negative)), pairs.negatives.valid);
  const meanSquare = (x: JaxArray, valid: JaxArray) => div(total(square(x)), atLeastOne(valid));
  return mul(0.5, add(meanSquare(near, pairs.positives.valid), meanSquare(short, pairs.negatives.valid)));
}

/** τ: the heights of the histogram (Eq. 14, 15). */
function histogram(distances: JaxArray, valid: JaxArray, { bins, range }: Options): JaxArray {
  const [lo, hi] = range;
  const [rows, n, k] = distances.shape as [number, number, number];
  // a distance strictly outside of the range has derivative 0, one at its ends has not (ruling: kinks)
  const clamped = where(less(distances, lo), lo, where(greater(distances, hi), hi, distances));
  const place = div(mul(sub(clamped, lo), bins - 1), hi - lo);
  // the last bin takes d = hi (ruling: histogram)
  const bin = constantOf(minimum(maximum(floor(place), 0), bins - 2));
  const share = reshape(sub(place, bin), [rows, n * k, 1]);
  const left = reshape(bin, [rows, n * k, 1]);
  const node = counting(bins, [1, 1, bins]);
  const isLeft = mask(equal(node, left), distances);
  const isRight = mask(equal(node, add(left, 1)), distances);
  const amounts = add(mul(isLeft, sub(1, share)), mul(isRight, share));
  const counted = mul(amounts, reshape(valid, [rows, n * k, 1]));
  return div(sum(sum(counted, 1), 0), atLeastOne(valid));
}

function atLeastOne(valid: JaxArray): JaxArray {
  return maximum(total(valid), 1);
}

/** Summed by anchor first, since one long sum rounds more. */
function total(numbers: JaxArray): JaxArray {
  return sum(sum(numbers, 2));
}
