/**
 * Features that are NaN or infinite, and distances that overflow (ruling: non-finite features).
 *
 * A batch is checked before a backend sees it (property `features-refused`). The tensors of a training step are not,
 * since that would read them back from the device. A distance may become infinite in a valid batch, too: its square
 * overflows long before a feature does.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import {
  type Batch,
  type Capabilities,
  type Comparison,
  type Features,
  isInputError,
  mineHardSamples,
  selectMinority,
} from '../../../spec/index.js';
import { type Case, cases } from '../../cases/arbitraries.js';
import { type CaseCapabilities, narrowed } from '../../cases/case-capabilities.js';
import type { Way } from '../../coverage/index.js';
import { demand, demandNear, needsTraining, type Property, type Subject } from '../../property.js';
import { lossAllowance, partAllowances, roundoff } from '../../tolerance/index.js';
import { entries, wholeWalk } from '../../walk.js';

/** The properties of features that are not finite, and of distances that are not. */
export const nonFiniteFeatures: readonly Property[] = [
  {
    id: 'non-finite-feature-surfaces',
    stage: 'balancedLoss',
    source: 'ruling: non-finite features',
    claim:
      'In training, a feature that is NaN or infinite is refused by its place, or makes L NaN or infinite: that of an anchor, of a mined sample, and of any other sample that could have been mined.',
    required: true,
    inapplicable: (subject) => needsInstanceLevel(subject) ?? needsTraining(subject),
    runs: half,
    cases: few,
    ways: (_, given) => {
      const { place, bad } = brokenIn(given);
      if (place === undefined) return [];
      return [Number.isNaN(bad) ? 'step-nan-feature' : 'step-infinite-feature', ROLE_WAYS[place.role]];
    },
    async check(subject, given) {
      const { place, bad } = brokenIn(given);
      if (place === undefined) return;
      const { batch, options } = given;
      const train = subject.train as NonNullable<Subject['train']>;
      let loss: number;
      try {
        ({ loss } = await train(withFeature(batch, place, bad), { ...options, alpha: 0.5 }));
      } catch (error) {
        if (!isInputError(error)) throw error;
        const names = namesOf(batch, place);
        demand(names.includes(error.where), 'the refusal', names[0], error.where);
        return;
      }
      const [name] = namesOf(batch, place);
      demand(!Number.isFinite(loss), `L with ${name} = ${bad}`, 'NaN or an infinity', loss);
    },
  },
  {
    id: 'overflowing-distance-surfaces',
    stage: 'balancedLoss',
    source: 'ruling: non-finite features',
    claim:
      'With features so large that squares of distances overflow, or nearly do, L and L_crl are each NaN, infinite, or what the true distances give; where L is finite, so is its gradient.',
    required: true,
    inapplicable: needsInstanceLevel,
    runs: half,
    cases: few,
    ways: ({ backend }, { shuffle }) => [FACTOR_WAYS[exponentOf(backend.supports, shuffle).at]],
    async check({ backend }, given) {
      const { supports } = backend;
      const { exponent } = exponentOf(supports, given.shuffle);
      const factor = 2 ** exponent;
      const { expected, allowed } = trueParts(given, exponent, supports); // before the backend may write to the batch
      const options = { ...given.options, alpha: 0.5 };
      const found = await backend.balancedLoss(withLargeFeatures(given.batch, factor), options);
      for (const [part, name] of [
        ['rectification', 'L_crl'],
        ['loss', 'L'],
      ] as const) {
        if (!Number.isFinite(found[part])) continue;
        const what = `${name}, which is finite, of the features times 2^${exponent}`;
        // a finite number is nothing like one that no number is large enough for
        demandNear(what, found[part], expected[part], Number.isFinite(expected[part]) ? allowed[part] : 0);
      }
      if (!Number.isFinite(found.loss) || !supports.gradient) return;
      for (const gradient of [found.gradient, found.featureGradient as NdArray]) {
        const wrong = entries(gradient).find((x) => !Number.isFinite(x));
        demand(
          wrong === undefined,
          `the gradient of a finite L of the features times 2^${exponent}`,
          'finite',
          wrong,
        );
      }
    },
  },
];

function few(supports: CaseCapabilities): ReturnType<typeof cases> {
  const within = narrowed(supports, { level: 'instance' });
  return cases(within, { samples: 8, blockEdges: false, triplets: true });
}

/** A case says much here, and a run has many others. */
function half(asked: number): number {
  return Math.ceil(asked / 2);
}

function needsInstanceLevel({ backend }: Subject): string | undefined {
  const { levels } = backend.supports;
  return levels.includes('instance') ? undefined : 'the backend does not support instance level';
}

const BAD = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/** What a sample is to an attribute that has anchors. `other`: it is labelled, but was not mined. */
type Role = 'anchor' | 'mined' | 'other';

const ROLES: readonly Role[] = ['anchor', 'mined', 'other'];

const ROLE_WAYS = {
  anchor: 'non-finite-feature-of-an-anchor',
  mined: 'non-finite-feature-of-a-mined-sample',
  other: 'non-finite-feature-of-another-sample',
} as const satisfies Record<Role, Way>;

interface Place {
  readonly role: Role;
  readonly matrix: number;
  readonly sample: number;
  readonly component: number;
}

/** The feature that is replaced in a case, and by what; no place where there are no anchors with a candidate. */
function brokenIn(given: Case): { readonly place: Place | undefined; readonly bad: number } {
  const { shuffle } = given;
  const bad = BAD[shuffle % BAD.length] as number;
  const lot = Math.floor(shuffle / BAD.length);
  const samples = rolesIn(given);
  const roles = ROLES.filter((role) => samples[role].length > 0);
  const role = roles[lot % (roles.length || 1)];
  if (role === undefined) return { place: undefined, bad };
  const ofRole = samples[role];
  const { attribute, sample } = ofRole[Math.floor(lot / roles.length) % ofRole.length] as AttributeSample;
  const { perAttribute, width } = given.batch.features as Features;
  const place = { role, matrix: perAttribute ? attribute : 0, sample, component: lot % width };
  return { place, bad };
}

interface AttributeSample {
  readonly attribute: number;
  readonly sample: number;
}

/** The samples of every role; those that the loss compares, and those that it could have. */
function rolesIn({ batch, options }: Case): Readonly<Record<Role, readonly AttributeSample[]>> {
  const everyMember = { ...options, anchors: 'all' } as const;
  const { anchors } = mineHardSamples(batch, selectMinority(batch, options), everyMember);
  const compared = anchors.filter(({ positives, negatives }) =>
    options.comparison === 'absolute'
      ? positives.length + negatives.length > 0
      : positives.length > 0 && negatives.length > 0,
  );
  const found: Record<Role, AttributeSample[]> = { anchor: [], mined: [], other: [] };
  for (const attribute of new Set(compared.map((each) => each.attribute))) {
    const own = compared.filter((each) => each.attribute === attribute);
    const isAnchor = new Set(own.map(({ sample }) => sample));
    const isMined = new Set(own.flatMap(({ positives, negatives }) => [...positives, ...negatives]));
    for (let sample = 0; sample < batch.size; sample++) {
      if (batch.labelled.get(sample, attribute) !== 1) continue;
      const role = isAnchor.has(sample) ? 'anchor' : isMined.has(sample) ? 'mined' : 'other';
      found[role].push({ attribute, sample });
    }
  }
  return found;
}

/** The names that an error may give a feature; where there is a single matrix, it may be taken for a shared one. */
function namesOf({ features }: Batch, { matrix, sample, component }: Place): string[] {
  const [shared, own] = ['', `[${matrix}]`].map((which) => `features${which}[${sample}][${component}]`);
  const { perAttribute, matrices } = features as Features;
  const names = [...(perAttribute ? [own] : []), ...(matrices.length === 1 ? [shared] : [])];
  return names as string[];
}

function withFeature(batch: Batch, { matrix, sample, component }: Place, value: number): Batch {
  return withComponents(batch, (x, j, i, t) => (j === matrix && i === sample && t === component ? value : x));
}

/** Multiplies the features by a power of two, which rounds nothing. */
function withLargeFeatures(batch: Batch, factor: number): Batch {
  return withComponents(batch, (x) => x * factor);
}

function withComponents(
  batch: Batch,
  change: (x: number, matrix: number, sample: number, component: number) => number,
): Batch {
  const { width, matrices, ...features } = batch.features as Features;
  const changed = matrices.map((matrix, j) => {
    const data = entries(matrix).map((x, at) => change(x, j, Math.floor(at / width), at % width));
    return ndarray(Float64Array.from(data), [batch.size, width]);
  });
  return { ...batch, features: { ...features, width, matrices: changed } };
}

/**
 * Powers of two that lattice features of up to 2^12 are multiplied by: squares of distances are large; those of
 * distances from 2 on overflow, but not those of 1; all of distances but 0 overflow.
 */
const EXPONENTS: Readonly<Record<Capabilities['precision'], readonly [number, number, number]>> = {
  float32: [55, 63, 100],
  float64: [55, 511, 1000],
};

const FACTOR_WAYS = [
  'squares-large',
  'squares-overflow-in-part',
  'squares-overflow',
] as const satisfies Way[];

function exponentOf({ precision }: Capabilities, shuffle: number): { at: 0 | 1 | 2; exponent: number } {
  const at = (shuffle % 3) as 0 | 1 | 2;
  return { at, exponent: EXPONENTS[precision][at] };
}

/** The powers that L_crl grows by where distances do; two factors, since the square of one may overflow. */
const GROWTH: Readonly<Record<Comparison, readonly number[]>> = {
  relative: [1],
  absolute: [1, 1],
  distribution: [],
};

/** From this factor on, lattice features that are not equal lie farther apart than any range of a case reaches. */
const OUTSIDE: Readonly<Record<Capabilities['precision'], number>> = { float32: 2 ** 3, float64: 2 ** 29 };

/**
 * L_crl and L of the true distances, and their allowances, without a number that overflows before the end.
 *
 * The margin is divided by the power of two instead of multiplying the features by it. For the distribution
 * comparison the features are multiplied by a smaller power: from there on no distance but 0 lies within the range.
 */
function trueParts({ batch, options, shuffle }: Case, exponent: number, { precision }: Capabilities) {
  const { comparison } = options;
  const u = roundoff({ precision });
  const walk =
    comparison === 'distribution'
      ? wholeWalk({ batch: withLargeFeatures(batch, OUTSIDE[precision]), options, shuffle })
      : wholeWalk({
          batch,
          options: { ...options, margin: options.margin.map((m) => m * 2 ** -exponent) },
          shuffle,
        });
  const grown = (x: number) =>
    GROWTH[comparison].reduce((product, power) => product * 2 ** (power * exponent), x);
  const rectification = grown(walk.balanced.rectification);
  const { crossEntropy } = walk.balanced;
  const loss = 0.5 * rectification + 0.5 * crossEntropy;
  const crl = grown(lossAllowance(walk, u).loss);
  return {
    expected: { rectification, loss },
    allowed: partAllowances(batch, { loss, crossEntropy }, crl, u),
  };
}
