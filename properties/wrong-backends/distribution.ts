/**
 * Wrong distribution comparisons (Eq. 14 to 16).
 *
 * @module
 */
import {
  type Batch,
  type Compared,
  formPairs,
  type HardSamples,
  histogram,
  histogramPlace,
  type Options,
  type Pair,
  pairDistance,
  rectificationLoss,
  type Side,
} from '../../spec/index.js';
import type { Stages } from './compose.js';
import { lossBy, overlap, slopesBy, sum } from './replace.js';
import { type WrongBackend, wrongStages } from './wrong-backend.js';

/** Wrong backends of the distribution comparison. */
export const distribution: readonly WrongBackend[] = [
  wrongStages(
    'distribution-ignored',
    'the distribution comparison silently replaced by the relative one',
    'loss-agrees',
    {
      rectificationLoss(batch, hard, triplets, options) {
        const comparison = options.comparison === 'distribution' ? 'relative' : options.comparison;
        return rectificationLoss(batch, hard, triplets, { ...options, comparison });
      },
    },
  ),
  wrongStages(
    'nearest-node',
    'a distance counted at its nearest node only',
    'loss-agrees',
    histograms((distances, options) => {
      const { bins } = options;
      return shared(distances, bins, (d) => {
        const { bin, share } = histogramPlace(d, options);
        return [[Math.round(bin + share), 1]];
      });
    }),
  ),
  wrongStages(
    'outside-dropped',
    'distances outside the range dropped instead of clamped',
    'loss-agrees',
    histograms((distances, options) => {
      const inside = distances.filter((d) => !histogramPlace(d, options).outside);
      return inside.length === 0 ? new Array(options.bins).fill(0) : histogram(inside, options);
    }),
  ),
  wrongStages(
    'nodes-too-close',
    'Δ = (hi − lo)/τ: the last node stands before hi',
    'loss-agrees',
    histograms((distances, { bins, range: [lo, hi] }) =>
      shared(distances, bins, (d) => {
        const place = Math.min(bins - 1, (Math.max(0, d - lo) * bins) / (hi - lo));
        const bin = Math.floor(place);
        return [
          [bin, 1 - (place - bin)],
          [bin + 1, place - bin],
        ];
      }),
    ),
  ),
  wrongStages(
    'falls-off-the-end',
    'd = hi is counted in no bin',
    'loss-agrees',
    histograms((distances, options) => {
      const { bins } = options;
      return shared(distances, bins, (d) => {
        const { bin, share } = histogramPlace(d, options);
        return bin + share === bins - 1
          ? []
          : [
              [bin, 1 - share],
              [bin + 1, share],
            ];
      });
    }),
  ),
  wrongStages(
    'histograms-pooled',
    'both histograms divided by all pairs',
    'loss-agrees',
    histograms((distances, options, all) =>
      histogram(distances, options).map((h) => (h * distances.length) / all),
    ),
  ),
  wrongStages(
    'histograms-unnormalised',
    'histograms of counts',
    'loss-agrees',
    histograms((distances, options) => histogram(distances, options).map((h) => h * distances.length)),
  ),
  wrongStages(
    'strictly-below',
    'Σ_{k<t} instead of Σ_{k≤t}',
    'loss-agrees',
    histograms(undefined, (positives, negatives) =>
      sum(positives.map((h, t) => h * sum(negatives.slice(0, t)))),
    ),
  ),
  wrongStages(
    'farther-counted',
    'Σ_{k≥t} instead of Σ_{k≤t}: pairs in the right order are penalised',
    'loss-agrees',
    histograms(undefined, (positives, negatives) =>
      sum(positives.map((h, t) => h * sum(negatives.slice(t)))),
    ),
  ),
  wrongStages(
    'distribution-unsigned',
    '|p_a − p_−| instead of the signed difference',
    'loss-agrees',
    histograms(undefined, undefined, Math.abs),
  ),
  wrongStages(
    'distribution-nan-without-pairs',
    'a histogram of no pairs is NaN',
    'nothing-to-compare',
    lossBy(({ options, pairs, loss }) => {
      const { positive, negative } = pairs;
      const empty = positive.length === 0 || negative.length === 0;
      return options.comparison === 'distribution' && empty ? Number.NaN : loss;
    }),
  ),
  wrongStages(
    'slope-outside',
    'a distance outside the range has the slope of the bin it is clamped to',
    'gradient-agrees',
    binSlopes((distance, options) => histogramPlace(distance, options).bin),
  ),
  wrongStages(
    'slope-of-left-bin',
    'the derivative at a node is that of the bin to its left',
    'gradient-agrees',
    binSlopes((distance, options) => {
      const { bin, share, outside } = histogramPlace(distance, options);
      if (outside) return undefined;
      return share === 0 ? Math.max(0, bin - 1) : bin;
    }),
  ),
  wrongStages(
    'slope-zero-at-end',
    'the derivative at hi is 0',
    'gradient-agrees',
    binSlopes((distance, options) => {
      const { bin, outside } = histogramPlace(distance, options);
      return outside || distance === options.range[1] ? undefined : bin;
    }),
  ),
  wrongStages(
    'slope-of-left-bin-of-features',
    'at instance level the derivative at a node is that of the bin to its left',
    'balanced-agrees-on-oddities',
    binSlopes((distance, options) => {
      const { bin, share, outside } = histogramPlace(distance, options);
      if (outside) return undefined;
      return share === 0 && options.level === 'instance' ? Math.max(0, bin - 1) : bin;
    }),
  ),
  wrongStages(
    'slope-zero-at-end-of-features',
    'at instance level the derivative at hi is 0',
    'balanced-agrees-on-oddities',
    binSlopes((distance, options) => {
      const { bin, outside } = histogramPlace(distance, options);
      return outside || (distance === options.range[1] && options.level === 'instance') ? undefined : bin;
    }),
  ),
  wrongStages(
    'slope-by-bin',
    'the derivative with respect to the place among the nodes instead of the distance',
    'gradient-finite-differences',
    slopesBy((compared, { options: { comparison, bins, range } }) =>
      comparison === 'distribution'
        ? { ...compared, divisor: (compared.divisor * (bins - 1)) / (range[1] - range[0]) }
        : compared,
    ),
  ),
];

/** A wrong distribution comparison; the parts that are not given are right. */
function histograms(
  histogramOf: (distances: readonly number[], options: Options, all: number) => number[] = histogram,
  compare: (positives: readonly number[], negatives: readonly number[]) => number = overlap,
  negativeDistance: (distance: number) => number = (d) => d,
): Partial<Stages> {
  return lossBy(({ options, pairs: { positive, negative }, distance, loss }) => {
    if (options.comparison !== 'distribution' || positive.length === 0 || negative.length === 0) return loss;
    const all = positive.length + negative.length;
    const near = positive.map((pair) => distance(pair, 'positive'));
    const far = negative.map((pair) => negativeDistance(distance(pair, 'negative')));
    return compare(histogramOf(near, options, all), histogramOf(far, options, all));
  });
}

/** A histogram in which each distance adds its own weights to the nodes. */
function shared(
  distances: readonly number[],
  bins: number,
  nodes: (distance: number) => readonly (readonly [node: number, share: number])[],
): number[] {
  const h = new Array<number>(bins).fill(0);
  for (const distance of distances) {
    for (const [node, share] of nodes(distance)) {
      if (node < bins) h[node] = (h[node] as number) + share / distances.length;
    }
  }
  return h;
}

/** A gradient that places a distance in another bin, or in none. */
function binSlopes(binOf: (distance: number, options: Options) => number | undefined): Partial<Stages> {
  return slopesBy((compared, { batch, options, hard }) =>
    options.comparison === 'distribution' && compared.divisor !== 0
      ? slopesByBin(batch, options, hard, (distance) => binOf(distance, options))
      : compared,
  );
}

function slopesByBin(
  batch: Batch,
  options: Options,
  hard: HardSamples,
  binOf: (distance: number) => number | undefined,
): Compared {
  const { positive, negative } = formPairs(hard);
  const distances = (pairs: readonly Pair[], side: Side) =>
    pairs.map((pair) => pairDistance(batch, options, pair, side));
  const [near, far] = [distances(positive, 'positive'), distances(negative, 'negative')];
  const [positives, negatives] = [histogram(near, options), histogram(far, options)];
  const density = (options.bins - 1) / (options.range[1] - options.range[0]);
  return {
    loss: 0,
    divisor: 1,
    visitSlopes(visit) {
      const walk = (pairs: readonly Pair[], side: Side, own: number[], step: (bin: number) => number) => {
        pairs.forEach((pair, r) => {
          const bin = binOf(own[r] as number);
          if (bin !== undefined) visit(pair, side, (step(bin) * density) / pairs.length);
        });
      };
      walk(positive, 'positive', near, (bin) => negatives[bin + 1] as number);
      walk(negative, 'negative', far, (bin) => -(positives[bin] as number));
    },
  };
}
