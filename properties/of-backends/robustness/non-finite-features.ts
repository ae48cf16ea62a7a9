/**
 * Features that are NaN or infinite must not go unnoticed in training (ruling: non-finite features).
 *
 * A batch is checked before a backend sees it (property `features-refused`). The tensors of a training step are not,
 * since that would read them back from the device.
 *
 * @module
 */
import { type Batch, type Features, mineHardSamples, selectMinority } from '../../../spec/index.js';
import type { Case } from '../../cases/arbitraries.js';
import { withComponents } from '../../cases/changed-numbers.js';
import type { Way } from '../../coverage/index.js';
import { needsTraining, type Property } from '../../property.js';
import { few, half, needsInstanceLevel } from './few-instance-cases.js';
import { demandSurfaces } from './surfaces-in-training.js';

/** The properties of features that are not finite. */
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
      const { batch } = given;
      const broken = { ...given, batch: withFeature(batch, place, bad) };
      await demandSurfaces(subject, broken, namesOf(batch, place), bad);
    },
  },
];

const BAD = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/** What a sample is to an attribute that has anchors. `other`: it is labelled, but was not mined. */
type Role = 'anchor' | 'mined' | 'other';

/** In these turns, as far as a case has them: few have samples that were not mined. */
const ROLES: readonly Role[] = ['other', 'anchor', 'other', 'mined', 'other'];

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
  const present = ROLES.filter((role) => samples[role].length > 0);
  // where the turn is that of a role without samples, another has it
  const roles = ROLES.map((role, turn) =>
    samples[role].length > 0 ? role : present[(turn >> 1) % present.length],
  );
  const role = roles[lot % ROLES.length];
  if (role === undefined) return { place: undefined, bad };
  const ofRole = samples[role];
  const { attribute, sample } = ofRole[Math.floor(lot / ROLES.length) % ofRole.length] as AttributeSample;
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
  return withComponents(batch, (x, t, i, j) => (j === matrix && i === sample && t === component ? value : x));
}
