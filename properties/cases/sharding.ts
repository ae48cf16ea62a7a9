/**
 * Ways of spreading a batch over the replicas of a data-parallel engine.
 *
 * @module
 */
import { type Batch, type ReplicatedStep, shardBatch } from '../../spec/index.js';
import type { Case } from './arbitraries.js';
import type { CaseCapabilities } from './case-capabilities.js';
import { mixed, pick } from './mixed.js';
import { tabulate } from './tabulate.js';

/** The most replicas of an ordinary case. */
const FEW_REPLICAS = 4;
/** As many as a machine has GPUs; and so many that ranks are in another order as text than as numbers. */
const MANY_REPLICAS: readonly number[] = [8, 12, 12];
/** One of so many cases has many replicas, where there are as many samples: with few, most shards are empty. */
const MANY_IN = { ofFew: 12, ofMany: 3 };
/** Weights that are drawn for samples: none, those of classes, and one far larger than the others. */
export const WEIGHTS: readonly number[] = [0, 0.25, 1, 1, 3, 1000];
/** Besides those, weights that float32 does not hold. */
const FINE_WEIGHTS: readonly number[] = [...WEIGHTS, 0.1, 1.3];
/** Places of the numbers that are drawn from a case; those of cuts and of weights count up from theirs. */
const PLACE = { replicas: 0, averaging: 1, weighted: 2, many: 3, cuts: 16, weights: 32 };

/** The numbers that weights are drawn from. */
type Weighed = readonly number[];

/** A batch that is spread over replicas. */
export interface Spread {
  /** n_r of each replica. */
  readonly sizes: readonly number[];
  readonly shards: readonly Batch[];
  /** w_i of the whole batch; none where all count alike. */
  readonly weights: readonly number[] | undefined;
  readonly step: ReplicatedStep;
}

/**
 * A sharding drawn for a case: 1 to 4 shards of any sizes, in some cases 8 or 12, of which some may be empty. Every
 * third case has sample weights, and every fourth an engine that sums gradients.
 *
 * @param weighed - what the weights are drawn from. Default: numbers that float32 holds too
 */
export function spreadOf(
  { batch, shuffle }: Pick<Case, 'batch' | 'shuffle'>,
  weighed: Weighed = WEIGHTS,
): Spread {
  const draw = (place: number, below: number) => mixed(shuffle, place) % below;
  const isMany = batch.size >= Math.max(...MANY_REPLICAS);
  const replicas =
    draw(PLACE.many, isMany ? MANY_IN.ofMany : MANY_IN.ofFew) === 0
      ? pick(MANY_REPLICAS, shuffle, PLACE.replicas)
      : 1 + draw(PLACE.replicas, FEW_REPLICAS);
  const cuts = Array.from({ length: replicas - 1 }, (_, r) => draw(PLACE.cuts + r, batch.size + 1));
  const ends = [...cuts.sort((a, b) => a - b), batch.size];
  const sizes = ends.map((end, r) => end - (ends[r - 1] ?? 0));
  const weights = draw(PLACE.weighted, 3) === 0 ? weightsOf(batch.size, shuffle, weighed) : undefined;
  const averaging = draw(PLACE.averaging, 4) === 0 ? 'sum' : 'average';
  return { sizes, shards: shardBatch(batch, sizes), weights, step: stepOf(sizes, averaging, weights) };
}

/** The same shards in a step of the other kind: with sample weights or without, averaged or summed. */
export function otherStep(
  { sizes, shards, weights, step }: Spread,
  { shuffle }: Pick<Case, 'shuffle'>,
  weighed: Weighed = WEIGHTS,
): Spread {
  const size = sizes.reduce((a, b) => a + b, 0);
  const others = weights === undefined ? weightsOf(size, shuffle, weighed) : undefined;
  const averaging = step.averaging === 'sum' ? 'average' : 'sum';
  return { sizes, shards, weights: others, step: stepOf(sizes, averaging, others) };
}

/** The same shards and the same lists of weights, which now hold the weights of the next samples. */
export function turnWeights(spread: Spread): Spread {
  const { weights, step } = spread;
  if (weights === undefined) return spread;
  const turned = weights.map((_, i) => weights[(i + 1) % weights.length] as number);
  let at = 0;
  for (const list of (step.weights ?? []) as number[][]) {
    for (let i = 0; i < list.length; i++) list[i] = turned[at++] as number;
  }
  return { ...spread, weights: turned };
}

/** What the weights are drawn from, for a backend of this precision. */
export function weightsFor({ precision }: Pick<CaseCapabilities, 'precision'>): Weighed {
  return precision === 'float64' ? FINE_WEIGHTS : WEIGHTS;
}

function weightsOf(size: number, shuffle: number, weighed: Weighed): readonly number[] {
  return tabulate(size, (i) => pick(weighed, shuffle, PLACE.weights + i));
}

function stepOf(
  sizes: readonly number[],
  averaging: ReplicatedStep['averaging'],
  weights: readonly number[] | undefined,
): ReplicatedStep {
  if (weights === undefined) return { averaging };
  let end = 0;
  return {
    averaging,
    weights: sizes.map((size) => {
      end += size;
      return weights.slice(end - size, end);
    }),
  };
}

/** A sharding in words, for messages. */
export function spreadInWords({ sizes, step }: Spread): string {
  const weighted = step.weights ? ', with sample weights' : '';
  const engine = step.averaging === 'average' ? 'averages' : 'sums';
  return `shards of ${sizes.join(', ')} samples${weighted}, under an engine that ${engine}`;
}
