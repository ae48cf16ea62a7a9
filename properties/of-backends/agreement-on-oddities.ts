/**
 * Agreement on batches with something out of the ordinary.
 *
 * @module
 */
import type fc from 'fast-check';
import { bothForms, type Case, cases } from '../cases/arbitraries.js';
import type { CaseCapabilities } from '../cases/case-capabilities.js';
import { ODDITIES, type Oddity } from '../cases/oddities.js';
import { alternating } from '../cases/planned.js';
import type { Property } from '../property.js';
import { checkMinorityAndMining, checkWhole } from './agreement-checks.js';

const ODD =
  'On batches with something unusual (many attributes, wide or fine features, κ above 2^32, wide margins, many bins, signed zeros)';

/** Properties of unusual batches. */
export const onOddities: readonly Property[] = [
  {
    id: 'mining-agrees-on-oddities',
    stage: 'mineHardSamples',
    source: 'Eq. 3 to 7; ruling: mined order',
    claim: `${ODD}, the minority classes and the mined samples equal those of the specification.`,
    required: true,
    runs: (asked) => 2 * asked, // there are many kinds of oddities
    cases: oddCases,
    check: checkMinorityAndMining,
  },
  {
    id: 'balanced-agrees-on-oddities',
    stage: 'balancedLoss',
    source: 'Eq. 2 to 16',
    claim: `${ODD}, L, its parts, its counts and its gradient agree with the specification.`,
    required: true,
    search: true,
    runs: (asked) => 2 * asked, // there are many kinds of oddities
    cases: (supports) => alternating(...ODDITIES.map((oddities) => oddForms(supports, oddities))),
    check: checkWhole,
  },
];

/** Tiny scores are probabilities; logits so small would all be the same. */
function oddForms(supports: CaseCapabilities, oddities: readonly Oddity[]): fc.Arbitrary<Case> {
  return (oddities.includes('tiny-scores') ? cases : bothForms)(supports, { oddities });
}

function oddCases(supports: CaseCapabilities): fc.Arbitrary<Case> {
  return alternating(...ODDITIES.map((oddities) => cases(supports, { oddities })));
}
