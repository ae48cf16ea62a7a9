/**
 * Conditions that are found in a case: what rulings decide, and the branches of the specification.
 *
 * @module
 */
import type { Stage } from '../../spec/index.js';
import type { ComparedFact } from './compared-facts.js';
import type { CaseCondition, Domain } from './condition.js';
import type { Facts } from './facts.js';
import type { InputFact } from './input-facts.js';
import type { LabelFact } from './label-facts.js';
import type { MinedFact } from './mined-facts.js';
import { minimumsOf } from './minimums.js';

/** A condition: its id, what it is, the ruling it is about, and where it can hold. */
type Row<Fact> = readonly [
  id: string,
  fact: Fact,
  what: string,
  source: string,
  domain?: Domain,
  required?: number,
];

function found<Fact extends string>(
  stage: Stage,
  of: (facts: Facts) => ReadonlySet<Fact>,
  rows: readonly Row<Fact>[],
): CaseCondition[] {
  return rows.map(([id, fact, what, source, domain = {}, required]) => ({
    id,
    what,
    source,
    stage,
    domain,
    ...(required === undefined ? minimumsOf(id) : { required }),
    holds: (facts) => of(facts).has(fact),
  }));
}

const labels = (facts: Facts): ReadonlySet<LabelFact> => facts.labels;
const inputs = (facts: Facts): ReadonlySet<InputFact> => facts.inputs;
const mined = (facts: Facts): ReadonlySet<MinedFact> => facts.mined;
const compared = (facts: Facts): ReadonlySet<ComparedFact> => facts.compared;

const ONE: Domain = { encoding: ['one-attribute'] };
const MULTI: Domain = { encoding: ['multi-label'] };
const CLASS: Domain = { level: ['class'] };
const INSTANCE: Domain = { level: ['instance'] };
const EASY: Domain = { anchors: ['easy'] };
const RELATIVE: Domain = { comparison: ['relative'] };
const HINGED: Domain = { comparison: ['relative', 'absolute'] };
const BINNED: Domain = { comparison: ['distribution'] };

/**
 * All conditions that are found, in the order of the walk. Where none is required, some seeds draw too few cases
 * of it to ask for any: the report counts them all the same.
 */
export const foundConditions: readonly CaseCondition[] = [
  ...found('selectMinority', labels, [
    [
      'attribute-unlabelled',
      'unlabelled-attribute',
      'an attribute has no labelled sample',
      'unlabelled samples',
      { encoding: ['categorical', 'multi-label'] },
    ],
    [
      'absent-minority',
      'absent-minority',
      'the absent side of a label is minority',
      'multi-label data',
      MULTI,
    ],
    [
      'present-minority',
      'present-minority',
      'the present side of a label is minority',
      'multi-label data',
      MULTI,
    ],
    ['halves', 'halves', 'a label is present for exactly half of its samples', 'multi-label data', MULTI],
    ['all-zero-row', 'all-zero-row', 'a sample has no label', 'one attribute', ONE],
    ['two-labels', 'two-labels', 'a sample has several labels', 'one attribute', ONE],
    [
      'whole-attribute',
      'whole-attribute',
      'a surviving class holds every labelled sample of its attribute',
      'fewer than κ',
    ],
    [
      'size-tie-decides',
      'size-tie',
      'one class is minority and another of the same size is not',
      'tied class sizes',
    ],
    ['held-exactly', 'held-exactly', 'the minority classes hold exactly ρ·n_j samples', 'minority prefix'],
    ['held-short', 'held-short', 'ρ·n_j falls short of one more class by a rounding', 'minority prefix'],
    ['limit-fractional', 'limit-fractional', 'ρ·n_j is not whole', 'minority prefix'],
    ['empty-class', 'empty-class', 'a class has no sample', 'minority prefix'],
    ['single-sample-class', 'single', 'a class has a single sample', 'minority prefix'],
    ['no-minority', 'no-minority', 'no class survives', 'nothing to compare'],
    [
      'two-minority-classes',
      'two-minority-classes',
      'two classes of an attribute survive',
      'minority prefix',
    ],
    [
      'two-minority-attributes',
      'two-attributes',
      'classes of two attributes survive',
      '|T|',
      { encoding: ['categorical', 'multi-label'] },
    ],
    [
      'late-class',
      'late-class',
      'a class of index 256 or above survives',
      'anchors',
      { encoding: ['categorical', 'one-attribute'] },
      0,
    ],
    [
      'classes-65537',
      'past-16-bits',
      'an attribute has more than 65,536 classes, which 16 bits cannot number',
      'tied class sizes',
      { encoding: ['categorical'] },
    ],
  ]),
  ...found('mineHardSamples', inputs, [
    [
      'score-outside-unit',
      'outside-unit',
      'a probability lies outside [0, 1], within the tolerance',
      'probabilities',
    ],
    ['score-minus-zero', 'minus-zero', 'a probability is −0', 'mined order'],
    [
      'score-subnormal',
      'subnormal',
      'a probability is below the normal numbers of float32',
      'precision',
      { precision: ['float64'] },
    ],
    [
      'score-beyond-float32',
      'beyond-float32',
      'float32 does not hold a score exactly',
      'precision',
      { precision: ['float64'] },
    ],
    ['logit-large', 'large-logit', 'e^z of a logit z is infinite in float32', 'cross entropy'],
    ['logit-huge', 'huge-logit', 'e^z of a logit z is infinite in float64', 'cross entropy'],
    ['features-far', 'far-features', 'a feature is above 1,000', 'features', INSTANCE],
    ['features-uneven', 'uneven-features', 'a feature is not a multiple of ⅛', 'features', INSTANCE],
  ]),
  ...found('mineHardSamples', mined, [
    ['sample-anchored-twice', 'two-anchors-of-a-sample', 'a sample is an anchor for two classes', 'anchors'],
    [
      'anchor-among-hardest',
      'anchor-hardest',
      'an anchor scores as low as its κ hard positives, and others were left out',
      'anchor excluded',
      CLASS,
    ],
    [
      'positives-left-out',
      'positives-left-out',
      'a class has more samples than an anchor has positives',
      'mined order',
    ],
    ['negatives-left-out', 'negatives-left-out', 'there are more negatives than κ', 'mined order'],
    ['tie-mined', 'tie-mined', 'two mined samples of an anchor are equally hard', 'mined order'],
    [
      'positive-tie-at-limit',
      'positive-tie-at-limit',
      'the κth hard positive and one that is left out are equally hard',
      'mined order',
    ],
    [
      'negative-tie-at-limit',
      'negative-tie-at-limit',
      'the κth hard negative and one that is left out are equally hard',
      'mined order',
    ],
    ['few-positives', 'few-positives', 'an anchor has fewer than κ positives', 'fewer than κ'],
    ['few-negatives', 'few-negatives', 'an anchor has fewer than κ negatives', 'fewer than κ'],
    ['no-negatives', 'no-negatives', 'an anchor has no negatives', 'fewer than κ'],
    [
      'mined-in-one-lane',
      'same-lane',
      'three or more mined samples lie at multiples of 8 from each other, and no other is mined',
      'mined order',
    ],
    ['easy-anchors', 'easy-anchors', 'anchors are the easy members of a class', 'easy anchors', EASY],
    [
      'easy-anchors-left-out',
      'anchors-left-out',
      'a class has more members than easy anchors',
      'easy anchors',
      EASY,
    ],
    ['anchors-4097', 'many-anchors', 'there are more than 4,096 anchors', 'anchors', {}, 0],
    [
      'anchors-of-class-513',
      'many-anchors-of-a-class',
      'a class has more than 512 anchors',
      'anchors',
      {},
      0,
    ],
  ]),
  ...found('formTriplets', mined, [
    [
      'square-of-mined',
      'square-of-mined',
      'an anchor has two positives and two negatives or more',
      'triplet order',
    ],
    ['triplets-65537', 'many-triplets', 'there are more than 65,536 triplets', 'triplet order', {}, 0],
  ]),
  ...found('rectificationLoss', mined, [
    [
      'pair-both-ways',
      'both-directions',
      'two samples are each a hard positive of the other',
      'pairs',
      { comparison: ['absolute', 'distribution'] },
    ],
    [
      'pair-of-two-classes',
      'two-classes-of-a-pair',
      'the same two samples are a positive pair under two classes',
      'pairs',
    ],
    ['pairs-65537', 'many-pairs', 'there are more than 65,536 pairs', 'pairs', {}, 0],
  ]),
  ...found('rectificationLoss', compared, [
    ['no-triplets', 'no-triplets', 'there is no triplet', 'nothing to compare'],
    [
      'positives-alone',
      'positives-alone',
      'there are positive pairs and no negative ones',
      'nothing to compare',
    ],
    [
      'attributes-pooled',
      'two-attributes-compared',
      'pairs of two attributes are pooled',
      '|T|',
      { encoding: ['categorical', 'multi-label'] },
    ],
    ['hinge-active', 'active', 'a hinge is active', 'hinge', HINGED],
    ['hinge-inactive', 'inactive', 'a hinge is inactive', 'hinge', HINGED],
    ['hinge-at-kink', 'at-the-kink', 'the argument of a hinge is exactly 0', 'kinks', HINGED],
    [
      'hinge-order-decides',
      'order-decides',
      'another order of m + d₊ − d₋ gives the hinge another side',
      'hinge',
      RELATIVE,
      0,
    ],
    ['distance-negative', 'signed', 'd(a,−) is negative', 'signed distance', CLASS],
    ['scores-equal', 'equal-scores', 'an anchor and its hard positive score the same', 'kinks', CLASS],
    [
      'features-equal',
      'equal-features',
      'an anchor and a mined sample have the same features',
      'kinks',
      INSTANCE,
    ],
    [
      'distance-above-1000',
      'far-apart',
      'a hard positive is more than 1,000 from its anchor',
      'features',
      INSTANCE,
      0,
    ],
    ['distance-at-node', 'at-a-node', 'a distance lies on an inner node of a histogram', 'kinks', BINNED],
    ['distance-at-lo', 'at-lo', 'a distance is lo', 'kinks', BINNED],
    ['distance-at-hi', 'at-hi', 'a distance is hi', 'kinks', BINNED],
    ['distance-below-lo', 'below-lo', 'a distance is below lo', 'histogram', BINNED],
    ['distance-above-hi', 'above-hi', 'a distance is above hi', 'histogram', BINNED],
  ]),
  ...found('balancedLoss', inputs, [
    [
      'entropy-floor',
      'entropy-floor',
      'a sample scores 1e-7 or less on its own class',
      'cross entropy',
      { scores: ['probabilities'] },
    ],
  ]),
];
