/**
 * Wrong backends that the suite must catch: errors found in public implementations, and others that
 * could have been made; one each.
 *
 * @module
 */
import { absolute } from './absolute.js';
import { balance } from './balance.js';
import { distribution } from './distribution.js';
import { instance } from './instance.js';
import { mining } from './mining.js';
import { minority } from './minority.js';
import { relative } from './relative.js';
import { robustness } from './robustness.js';
import { training } from './training.js';
import { triplets } from './triplets.js';
import { walk } from './walk.js';
import type { WrongBackend } from './wrong-backend.js';
import { wrongOnOddities } from './wrong-on-oddities.js';

export type { WrongBackend } from './wrong-backend.js';

/** All wrong backends, in the order of the walk. */
export const wrongBackends: readonly WrongBackend[] = [
  ...minority,
  ...mining,
  ...triplets,
  ...relative,
  ...absolute,
  ...distribution,
  ...instance,
  ...balance,
  ...walk,
  ...training,
  ...robustness,
  ...wrongOnOddities,
];
