/**
 * Which members of a class are anchors in a case (ruling: easy anchors).
 *
 * @module
 */
import type { AnchorChoice, Batch } from '../../spec/index.js';
import type { CaseCapabilities } from './case-capabilities.js';
import { PLACE } from './drawn.js';
import { mixed } from './mixed.js';

/** Of so many cases, one has easy anchors. */
const ONE_IN = 4;

/**
 * The choice of anchors of a case: easy ones in every fourth case of a backend that has them and of a batch that
 * has scores to choose them by.
 *
 * It is drawn by place from a number that is drawn anyway, so that all else in a case is the same for a backend
 * that has easy anchors and for one that has not.
 *
 * @param seed - 0 gives `all`, the simpler choice
 */
export function anchorChoice(
  { anchors = ['all'] }: Pick<CaseCapabilities, 'anchors'>,
  { scored }: Pick<Batch, 'scored'>,
  seed: number,
): AnchorChoice {
  const isDrawn = mixed(seed, PLACE.anchors) % ONE_IN === 1;
  return isDrawn && scored && anchors.includes('easy') ? 'easy' : 'all';
}
