/**
 * Agreement on batches that have something out of the ordinary.
 *
 * @module
 */
import fc from 'fast-check';
import type { Capabilities } from '../../spec/index.js';
import { type Case, cases } from '../cases/arbitraries.js';
import { ODDITIES } from '../cases/oddities.js';
import type { Property } from '../property.js';
import { roundoff } from '../tolerance/index.js';
import { checkGradient, checkMining, checkWalk, expectedOf } from './agreement.js';

const WHAT = 'many attributes, wide or fine features, κ past 2^32, wide margins, many bins, signed zeros';

/** Properties of batches that are seldom seen. */
export const onOddities: readonly Property[] = [
  {
    id: 'mining-agrees-on-oddities',
    stage: 'mineHardSamples',
    source: 'Eq. 4 to 7; ruling: mined order',
    claim: `With ${WHAT}, mined samples are the specification’s.`,
    required: true,
    runs: (asked) => 2 * asked, // there are many oddities
    cases: oddCases,
    check: checkMining,
  },
  {
    id: 'balanced-agrees-on-oddities',
    stage: 'balancedLoss',
    source: 'Eq. 2 to 16',
    claim: `With ${WHAT}, L, its parts, counts and derivative are the specification’s.`,
    required: true,
    runs: (asked) => 2 * asked, // there are many oddities
    cases: oddCases,
    async check({ backend }, given) {
      const u = roundoff(backend.supports);
      const known = expectedOf(given, u);
      const got = await backend.balancedLoss(given.batch, given.options);
      checkWalk(given, got, u, known);
      if (backend.supports.gradient) checkGradient(given, got.gradient, got.featureGradient, u, known);
    },
  },
];

function oddCases(supports: Capabilities): fc.Arbitrary<Case> {
  return fc.constantFrom(...ODDITIES).chain((oddity) => cases(supports, { oddity }));
}
