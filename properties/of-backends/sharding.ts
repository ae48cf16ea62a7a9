/**
 * Sharding: the loss of a batch that is spread over the replicas of a data-parallel engine.
 *
 * @module
 */
import type fc from 'fast-check';
import { type ReplicaLoss, shardBatch } from '../../spec/index.js';
import { bothForms, type Case } from '../cases/arbitraries.js';
import { type CaseCapabilities, narrowed } from '../cases/case-capabilities.js';
import { combined } from '../cases/combined.js';
import type { CombinedOptions } from '../cases/drawn.js';
import { layoutOf, relaid } from '../cases/layouts.js';
import { otherOptions } from '../cases/other-options.js';
import { halfTwice, refill, withRepeatedScores } from '../cases/permute.js';
import { alternating } from '../cases/planned.js';
import {
  otherStep,
  type Spread,
  spreadInWords,
  spreadOf,
  turnWeights,
  weightsFor,
} from '../cases/sharding.js';
import type { Way } from '../coverage/index.js';
import { demandSame, type Property, type Subject } from '../property.js';
import { transformed } from '../transformation.js';
import { entries } from '../walk.js';
import { checkReplicas } from './sharding-checks.js';

/** A minute of shrinking does not make a counterexample of a thousand samples any clearer. */
const MOST_SHRINKS = 600;

/** From so many on, a case counts as one of many replicas. */
const MANY = 8;

/** A sharding that a backend may declare. */
type Sharding = 'global' | 'per-replica';

/** How a backend is asked whether it agrees, under either ruling. */
const AGREEING: Pick<Property, 'cases' | 'ways' | 'check'> = {
  cases: spreadCases,
  ways: waysOfLaidOut,
  async check({ backend }, given) {
    await checkReplicas(backend, given, laidOut(spreadOf(given, weightsFor(backend.supports)), given));
  },
};

/** The properties of sharding. */
export const sharding: readonly Property[] = [
  {
    id: 'global-batch-agrees',
    stage: 'balancedLoss',
    source: 'ruling: global batch; contract: sharding',
    claim:
      'Over replicas, every replica returns L of the whole batch, and the gradients of all replicas together, averaged or summed as the engine does, are those of the whole batch.',
    required: true,
    inapplicable: declares('global'),
    ...AGREEING,
  },
  {
    id: 'per-replica-agrees',
    stage: 'balancedLoss',
    source: 'ruling: per replica; contract: sharding',
    claim: 'Over replicas, every replica returns the loss and the gradient of its own shard.',
    required: true,
    inapplicable: declares('per-replica'),
    ...AGREEING,
  },
  {
    id: 'replicas-at-scale',
    stage: 'balancedLoss',
    source: 'rulings: global batch, per replica, sample weights; contract: sharding',
    claim:
      'Over replicas that hold 600 or 1,100 samples together, or, of categorical labels, 150 classes and more, the losses and gradients of a step agree, with sample weights and without.',
    required: true,
    inapplicable: declares('global', 'per-replica'),
    runs: (asked) => Math.ceil(asked / 20), // two steps of a thousand samples per case
    shrinks: MOST_SHRINKS,
    cases: (supports) => {
      const able = narrowed(supports, { level: 'class' });
      const large = combined(able, { sizes: [600, 1100, 1100] });
      const categorical = narrowed(able, { encoding: 'categorical' });
      return alternating(large, combined(categorical, MANY_CLASSES), large);
    },
    ways: waysOfSpread,
    async check({ backend }, given) {
      const weighed = weightsFor(backend.supports);
      const spread = spreadOf(given, weighed);
      await checkReplicas(backend, given, spread);
      await checkReplicas(backend, given, otherStep(spread, given, weighed));
    },
  },
  {
    id: 'replicas-independent',
    stage: 'balancedLoss',
    source: 'contract: sharding, no call depends on another, arguments must not be written to',
    claim:
      'A step of replicas writes to nothing that it is given, changes no earlier result, and is computed anew where options, sample weights or the numbers in the shards are others, also before the step before has ended.',
    required: true,
    inapplicable: declares('global', 'per-replica'),
    runs: (asked) => Math.ceil(asked / 6), // four steps per case
    cases: (supports) => bothForms(supports),
    ways: (subject, given) => [...waysOfSpread(subject, given), 'replicas-asked-again'],
    async check({ backend }, given) {
      const { batch, shuffle } = given;
      const weighed = weightsFor(backend.supports);
      const spread = spreadOf(given, weighed);
      const before = plainSpread(spread, given);
      const first = await checkReplicas(backend, given, spread);
      demandSame('what the replicas were given', plainSpread(spread, given), before);
      const kept = plainAnswers(first);
      const other = { ...given, batch: halfTwice(batch, shuffle) };
      shardBatch(other.batch, spread.sizes).forEach((shard, r) => {
        refill(spread.shards[r] as Case['batch'], shard);
      });
      const turned = turnWeights(spread);
      const refilled = spread.weights
        ? 'other samples, and the lists of weights with others'
        : 'other samples';
      await transformed(`the arrays of the shards were filled with ${refilled}`, () =>
        checkReplicas(backend, other, turned),
      );
      const { options } = otherOptions(backend, given);
      const again = () => checkReplicas(backend, { ...other, options }, turned);
      const besides = { ...turned, shards: shardBatch(batch, spread.sizes) };
      if (shuffle % 2 === 0) await transformed('the same shards were given with other options', again);
      else if (shuffle % 4 === 1)
        await transformed(
          'the same shards were given with other options, before the step before had ended',
          () => Promise.all([checkReplicas(backend, other, turned), again()]),
        );
      else
        await transformed('shards of other samples were given before the step before had ended', () =>
          Promise.all([
            checkReplicas(backend, other, turned),
            checkReplicas(backend, { ...given, options }, besides),
          ]),
        );
      const next = otherStep(turned, given, weighed);
      await transformed(`the same shards were given in another step: ${spreadInWords(next)}`, () =>
        checkReplicas(backend, { ...other, options }, next),
      );
      demandSame('the first results, after later steps', plainAnswers(first), kept);
    },
  },
];

/** More classes than a signed byte counts, of which some past the 128th are minority classes. */
const MANY_CLASSES: CombinedOptions = {
  sizes: [450],
  classCounts: [150, 200],
  kappas: [1, 3],
  only: { attributes: ['one'], shape: ['even'], rho: ['half', 'above', 'one'], unlabelled: ['none', 'some'] },
};

/** Small batches, and in every fourth case one that combines conditions, of up to two blocks of 64 samples. */
function spreadCases(supports: CaseCapabilities): fc.Arbitrary<Case> {
  const small = bothForms(supports).map(tiedIfMany);
  const sizes = ['ordinary', 'middling', 'around-32', 'around-64', 'above-64', 'around-128'] as const;
  return alternating(small, small, small, combined(supports, { sizes }));
}

/** Every third case has shards whose arrays are laid out in some way, each replica in another. */
function laidOut(spread: Spread, { shuffle }: Case): Spread {
  if (!isLaidOut(shuffle)) return spread;
  const { layout, isStacked } = layoutOf(Math.floor(shuffle / LAID_OUT_EVERY));
  const shards = spread.shards.map((shard, r) =>
    relaid(shard, { layout: (at) => layout(at + r), isStacked }),
  );
  return { ...spread, shards };
}

const LAID_OUT_EVERY = 3;

function isLaidOut(shuffle: number): boolean {
  return shuffle % LAID_OUT_EVERY === 0;
}

/** What the replicas are given, as plain data. */
function plainSpread({ shards, step }: Spread, { options }: Case): unknown {
  const arrays = shards.map(({ membership, labelled, scores, features }) =>
    [membership, labelled, scores, ...(features?.matrices ?? [])].map(entries),
  );
  return structuredClone([arrays, options, step]);
}

/** What the replicas return, as plain data that no later step can change. */
function plainAnswers(found: readonly ReplicaLoss[]): unknown {
  return found.map(({ loss, gradient, featureGradient }) => [
    loss,
    ...[gradient, ...(featureGradient ? [featureGradient] : [])].map((slopes) => [...entries(slopes)]),
  ]);
}

/** What is counted of the sharding of a case. */
function waysOfSpread(_: Subject, given: Case): Way[] {
  const { sizes, weights, step } = spreadOf(given);
  return [
    sizes.length === 1 ? 'one-replica' : 'several-replicas',
    ...(sizes.length >= MANY ? (['many-replicas'] as const) : []),
    ...(sizes.includes(0) ? (['shard-empty'] as const) : []),
    ...(new Set(sizes).size > 1 ? (['shards-unequal'] as const) : []),
    step.averaging === 'average' ? 'replicas-averaged' : 'replicas-summed',
    ...(weights ? (['replicas-weighted'] as const) : []),
  ];
}

/** The same, of cases some of which are laid out. */
function waysOfLaidOut(subject: Subject, given: Case): Way[] {
  return [
    ...waysOfSpread(subject, given),
    ...(isLaidOut(given.shuffle) ? (['shards-laid-out'] as const) : []),
  ];
}

/**
 * In half of the cases of many replicas, samples share their scores with others: the order of the ranks decides ties,
 * and nothing else.
 */
function tiedIfMany(given: Case): Case {
  const isTied = given.batch.scored && given.shuffle % 2 === 0 && spreadOf(given).sizes.length >= MANY;
  return isTied ? { ...given, batch: withRepeatedScores(given.batch, 3) } : given;
}

/** The reason why a property of some kinds of sharding does not apply to a backend that declares another. */
function declares(...wanted: readonly Sharding[]): (subject: Subject) => string | undefined {
  return ({ backend: { supports } }) => {
    const { sharding: declared = 'none', gradient } = supports;
    if (!wanted.some((one) => one === declared))
      return `the backend declares sharding: ${declared} (supports.sharding)`;
    return gradient ? undefined : 'the backend declares that it computes no gradient';
  };
}
