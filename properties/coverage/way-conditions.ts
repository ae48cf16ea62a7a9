/**
 * Conditions of training, of state and of sharding. They are not found in a case: they are ways in which a property
 * asks about it, such as a step with labels of `int32`, or a call after another one on the same arrays. The property
 * tells them itself.
 *
 * @module
 */
import type { Aspect, Condition, Domain } from './condition.js';
import { MINIMUMS_OF_WAYS } from './minimums.js';

/** A way, what it is (completes “cases in which …”), and where it differs from the others of its kind. */
interface WayTerms {
  readonly what: string;
  readonly domain?: Domain;
  /** The ruling that it is about. */
  readonly source?: string;
  /** Further properties of which one must have run too. Default: those of its kind. */
  readonly needs?: readonly string[];
  /** Only the properties that can meet it, if those are not all of its kind. */
  readonly by?: readonly string[];
}

/** Ways by name. */
type Terms = Readonly<Record<string, WayTerms>>;

/** Properties that take a step of training. */
const TRAINERS = [
  'training-agrees',
  'training-steps-independent',
  'training-evaluates',
  'training-losses-independent',
  'training-schedule-agrees',
  'training-logits-agree',
  'training-agrees-on-combinations',
  'training-agrees-on-wide-batches',
  'training-cross-entropy-agrees-on-wide-logits',
  'training-sample-losses-agree',
  'training-weighs-samples',
  'training-weighs-samples-of-wide-batches',
  'training-at-scale',
  'non-finite-probability-surfaces',
  'non-finite-logit-surfaces',
  'non-finite-feature-surfaces',
] as const;

/** Properties of state, which make several calls per case. */
const CALLERS = [
  'input-unchanged',
  'results-unaliased',
  'options-heeded',
  'batch-parts-heeded',
  'refilled-batch-heeded',
  'calls-independent',
] as const;

const CLASS: Domain = { level: ['class'] };
const INSTANCE: Domain = { level: ['instance'] };
const WEIGHING = [
  'training-sample-losses-agree',
  'training-weighs-samples',
  'training-weighs-samples-of-wide-batches',
] as const;

const FEATURES = ['non-finite-feature-surfaces'] as const;

/** In training. */
const TRAINING = {
  'step-labels-float32': { what: 'a step of training has labels of float32' },
  'step-labels-int32': { what: 'a step of training has labels of int32' },
  'step-labels-bool': { what: 'a step of training has labels of bool' },
  'step-from-probabilities': { what: 'a step of training is given probabilities' },
  'step-from-logits': { what: 'a step of training is given logits' },
  'step-at-class-level': { what: 'a step of training is at class level', domain: CLASS },
  'step-at-instance-level': { what: 'a step of training is at instance level', domain: INSTANCE },
  'step-of-60-samples': { what: 'a step of training has at least 60 samples' },
  'step-with-alpha': { what: 'a step of training passes α', source: 'α' },
  'step-without-alpha': { what: 'a step of training passes no α, and that of the loss holds', source: 'α' },
  'step-at-another-alpha': { what: 'a loss is made for another α than its step passes', source: 'α' },
  'upstream-one': { what: 'the derivative that a loss is handed down is 1' },
  'upstream-above-zero': { what: 'the derivative that a loss is handed down is positive, but not 1' },
  'upstream-below-zero': { what: 'the derivative that a loss is handed down is negative' },
  'value-without-derivative': { what: 'L is computed without a derivative, before a step' },
  'step-observed': { what: 'the loss has an observer', domain: { execution: ['tensor'] } },
  'steps-before': { what: 'the loss took steps on other batches before' },
  'steps-before-of-other-sizes': { what: 'the loss took a step on a batch of another size before' },
  'step-before-of-a-larger-batch': { what: 'the loss took a step on a larger batch before' },
  'step-before-of-the-same-labels': {
    what: 'the loss took a step on the same labels with other scores before',
  },
  'two-losses-in-one-tape': { what: 'two losses are alive, and are differentiated in one tape' },
  'one-loss-twice-in-one-tape': {
    what: 'a loss is given two batches, and both are differentiated in one tape',
  },
  'observed-twice-in-one-tape': {
    what: 'a loss with an observer is given two batches, and both are differentiated in one tape',
    domain: { execution: ['tensor'] },
  },
  'both-forms-in-one-tape': {
    what: 'a loss gives L of one batch and the losses of the samples of another, and both are differentiated in one tape',
    source: 'sample weights',
    by: WEIGHING,
  },
  'caller-tensors-kept': {
    what: 'the labels, scores and features are looked for after the step, and their numbers compared',
  },
  'step-weighted': {
    what: 'a step of training has sample weights',
    source: 'sample weights',
    by: WEIGHING,
  },
  'step-weights-zero': {
    what: 'all sample weights of a step are 0',
    source: 'sample weights',
    by: WEIGHING,
  },
  'step-nan-score': {
    what: 'a probability or logit of a step is NaN',
    source: 'probabilities',
    by: ['non-finite-probability-surfaces', 'non-finite-logit-surfaces'],
  },
  'step-infinite-logit': {
    what: 'a logit of a step is ∞ or −∞',
    source: 'probabilities',
    by: ['non-finite-logit-surfaces'],
  },
  'step-nan-feature': {
    what: 'a feature of a step is NaN',
    by: FEATURES,
    domain: INSTANCE,
    source: 'non-finite features',
  },
  'step-infinite-feature': {
    what: 'a feature of a step is ∞ or −∞',
    by: FEATURES,
    domain: INSTANCE,
    source: 'non-finite features',
  },
  'non-finite-feature-of-an-anchor': {
    what: 'a feature of an anchor is NaN or infinite',
    by: FEATURES,
    domain: INSTANCE,
    source: 'non-finite features',
  },
  'non-finite-feature-of-a-mined-sample': {
    what: 'a feature of a sample that was mined, and is no anchor, is NaN or infinite',
    by: FEATURES,
    domain: INSTANCE,
    source: 'non-finite features',
  },
  'non-finite-feature-of-another-sample': {
    what: 'a feature of a sample that could have been mined, and was not, is NaN or infinite',
    by: FEATURES,
    domain: INSTANCE,
    source: 'non-finite features',
  },
} as const satisfies Terms;

/** Where a property looks for leaks. */
const LEAKS = {
  'leaks-step': { what: 'leaks are looked for after a step of training' },
  'leaks-step-at-instance-level': {
    what: 'leaks are looked for after a step at instance level',
    domain: INSTANCE,
  },
  'leaks-step-evaluated': { what: 'leaks are looked for after L without a derivative' },
  'leaks-step-without-alpha': { what: 'leaks are looked for after a step that passes no α' },
  'leaks-step-observed': {
    what: 'leaks are looked for after a step of a loss with an observer',
    domain: { execution: ['tensor'] },
  },
  'leaks-step-observed-at-instance-level': {
    what: 'leaks are looked for after a step at instance level of a loss with an observer, without α',
    domain: { ...INSTANCE, execution: ['tensor'] },
  },
  'leaks-step-of-bool-labels': { what: 'leaks are looked for after a step with labels of bool' },
  'leaks-step-weighted': { what: 'leaks are looked for after a step with sample weights', needs: WEIGHING },
} as const satisfies Terms;

/** Where calls follow each other. */
const STATE = {
  'state-of-60-samples': { what: 'a property of state has at least 60 samples' },
  'own-properties-compared': {
    what: 'the names of the properties of all that a backend was given are compared',
  },
  'result-after-other-calls': { what: 'a result is looked at again after calls on another batch' },
  'result-after-33-more-calls': { what: 'a result is looked at again after 33 more calls' },
  'same-calls-again': { what: 'the same calls are made again after others' },
  'alpha-changes': { what: 'α changes between two calls on a batch, all else stays' },
  'alpha-changes-slightly': { what: 'α changes by 2^-10 between two calls on a batch, all else stays' },
  'kappa-changes': { what: 'κ changes between two calls on a batch, all else stays' },
  'rho-changes': { what: 'ρ changes between two calls on a batch, all else stays' },
  'margin-changes': {
    what: 'the margin changes between two calls on a batch, all else stays',
    domain: { comparison: ['relative', 'absolute'] },
  },
  'last-margin-changes': {
    what: 'the margin of the last attribute changes between two calls on a batch, all else stays',
    domain: { comparison: ['relative', 'absolute'], attributes: [2, Number.POSITIVE_INFINITY] },
  },
  'bins-change': {
    what: 'τ changes between two calls on a batch, all else stays',
    domain: { comparison: ['distribution'] },
  },
  'range-changes': {
    what: 'the range of the histograms changes between two calls on a batch, all else stays',
    domain: { comparison: ['distribution'] },
  },
  'comparison-changes': {
    what: 'the comparison changes between two calls on a batch, all else stays',
    domain: { several: ['comparison'] },
  },
  'level-changes': {
    what: 'the level changes between two calls on a batch, all else stays',
    domain: { several: ['level'] },
  },
  'anchors-change': {
    what: 'the choice of anchors changes between two calls on a batch, all else stays',
    domain: { several: ['anchors'] },
  },
  'labels-change': { what: 'the labels of a batch change between two calls, its scores and features stay' },
  'scores-change': { what: 'the scores of a batch change between two calls, its labels stay' },
  'features-change': {
    what: 'the features of a batch change between two calls at instance level, its labels stay',
    domain: INSTANCE,
  },
  'one-sample-changes': { what: 'a single sample of a batch changes between two calls, the others stay' },
  'arrays-refilled': { what: 'the arrays of a batch are written to between two calls' },
  'arrays-refilled-in-a-new-batch': {
    what: 'the arrays of a batch are written to between two calls, and are another batch object then',
  },
  'options-refilled': { what: 'the options are written to between two calls' },
  'three-calls-at-once': { what: 'three calls wait at once' },
  'nine-calls-at-once': { what: 'nine calls wait at once' },
  'calls-in-the-opposite-order': { what: 'the same calls are made in the opposite order' },
} as const satisfies Terms;

/** What a batch shares with the one before it. */
const LIKENESS = {
  'like-columns': {
    what: 'the batch before has the class counts in the opposite order',
    domain: { encoding: ['categorical'] },
  },
  'like-digits': {
    what: 'the class counts of the batch before have the same digits, parted elsewhere',
    domain: { encoding: ['categorical'] },
  },
  'like-class-sizes': {
    what: 'the batch before has the same class sizes of other n',
    domain: { encoding: ['one-attribute'] },
  },
  'like-arrays-as-logits': { what: 'the scores of the batch before are the same numbers, as logits' },
  'like-shapes': {
    what: 'the batch before has the same scores in another encoding',
    domain: { everyEncoding: ['categorical', 'one-attribute'] },
  },
  'like-sizes': { what: 'the batch before has other samples, and all else is the same' },
} as const satisfies Terms;

/** How arrays lie in memory. */
const LAYOUT = {
  'layout-transposed': { what: 'the arrays of a batch are transposed in memory' },
  'layout-spread-out': { what: 'the arrays of a batch have gaps in memory' },
  'layout-offset': { what: 'the arrays of a batch start within their memory' },
  'layout-reversed': { what: 'the rows of a batch lie in memory from the last to the first' },
  'layout-columns-reversed': { what: 'the columns of a batch lie in memory from the last to the first' },
  'layout-padded-rows': { what: 'rows of a batch are followed by gaps in memory, as those of a wider array' },
  'layout-padded-columns': { what: 'the arrays of a batch are transposed, and columns are followed by gaps' },
  'layout-transposed-offset': { what: 'the arrays of a batch are transposed, and start within their memory' },
  'layout-longer': { what: 'the memory of a batch goes on behind its last row' },
  'layout-view': { what: 'the arrays of a batch are views into larger buffers' },
  'layout-one-memory': {
    what: 'the arrays of a batch that are of one type lie one after the other in one memory',
  },
  'layout-mixed': { what: 'the arrays of a batch lie in memory in different ways' },
  'memory-of-other-strides': { what: 'the batch before lies in the same memory, with other strides' },
  'memory-of-other-offset': { what: 'the batch before lies in the same memory, at another offset' },
  'memory-of-other-view': { what: 'the batch before is another view of the same buffer' },
} as const satisfies Terms;

/** How large features are. */
const MAGNITUDE = {
  'squares-large': {
    what: 'squares of distances are about 2^110, and do not overflow',
    domain: INSTANCE,
    source: 'non-finite features',
  },
  'squares-overflow-in-part': {
    what: 'squares of distances from 2 on overflow, and that of 1 does not',
    domain: INSTANCE,
    source: 'non-finite features',
  },
  'squares-overflow': {
    what: 'squares of all distances but 0 overflow',
    domain: INSTANCE,
    source: 'non-finite features',
  },
} as const satisfies Terms;

/** Over the replicas of a data-parallel engine. */
const SHARDING = {
  'one-replica': { what: 'the batch is on one replica', source: 'global batch' },
  'several-replicas': { what: 'the batch is spread over two or more replicas', source: 'global batch' },
  'many-replicas': { what: 'the batch is spread over eight or more replicas', source: 'global batch' },
  'shard-empty': { what: 'a replica has no sample', source: 'global batch' },
  'shards-unequal': { what: 'replicas have different numbers of samples', source: 'global batch' },
  'replicas-averaged': { what: 'the engine averages the gradients of its replicas', source: 'global batch' },
  'replicas-summed': { what: 'the engine sums the gradients of its replicas', source: 'global batch' },
  'replicas-weighted': {
    what: 'a batch that is spread over replicas has sample weights',
    source: 'global batch',
  },
  'shards-laid-out': {
    what: 'the arrays of shards are strided, transposed or offset, each shard in another way',
    by: ['global-batch-agrees', 'per-replica-agrees'],
  },
  'replicas-asked-again': {
    what: 'the same replicas are asked again, with other options and other samples',
    by: ['replicas-independent'],
  },
} as const satisfies Terms;

/** A way in which a property asks about a case. */
export type Way =
  | keyof typeof TRAINING
  | keyof typeof LEAKS
  | keyof typeof STATE
  | keyof typeof LIKENESS
  | keyof typeof LAYOUT
  | keyof typeof MAGNITUDE
  | keyof typeof SHARDING;

function waysOf(aspect: Aspect, by: readonly string[], terms: Terms, needs?: readonly string[]): Condition[] {
  return Object.entries(terms).map(([id, { what, source, domain = {}, ...own }]) => {
    const also = own.needs ?? needs;
    const [required, requiredInFull] = MINIMUMS_OF_WAYS[id] ?? [0, 1];
    return {
      id,
      what,
      aspect,
      ...(source === undefined ? {} : { source }),
      stage: 'balancedLoss',
      domain,
      by: own.by ?? by,
      ...(also === undefined ? {} : { needs: also }),
      required,
      requiredInFull,
    };
  });
}

/** The properties that spread batches over replicas. */
const SPREAD = ['global-batch-agrees', 'per-replica-agrees', 'replicas-at-scale', 'replicas-independent'];

/** All ways as conditions. */
export const wayConditions: readonly Condition[] = [
  ...waysOf('training', TRAINERS, TRAINING),
  ...waysOf('leaks', ['nothing-leaks'], LEAKS, TRAINERS),
  ...waysOf('state', CALLERS, STATE),
  ...waysOf('state', ['similar-batches-heeded'], LIKENESS),
  ...waysOf('layout', ['layout-independent'], LAYOUT),
  ...waysOf('magnitude', ['overflowing-distance-surfaces'], MAGNITUDE),
  ...waysOf('sharding', SPREAD, SHARDING),
];
