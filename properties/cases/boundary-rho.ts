/**
 * ρ at its limit: where ρ·n_j is the size of a prefix of classes.
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
  const labelled = batch.encoding === 'one-attribute' ? batch.size : sizes.reduce((a, b) => a + b, 0);
  let held = 0;
  const reachable = sizes
    .map((size) => {
      held += size;
      return held / (labelled || 1);
    })
    .filter((rho) => rho > 0 && rho <= 1);
  const rho = reachable.length === 0 ? 0.5 : (reachable[choice % reachable.length] as number);
  return below ? rho * (1 - 2 ** -53) : rho;
}
