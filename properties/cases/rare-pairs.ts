/**
 * Cases in which choices meet that seldom do: large batches, many classes and attributes and a large κ with every
 * margin, τ and α. Drawn at random, a run of some thousand cases misses some of these pairs.
 *
 * The plan is a covering array. Every kind of margin or histogram is asked at every size; going from one case to the
 * next, the other choices step by different strides, so that each two of their values meet too.
 *
 * @module
 */
import type fc from 'fast-check';
import type { BalancedOptions } from '../../spec/index.js';
import type { Case } from './arbitraries.js';
import { type CaseCapabilities, narrowed, type Within } from './case-capabilities.js';
import { combined } from './combined.js';
import type { CombinedOptions } from './drawn.js';

/** One planned case. */
interface Planned {
  readonly within: Within;
  readonly drawn: CombinedOptions;
}

/** What every size meets: a margin, or a number of bins. */
type Kind = 'default' | 'zero' | 'set' | 'wide' | 'by-attribute' | 2 | 17 | 33 | 300;

const KINDS: readonly Kind[] = ['default', 'zero', 'set', 'wide', 'by-attribute', 2, 17, 33, 300];
const SIZES = [26, 66, 260, 1025];
const CLASSES = [2, 13, 129];
const ATTRIBUTES = ['one', 'several', 'many'] as const;
const KAPPAS = [1, 3, 33, 65];
const RHOS = ['half', 'one', 'below', 'above'] as const;
/** In this order each of 0, 0.5 and 1 meets the margins that are rare. */
const ALPHAS = [0, 0.3, 0.005, 0.5, 1];

const at = <T>(values: readonly T[], place: number) => values[place % values.length] as T;

/** The margin or τ of a kind, for a number of attributes. */
function optionsOf(kind: Kind, attributes: number): Partial<BalancedOptions> {
  if (typeof kind === 'number') return { bins: kind };
  if (kind === 'default') return {};
  const margin = { zero: 0, set: 0.25, wide: 3, 'by-attribute': 0.25 }[kind];
  const step = kind === 'by-attribute' ? 0.25 : 0;
  return { margin: Array.from({ length: attributes }, (_, j) => margin + j * step) };
}

/** ρ where a class of three is the only minority of 66 samples and more: the batch has few anchors then, and is cheap. */
const FEW_ANCHORS = { rho: 0.05 };

function planned(s: number, o: number): Planned {
  const kind = at(KINDS, o);
  const size = at(SIZES, s);
  const classes = at(CLASSES, s + o);
  const kappa = at(KAPPAS, s + o + 3);
  const isLargeKappa = kappa > 64;
  const attributes =
    kind === 'by-attribute' ? at(ATTRIBUTES.slice(1), s) : at(ATTRIBUTES, o + 2 * s + Math.floor(o / 3));
  const alpha = at(ALPHAS, o + 2 * s);
  const isVeryLarge = size > 1024;
  // many classes have few samples each
  const isDear = isLargeKappa && size > 64 && (classes < 64 || isVeryLarge);
  const hasFewAnchors = isDear || (attributes === 'many' && isVeryLarge);
  const isBinned = typeof kind === 'number';
  const encoding =
    classes === 2 && (s + o) % 2 === 0
      ? 'multi-label'
      : attributes === 'one' && kappa < 9 && classes > 2
        ? 'one-attribute'
        : 'categorical';
  return {
    within: {
      encoding,
      // all distances of many attributes would take too long
      level:
        attributes === 'many' && isVeryLarge ? 'class' : at(['class', 'instance'] as const, (o >> 1) + s),
      comparisons: [isBinned ? 'distribution' : at(['relative', 'absolute'] as const, s + (o >> 1))],
    },
    drawn: {
      sizes: [size],
      classCounts: [classes],
      kappas: [kappa],
      mostPadded: 35_000_000,
      fixed: (count) => ({
        ...optionsOf(kind, count),
        alpha,
        ...(isLargeKappa ? { kappa } : {}), // which is not lowered
        ...(hasFewAnchors ? FEW_ANCHORS : {}),
      }),
      only: {
        attributes: [attributes],
        classes: ['few'],
        shape: ['rare'],
        // of logits the number of classes is limited
        form: [classes > 64 ? 'probabilities' : at(['probabilities', 'logits'] as const, s + (o >> 1))],
        unlabelled: [at(['none', 'some'] as const, o)],
        rho: [isLargeKappa ? 'half' : at(RHOS, s + 2 * (o >> 1) + (o >> 3))], // so that κ is affordable
        margin: ['default'],
        range: [at(['default', 'upper'] as const, s + (o >> 1))],
        features: [at(['wide', 'lattice'] as const, o + s)],
        featuresBy: [at(['batch', 'attribute'] as const, (o + s) >> 1)],
      },
    },
  };
}

const PLAN: readonly Planned[] = KINDS.flatMap((_, o) => SIZES.map((_, s) => planned(s, o)));

/** The planned cases, as far as a backend supports them. */
export function rarePairs(supports: CaseCapabilities): readonly fc.Arbitrary<Case>[] {
  return PLAN.map(({ within, drawn }) => combined(narrowed(supports, within), drawn));
}
