/**
 * A wrong backend, and how most of them are made.
 *
 * @module
 */
import type { Backend, BalancedLoss, BalancedOptions, Batch, Capabilities } from '../../spec/index.js';
import type { TrainingLoss } from '../property.js';
import { composeBackend, type Stages, type WholeBackend } from './compose.js';

/** A wrong backend, its error, and the property that must catch it. */
export interface WrongBackend {
  readonly id: string;
  /** What it gets wrong, in a few words. */
  readonly error: string;
  /** The property that is meant for such errors; others may fail too. */
  readonly caughtBy: string;
  readonly backend: Backend;
  /** The fewest samples on which the error shows, if those are many. */
  readonly least?: number;
  /** How it trains, if the error is there. */
  readonly train?: TrainingLoss;
}

/** A backend that is right except for the stages given. */
export function wrongStages(
  id: string,
  error: string,
  caughtBy: string,
  wrong: Partial<Stages>,
  supports: Partial<Capabilities> = {},
): WrongBackend {
  return { id, error, caughtBy, backend: composeBackend(id, wrong, supports) };
}

/** A backend whose wrong operations wrap the right ones. */
export function wrapped(
  id: string,
  error: string,
  caughtBy: string,
  wrap: (right: WholeBackend) => Partial<Backend>,
): WrongBackend {
  const right = composeBackend(id, {});
  return { id, error, caughtBy, backend: { ...right, ...wrap(right) } };
}

/**
 * Returns earlier results of the whole walk wherever the key is the same; the key lacks something.
 *
 * @param keyOf - the key of a call, to be written as JSON; `identity` tells one batch from another
 */
export function caching(
  keyOf: (batch: Batch, options: BalancedOptions, identity: number) => unknown,
): (right: WholeBackend) => Partial<Backend> {
  return (right) => {
    const identities = new WeakMap<Batch, number>();
    const results = new Map<string, BalancedLoss>();
    let batches = 0;
    return {
      balancedLoss(batch, options) {
        const identity = identities.get(batch) ?? batches++;
        identities.set(batch, identity);
        const key = JSON.stringify(keyOf(batch, options, identity));
        const found = results.get(key) ?? right.balancedLoss(batch, options);
        results.set(key, found);
        return found;
      },
    };
  };
}
