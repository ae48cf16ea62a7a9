/**
 * Properties of definitions that no backend computes: the specification alone must keep them.
 *
 * @module
 */
import fc from 'fast-check';
import {
  classBalancedAccuracy,
  createBatch,
  createSchema,
  histogram,
  imbalance,
  instanceMargin,
  isInputError,
  minorityClasses,
  predictedClasses,
  predictedLabels,
  rectificationWeight,
  resolveOptions,
} from '../spec/index.js';

/** A property of the specification itself. */
export interface Definition {
  readonly id: string;
  /** The ruling it comes from. */
  readonly source: string;
  readonly property: fc.IRawProperty<unknown>;
}

const counts = fc.array(fc.nat(50), { minLength: 1, maxLength: 8 }).filter((h) => h.some((k) => k > 0));
const close = (a: number, b: number) => Math.abs(a - b) <= 1e-12;

/** All of them. */
export const definitions: readonly Definition[] = [
  define('imbalance-bounded', 'Ω', fc.tuple(counts, fc.integer({ min: 2, max: 9 })), ([h, factor]) => {
    const largest = h.reduce((a, b) => Math.max(a, b));
    const missing = h.reduce((sum, k) => sum + (largest - k), 0);
    return (
      close(imbalance([h]), missing / (largest * h.length)) &&
      (['shortfall', 'transport', 'ratio'] as const).every((measure) => {
        const omega = imbalance([h], measure);
        const scaled = imbalance([h.map((k) => k * factor)], measure);
        return omega >= -1e-15 && omega <= 1 && close(omega, scaled);
      }) &&
      close(imbalance([h.map(() => factor)], 'shortfall'), 0) &&
      close(imbalance([h.map(() => factor)], 'transport'), 0) &&
      imbalance([h.map(() => factor)], 'ratio') === 1
    );
  }),
  define(
    'weight-bounded',
    'α',
    fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: -2, max: 4 })),
    ([omega, eta]) => {
      const alpha = eta * omega;
      if (alpha >= 0 && alpha <= 1) return rectificationWeight(omega, eta) === alpha;
      return refused(() => rectificationWeight(omega, eta));
    },
  ),
  define(
    'options-refused',
    'ρ, κ',
    fc.tuple(fc.double({ min: -1, max: 2 }), fc.double({ min: -3, max: 9 })),
    ([rho, kappa]) => {
      const schema = createSchema({ attributes: [2] });
      const goodRho = rho > 0 && rho <= 1;
      const goodKappa = Number.isInteger(kappa) && kappa >= 1;
      return (
        refused(() => resolveOptions(schema, { rho })) === !goodRho &&
        refused(() => resolveOptions(schema, { kappa })) === !goodKappa &&
        refused(() => resolveOptions(schema, { kappa: Math.trunc(kappa) })) === Math.trunc(kappa) < 1
      );
    },
  ),
  define('minority-at-one', 'ρ, κ', counts, (h) => {
    const all = minorityClasses(
      h,
      h.reduce((a, b) => a + b, 0),
      1,
    );
    return String(all) === String([...h.keys()].filter((k) => (h[k] as number) > 1));
  }),
  define('margin-default', 'margin', fc.integer({ min: 1, max: 50 }), (K) => {
    const schema = createSchema({ attributes: [K] });
    const [instance, ofClass] = [
      resolveOptions(schema, { level: 'instance' }).margin,
      resolveOptions(schema).margin,
    ];
    return instance[0] === (2 * Math.PI) / K && instance[0] === instanceMargin(K) && ofClass[0] === 0.5;
  }),
  define('batch-refused', 'probabilities', fc.double({ min: -0.001, max: 1.001 }), (score) => {
    const good = score >= -1e-6 && score <= 1 + 1e-6;
    const make = () => createBatch({ attributes: [1], labels: [[0]], scores: [[score]] });
    return good ? Object.is(make().scores.get(0, 0), score) : refused(make);
  }),
  define(
    'histogram-sums-to-one',
    'histogram',
    fc.tuple(
      fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1 }),
      fc.integer({ min: 2, max: 40 }),
    ),
    ([distances, bins]) => {
      const h = histogram(distances, { bins, range: [-1, 1] });
      // h_t by Eq. 15 as it is printed: the mean of max(0, 1 − |d − b_t|/Δ)
      const step = 2 / (bins - 1);
      const printed = h.map((_, t) => {
        const node = -1 + t * step;
        const shares = distances.map((d) =>
          Math.max(0, 1 - Math.abs(Math.min(1, Math.max(-1, d)) - node) / step),
        );
        return shares.reduce((a, b) => a + b, 0) / distances.length;
      });
      return (
        close(
          h.reduce((a, b) => a + b, 0),
          1,
        ) && h.every((x, t) => close(x, printed[t] as number))
      );
    },
  ),
  define(
    'predictions-defined',
    'prediction and A_bln',
    fc.array(fc.nat(4), { minLength: 1, maxLength: 6 }),
    (row) => {
      const scores = row.map((x) => x / 4);
      const [best] = predictedClasses([scores], scores.length) as [number];
      const present = predictedLabels([scores], scores.length)[0] as number[];
      return (
        scores.every((s, k) => s < (scores[best] as number) || (s === scores[best] && k >= best)) &&
        present.every((y, l) => y === +((scores[l] as number) >= 0.5))
      );
    },
  ),
  define(
    'balanced-accuracy-defined',
    'prediction and A_bln',
    fc.array(fc.tuple(fc.integer({ min: -1, max: 3 }), fc.nat(3)), { maxLength: 30 }),
    (pairs) => {
      const found = classBalancedAccuracy(
        pairs.map(([a]) => a),
        pairs.map(([, p]) => p),
        4,
      );
      const recalls = [0, 1, 2, 3].map((k) => {
        const own = pairs.filter(([a]) => a === k);
        return own.length === 0 ? null : own.filter(([a, p]) => a === p).length / own.length;
      });
      const known = recalls.filter((r) => r !== null);
      const mean = known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
      return (
        String(found.sensitivity) === String(recalls) &&
        String(found.empty) === String([0, 1, 2, 3].filter((k) => recalls[k] === null)) &&
        found.accuracy === mean
      );
    },
  ),
];

function define<T>(
  id: string,
  ruling: string,
  cases: fc.Arbitrary<T>,
  holds: (given: T) => boolean,
): Definition {
  return { id, source: `ruling: ${ruling}`, property: fc.property(cases, holds) as fc.IRawProperty<unknown> };
}

function refused(action: () => unknown): boolean {
  try {
    action();
    return false;
  } catch (error) {
    if (isInputError(error)) return true;
    throw error;
  }
}
