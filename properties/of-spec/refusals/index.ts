/**
 * Definitions of bad input: a single wrong value, in a random place, is refused by its code and place; a value
 * just inside the limits is accepted.
 *
 * @module
 */
import type { Definition } from '../definition.js';
import { ofBatches } from './batch.js';
import { ofChoices } from './choices.js';
import { ofFeatures } from './features.js';
import { ofStages } from './stages.js';

/** All definitions of refusals. */
export const refusals: readonly Definition[] = [...ofBatches, ...ofFeatures, ...ofChoices, ...ofStages];
