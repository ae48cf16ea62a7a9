/**
 * Agreement with the specification where only the easy members of a class are anchors (ruling: easy anchors).
 *
 * Other properties draw easy anchors for a part of their cases. These draw nothing else, so that a few cases tell
 * whether a backend has the option right.
 *
 * @module
 */
import { bothForms, cases } from '../cases/arbitraries.js';
import type { Property, Subject } from '../property.js';
import { checkMining, checkWhole } from './agreement-checks.js';

/** Properties of the option `anchors: 'easy'`. */
export const easyAnchors: readonly Property[] = [
  {
    id: 'easy-anchors-mined',
    stage: 'mineHardSamples',
    source: 'ruling: easy anchors',
    claim:
      'With easy anchors, the anchors and their hard samples are those of the specification: of each class the κ members that score highest on it, and hard samples among all samples.',
    required: true,
    inapplicable: needsEasyAnchors,
    runs: (asked) => 2 * asked, // a case is cheap, and few have an absent side with more than κ members
    cases: (supports) => cases(supports, { anchors: 'easy' }),
    check: checkMining,
  },
  {
    id: 'easy-anchors-balanced',
    stage: 'balancedLoss',
    source: 'Eq. 8; rulings: easy anchors, |T|',
    claim: 'With easy anchors, L, its parts, its counts and its gradient agree with the specification.',
    required: true,
    inapplicable: needsEasyAnchors,
    cases: (supports) => bothForms(supports, { anchors: 'easy' }),
    check: checkWhole,
  },
];

function needsEasyAnchors({ backend }: Subject): string | undefined {
  return backend.supports.anchors?.includes('easy')
    ? undefined
    : 'the backend declares that it has no easy anchors (supports.anchors)';
}
