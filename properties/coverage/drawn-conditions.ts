/**
 * Conditions that are chosen when a case is drawn: its size, schema, options, and the kind of its scores and
 * features. The values of a choice exclude each other, and those of different choices are counted in pairs.
 *
 * @module
 */
import { CLASS_MARGIN, instanceMargin, type Stage } from '../../spec/index.js';
import { COMPARISONS, ENCODINGS, LEVELS } from '../../spec/rules.js';
import { type Bounds, type CaseCondition, type Domain, ENCODING_BOUNDS } from './condition.js';
import type { Facts } from './facts.js';
import { minimumsOf } from './minimums.js';

const ANY = Number.POSITIVE_INFINITY;

/** A value of a choice. */
type Value = readonly [
  id: string,
  what: string,
  holds: (facts: Facts) => boolean,
  domain?: Domain,
  required?: number,
];

/** The values of one choice. */
function choice(name: string, stage: Stage, values: readonly Value[], domain: Domain = {}): CaseCondition[] {
  return values.map(([id, what, holds, own = {}, required]) => ({
    id,
    what,
    choice: name,
    stage,
    domain: { ...domain, ...own },
    ...(required === undefined ? minimumsOf(id) : { required }),
    holds,
  }));
}

/** A range of a count, as a value of a choice. */
function between(
  name: string,
  unit: string,
  [least, most]: Bounds,
  of: (facts: Facts) => number,
  domain: Domain,
): Value {
  const range = most === ANY ? `${least}+` : least === most ? `${least}` : `${least}-${most}`;
  const words = most === ANY ? `at least ${least}` : least === most ? `${least}` : `${least} to ${most}`;
  const holds = (facts: Facts) => of(facts) >= least && of(facts) <= most;
  return [`${name}-${range}`, `${unit}: ${words}`, holds, domain];
}

const samples = ({ batch }: Facts) => batch.size;
const attributes = ({ batch }: Facts) => batch.attributes.length;
const kappa = ({ options }: Facts) => options.kappa;
const mostClasses = ({ batch }: Facts) =>
  batch.attributes.reduce((most, { columns }) => Math.max(most, columns.length), 0);

const SIZES: readonly Bounds[] = [
  [1, 24],
  [25, 64],
  [65, 257],
  [258, 1024],
  [1025, ANY],
];
const ATTRIBUTES: readonly Bounds[] = [
  [1, 1],
  [2, 8],
  [9, ANY],
];
const CLASSES: readonly Bounds[] = [
  [1, 8],
  [9, 64],
  [65, ANY],
];
const KAPPAS: readonly Bounds[] = [
  [1, 1],
  [2, 8],
  [9, 64],
  [65, ANY],
];

/** Margins above this exceed every distance between scores. */
const WIDE_MARGIN = 2;

function marginKind({ batch, options }: Facts): 'default' | 'zero' | 'one' | 'wide' | 'several' {
  const [first, ...others] = options.margin as [number, ...number[]];
  const standard = batch.attributes.map(({ columns }) =>
    options.level === 'class' ? CLASS_MARGIN : instanceMargin(columns.length),
  );
  if (options.margin.every((margin, j) => margin === standard[j])) return 'default';
  if (others.some((margin) => margin !== first)) return 'several';
  return first === 0 ? 'zero' : first > WIDE_MARGIN ? 'wide' : 'one';
}

const isMargin = (kind: ReturnType<typeof marginKind>) => (facts: Facts) => marginKind(facts) === kind;

const isRange = ({ options: { range, level } }: Facts) =>
  range[0] === (level === 'class' ? -1 : 0) && range[1] === (level === 'class' ? 1 : 2);

const bins =
  (least: number, most: number) =>
  ({ options }: Facts) =>
    options.bins >= least && options.bins <= most;

/** All choices, in the order of a walk. */
export const drawnConditions: readonly CaseCondition[] = [
  ...choice(
    'encoding',
    'selectMinority',
    ENCODINGS.map(
      (name): Value => [
        `${name}-labels`,
        `the labels are ${name}`,
        ({ batch }) => batch.encoding === name,
        {
          encoding: [name],
          ...ENCODING_BOUNDS[name],
        },
      ],
    ),
  ),
  ...choice(
    'size',
    'selectMinority',
    SIZES.map((bounds) => between('samples', 'samples', bounds, samples, { samples: bounds })),
  ),
  ...choice(
    'attributes',
    'selectMinority',
    ATTRIBUTES.map((bounds) =>
      between('attributes', 'attributes', bounds, attributes, { attributes: bounds }),
    ),
  ),
  ...choice(
    'classes',
    'selectMinority',
    CLASSES.map((bounds) =>
      between('classes', 'most classes of an attribute', bounds, mostClasses, { classes: bounds }),
    ),
  ),
  ...choice('labelling', 'selectMinority', [
    ['labelled', 'every sample is labelled', ({ labels }) => !labels.has('unlabelled')],
    [
      'unlabelled',
      'some samples are unlabelled',
      ({ labels }) => labels.has('unlabelled'),
      { encoding: ['categorical', 'multi-label'] },
    ],
  ]),
  ...choice('ρ', 'selectMinority', [
    ['rho-half', 'ρ is 0.5', ({ options }) => options.rho === 0.5],
    ['rho-below-half', 'ρ is below 0.5', ({ options }) => options.rho < 0.5],
    ['rho-above-half', 'ρ is between 0.5 and 1', ({ options }) => options.rho > 0.5 && options.rho < 1],
    ['rho-one', 'ρ is 1', ({ options }) => options.rho === 1],
  ]),
  ...choice(
    'level',
    'mineHardSamples',
    LEVELS.map(
      (name): Value => [
        `${name}-level`,
        `hardness is at ${name} level`,
        ({ options }) => options.level === name,
        { level: [name] },
      ],
    ),
  ),
  ...choice('scores', 'mineHardSamples', [
    [
      'probabilities',
      'scores are probabilities',
      ({ batch }) => batch.scored && !batch.fromLogits,
      { scores: ['probabilities'] },
    ],
    ['logits', 'scores are logits', ({ batch }) => batch.scored && batch.fromLogits, { scores: ['logits'] }],
  ]),
  ...choice(
    'κ',
    'mineHardSamples',
    KAPPAS.map((bounds) => between('kappa', 'κ', bounds, kappa, { kappa: bounds })),
  ),
  ...choice(
    'features',
    'mineHardSamples',
    [
      [
        'features-shared',
        'all attributes share the features',
        ({ batch }) => batch.features?.perAttribute === false,
      ],
      [
        'features-by-attribute',
        'each attribute has its own features',
        ({ batch }) => batch.features?.perAttribute === true,
      ],
    ],
    { level: ['instance'] },
  ).map(atInstanceLevel),
  ...choice(
    'width',
    'mineHardSamples',
    [
      [
        'width-1-9',
        'features of 1 to 9 numbers',
        ({ batch }) => batch.features !== undefined && batch.features.width <= 9,
      ],
      ['width-10+', 'features of at least 10 numbers', ({ batch }) => (batch.features?.width ?? 0) > 9],
    ],
    { level: ['instance'] },
  ).map(atInstanceLevel),
  ...choice(
    'comparison',
    'rectificationLoss',
    COMPARISONS.map(
      (name): Value => [
        `${name}-comparison`,
        `the comparison is ${name}`,
        ({ options }) => options.comparison === name,
        { comparison: [name] },
      ],
    ),
  ),
  ...choice(
    'margin',
    'rectificationLoss',
    [
      ['margin-default', 'the margin is the default', isMargin('default')],
      ['margin-zero', 'the margin is 0', isMargin('zero')],
      ['margin-set', 'the margin is set, the same for all attributes, up to 2', isMargin('one')],
      ['margin-wide', 'the margin is above 2', isMargin('wide')],
      ['margins-differ', 'attributes have different margins', isMargin('several'), { attributes: [2, ANY] }],
    ],
    { comparison: ['relative', 'absolute'] },
  ).map(whereCompared),
  ...choice(
    'bins',
    'rectificationLoss',
    [
      ['bins-2', 'τ is 2', bins(2, 2)],
      ['bins-17', 'τ is 17', bins(17, 17)],
      [
        'bins-other',
        'τ is 3 to 256, but not 17',
        ({ options }) => options.bins > 2 && options.bins <= 256 && options.bins !== 17,
      ],
      ['bins-257+', 'τ is at least 257', bins(257, ANY)],
    ],
    { comparison: ['distribution'] },
  ).map(whereCompared),
  ...choice(
    'range',
    'rectificationLoss',
    [
      ['range-default', 'the histograms have their default range', isRange],
      ['range-set', 'the range of the histograms is set', (facts) => !isRange(facts)],
    ],
    { comparison: ['distribution'] },
  ).map(whereCompared),
  ...choice('α', 'balancedLoss', [
    ['alpha-zero', 'α is 0', ({ options }) => options.alpha === 0],
    ['alpha-small', 'α is above 0 and below 0.01', ({ options: { alpha } }) => alpha > 0 && alpha < 0.01],
    ['alpha-half', 'α is 0.5', ({ options }) => options.alpha === 0.5],
    [
      'alpha-other',
      'α is at least 0.01 and below 1, but not 0.5',
      ({ options: { alpha } }) => alpha >= 0.01 && alpha < 1 && alpha !== 0.5,
    ],
    ['alpha-one', 'α is 1', ({ options }) => options.alpha === 1],
  ]),
];

/** Features that are given beside scores at class level are not read there. */
function atInstanceLevel(condition: CaseCondition): CaseCondition {
  return {
    ...condition,
    holds: (facts) => facts.options.level === 'instance' && condition.holds(facts),
  };
}

/** Options that the comparison does not read are not tested by it. */
function whereCompared(condition: CaseCondition): CaseCondition {
  const { comparison = COMPARISONS } = condition.domain;
  return {
    ...condition,
    holds: (facts) => comparison.includes(facts.options.comparison) && condition.holds(facts),
  };
}
