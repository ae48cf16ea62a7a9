/**
 * Agreement where only the rounding of two distances decides whether a hinge is open.
 *
 * @module
 */
import { narrowed } from '../cases/case-capabilities.js';
import { combined } from '../cases/combined.js';
import type { Property, Subject } from '../property.js';
import { checkWhole } from './agreement-checks.js';

/** Properties of hinges that rounding decides. */
export const onRoundedHinges: readonly Property[] = [
  {
    id: 'rounded-hinges-agree',
    stage: 'balancedLoss',
    source: 'Eq. 9, 11; rulings: features, hinge',
    claim:
      'Without a margin, where distances are sums of the same squares in other orders, the gradient is that of distances whose components are added in their order: in mining and in L alike.',
    required: true,
    inapplicable: needsExactDistances,
    runs: (asked) => Math.ceil(asked / 3),
    cases: (supports) =>
      combined(narrowed(supports, { level: 'instance', comparisons: ['relative'] }), {
        sizes: [4, 6, 9, 12, 16],
        fixed: (attributes) => ({ margin: Array<number>(attributes).fill(0) }),
        only: {
          features: ['permutations'],
          attributes: ['one', 'several'],
          kappa: ['few'],
          alpha: ['half', 'hundredths', 'as-trained'],
        },
      }),
    check: checkWhole,
  },
];

function needsExactDistances({ backend }: Subject): string | undefined {
  const { precision, levels, comparisons } = backend.supports;
  if (precision === 'float32') return 'the backend computes in float32, which rounds otherwise';
  if (!levels.includes('instance')) return 'the backend declares no instance level (supports.levels)';
  if (!comparisons.includes('relative'))
    return 'the backend declares no relative comparison (supports.comparisons)';
  return undefined;
}
