/**
 * The plain batch that a backend is given before all others.
 *
 * @module
 */
import { createBatch, resolveOptions } from '../../spec/index.js';
import type { Case } from './arbitraries.js';
import type { CaseCapabilities } from './case-capabilities.js';

/** Eighths, so that every precision holds them. */
const SCORES = [
  [0.75, 0.25],
  [0.625, 0.375],
  [0.25, 0.75],
  [0.5, 0.5],
  [0.875, 0.125],
  [0.375, 0.625],
];

/**
 * Six labelled samples of two classes, of the first kind that a backend supports, with default options: what is
 * compiled, sized or remembered for this batch alone is wrong for most others.
 */
export function plainCase({ encodings, levels, comparisons }: CaseCapabilities): Case {
  const [encoding = 'categorical'] = encodings;
  const level = levels.includes('class') ? 'class' : 'instance';
  const isSecond = SCORES.map((_, i) => i % 3 === 2);
  const batch = createBatch({
    attributes: [2],
    encoding,
    labels: isSecond.map((second) => (encoding === 'one-attribute' ? [+!second, +second] : [+second])),
    scores: encoding === 'multi-label' ? SCORES.map(([, present]) => [present as number]) : SCORES,
    ...(level === 'instance' ? { features: SCORES } : {}),
  });
  const [comparison = 'relative'] = comparisons;
  const options = { ...resolveOptions(batch, { level, comparison }), alpha: 0.5 };
  return { batch, options, shuffle: 0 };
}
