/**
 * ρ that a batch decides: at its limit, where ρ·n_j is the size of a prefix of classes, and large enough for a
 * minority class.
 *
 * @module
 */
import { type Batch, resolveOptions, selectMinority } from '../../spec/index.js';

/** Which limit to draw. */
export interface Boundary {
  readonly choice: number;
  /** Whether to take the next smaller ρ, so that ρ·n_j falls short by a rounding. */
  readonly below: boolean;
}

/** A ρ for which ρ·n_j equals, up to rounding, the size of some prefix of an attribute's classes. */
export function boundaryRho(batch: Batch, { choice, below }: Boundary): number {
  const { profile } = selectMinority(batch, resolveOptions(batch));
  const sizes = [...(profile[choice % profile.length] as number[])].sort((a, b) => a - b);
  const labelled = batch.encoding === 'one-attribute' ? batch.size : sum(sizes);
  let held = 0;
  const limits = sizes
    .map((size) => {
      held += size;
      return { held, rho: held / (labelled || 1) };
    })
    .filter(({ rho }) => rho > 0 && rho <= 1);
  // from 49 samples on, ρ·n_j of some of them falls short by the rounding of the quotient: held/n_j ≤ ρ says otherwise
  const short = limits.filter((one) => one.rho * labelled < one.held);
  const isShort = short.length > 0 && choice % 4 > 0;
  const reachable = isShort ? short : limits;
  const rho = reachable[choice % reachable.length]?.rho ?? 0.5;
  return below && !isShort ? rho * (1 - 2 ** -53) : rho;
}

/**
 * The ρ given, if a batch has a minority class with it; else the least with which one of its attributes has one, or
 * all that can, and half a sample more. Without a minority class there is no triplet and no pair, and most errors cannot show.
 *
 * @param choice - chooses the attribute; an even one, all of them
 */
export function sufficientRho(batch: Batch, rho: number, choice: number): number {
  const { profile, minority } = selectMinority(batch, resolveOptions(batch, { rho }));
  if (minority.some((classes) => classes.length > 0)) return rho;
  const enough = profile.flatMap((sizes) => {
    const labelled = batch.encoding === 'one-attribute' ? batch.size : sum(sizes);
    const ordered = [...sizes].sort((a, b) => a - b);
    const first = ordered.findIndex((size) => size > 1);
    const held = sum(ordered.slice(0, first + 1));
    // a class of all labelled samples has nothing to be compared with
    return first === -1 || held >= labelled ? [] : [(held + 0.5) / labelled];
  });
  if (enough.length === 0) return rho;
  return choice % 2 === 0 ? Math.max(...enough) : (enough[choice % enough.length] as number);
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a + b, 0);
}
