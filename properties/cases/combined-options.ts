/**
 * The options of combined cases.
 *
 * @module
 */
import {
  type AnchorChoice,
  type BalancedOptions,
  type Batch,
  type Options,
  resolveOptions,
  selectMinority,
} from '../../spec/index.js';
import { logUniformAlpha, TRAINED_ALPHAS } from './alphas.js';
import { boundaryRho, sufficientRho } from './boundary-rho.js';
import type { Choices } from './choices.js';
import { type Drawn, PLACE, type Wanted } from './drawn.js';
import { mixed, pick } from './mixed.js';
import { LARGE_KAPPAS, LARGE_MARGINS, MANY_BINS } from './oddities.js';

/** The options that the choices ask for, for a batch; κ is lowered where the case would take long. */
export function optionsOf(
  drawn: Drawn,
  wanted: Wanted,
  batch: Batch,
  attributes: number,
  anchors: AnchorChoice,
): BalancedOptions {
  const options = resolveOptions(batch, {
    level: drawn.level,
    comparison: drawn.comparison,
    anchors,
    rho: rhoOf(drawn, batch),
    kappa: kappaOf(drawn, wanted),
    bins: binsOf(drawn, wanted),
    ...marginOf(drawn, wanted, attributes),
    ...rangeOf(drawn, wanted),
  });
  const kappa = affordable(batch, options, { mostTriplets: mostTriplets(drawn), ...wanted });
  return { ...options, kappa: Math.min(kappa, mostBinned(batch, options, wanted)), alpha: alphaOf(drawn) };
}

/** The largest κ whose pairs of all class columns, each with all bins, a backend of dense arrays can hold. */
function mostBinned(
  { size, columns }: Batch,
  { comparison, bins }: Pick<BalancedOptions, 'comparison' | 'bins'>,
  { widths }: Wanted,
): number {
  if (widths === undefined || comparison !== 'distribution') return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.floor(widths.binned / (size * columns.length * bins)));
}

function rhoOf({ rho, lot }: Drawn, batch: Batch): number {
  if (rho === 'boundary') {
    const below = pick([false, false, true], lot, PLACE.below);
    return boundaryRho(batch, { choice: mixed(lot, PLACE.boundary) % 100, below });
  }
  const drawn = {
    half: 0.5,
    below: pick([0.3, 0.1, 0.05], lot, PLACE.rho),
    above: pick([0.75, 0.6, 0.9], lot, PLACE.rho),
    one: 1,
  }[rho];
  const isSufficient = pick([true, true, true, true, true, false], lot, PLACE.sufficient);
  return isSufficient ? sufficientRho(batch, drawn, mixed(lot, PLACE.boundary)) : drawn;
}

function kappaOf({ kappa, lot, rows }: Drawn, { kappas }: Wanted): number {
  if (kappas) return pick(kappas, lot, PLACE.kappa);
  return {
    few: pick([1, 2, 3, 4, 5, 6], lot, PLACE.kappa),
    middling: pick([7, 16, 33, 64, 65, 257], lot, PLACE.kappa),
    'above-classes': rows.length + (mixed(lot, PLACE.kappa) % 4),
    'above-16-bits': pick(LARGE_KAPPAS, lot, PLACE.kappa),
  }[kappa];
}

/** Most cases are cheap; some have more triplets than 32,768, the largest int16. */
function mostTriplets({ lot }: Drawn): number {
  return mixed(lot, PLACE.dear) % 20 === 1 ? 40_000 : 4_000;
}

function binsOf({ bins, lot }: Drawn, { widths }: Wanted): number {
  return {
    seventeen: 17,
    few: pick([2, 5, 33, 64], lot, PLACE.bins),
    hundred: 100,
    many: pick(widths?.bins ?? MANY_BINS, lot, PLACE.bins),
  }[bins];
}

/** 0 puts ties, and 1 distances on a lattice, on the kink of the hinge. */
const MARGINS = [0.5, 0, 0.25, 1, 0.3, 2, 0.1];

function marginOf(
  { margin, lot }: Drawn,
  { widths }: Wanted,
  attributes: number,
): { margin?: number | number[] } {
  const one = (place: number) => pick(widths?.margins ?? MARGINS, lot, place);
  if (margin === 'default') return {};
  if (margin === 'by-attribute')
    return { margin: Array.from({ length: attributes }, (_, j) => one(PLACE.classes + j)) };
  if (margin === 'large') return { margin: pick(LARGE_MARGINS, lot, PLACE.margin) };
  return { margin: margin === 'on-kinks' ? pick([0.5, 0, 1], lot, PLACE.margin) : one(PLACE.margin) };
}

const RANGES: Record<Exclude<Choices['range'], 'default'>, readonly [number, number]> = {
  lower: [-1, 0.5],
  middle: [-0.5, 0.5], // a distance of one half lies on its ends
  upper: [0.25, 1.5],
  wide: [0, 4],
};

/** Instead of those, for a float64 backend: float32 holds none of their ends, and no node lies on a lattice of scores. */
const FINE_RANGES: Partial<typeof RANGES> = { lower: [-0.97, 0.53], wide: [-0.03, 3.7] };

/** At instance level, where most distances are 1 and more: above some of them, which have no slope then. */
const UPPER_AT_INSTANCE_LEVEL = [1.25, 4.25] as const;

function rangeOf(
  { range, lot, level }: Drawn,
  { coarse, widths }: Wanted,
): { range?: readonly [number, number] } {
  if (range === 'default') return {};
  if (range === 'wide' && widths) return { range: widths.range };
  if (range === 'upper' && level === 'instance') return { range: UPPER_AT_INSTANCE_LEVEL };
  const isFine = !coarse && pick([true, false], lot, PLACE.range);
  return { range: (isFine ? FINE_RANGES[range] : undefined) ?? RANGES[range] };
}

function alphaOf({ alpha, lot }: Drawn): number {
  const share = mixed(lot, PLACE.alpha) / 2 ** 32;
  return {
    half: 0.5,
    end: pick([1, 0], lot, PLACE.alpha),
    hundredths: Math.round(100 * share) / 100,
    'as-trained': pick(TRAINED_ALPHAS, lot, PLACE.alpha),
    'log-uniform': logUniformAlpha(share),
  }[alpha];
}

/** Of a graph of tensors, which pads the lists of every anchor to κ. */
const MOST_PADDED = 400_000;

/** The same where a graph only mines. */
const MOST_PADDED_LISTS = 4_000_000;

interface Limits extends Pick<Wanted, 'mostPadded' | 'mostMined'> {
  readonly mostTriplets: number;
}

/**
 * The largest κ, up to the one asked for, with which neither the specification, which lists all triplets, nor
 * a kernel that pads the lists of all anchors, takes long.
 */
function affordable(batch: Batch, options: Options, limits: Limits): number {
  const { mostTriplets, mostPadded = MOST_PADDED, mostMined } = limits;
  const { profile, minority } = selectMinority(batch, options);
  const sizes = minority.flatMap((classes, j) => classes.map((k) => profile[j]?.[k] as number));
  const anchorsOf = (h: number, kappa: number) => (options.anchors === 'easy' ? Math.min(h, kappa) : h);
  /** The sum over all anchors of what one has, given how many positives and negatives are mined for it. */
  const overAnchors = (kappa: number, has: (positives: number, negatives: number) => number) =>
    sizes.reduce(
      (sum, h) => sum + anchorsOf(h, kappa) * has(Math.min(kappa, h - 1), Math.min(kappa, batch.size - h)),
      0,
    );
  const triplets = (kappa: number) => overAnchors(kappa, (positives, negatives) => positives * negatives);
  const mined = (kappa: number) => overAnchors(kappa, (positives, negatives) => positives + negatives);
  const byColumn = options.level === 'class' || batch.encoding !== 'categorical';
  const lists = batch.size * (byColumn ? batch.columns : batch.attributes).length;
  const padded = (kappa: number) => {
    const negatives = Math.min(kappa, batch.size);
    const positives = Math.min(kappa, Math.ceil(options.rho * batch.size));
    if (options.comparison !== 'relative') return lists * negatives;
    // at class level, the κ hardest positives of a class stand for all of its anchors
    return options.level === 'class'
      ? batch.columns.length * (positives + 1) ** 2 * negatives
      : lists * positives * negatives;
  };
  const tooDear = (kappa: number) =>
    mostMined === undefined
      ? triplets(kappa) > mostTriplets || padded(kappa) > mostPadded
      : mined(kappa) > mostMined || lists * Math.min(kappa, batch.size) > MOST_PADDED_LISTS;
  let { kappa } = options;
  if (tooDear(kappa)) kappa = Math.min(kappa, batch.size);
  while (kappa > 1 && tooDear(kappa)) kappa = Math.floor(kappa * 0.8);
  return kappa;
}
