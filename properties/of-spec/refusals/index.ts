/**
 * Definitions of bad input: one thing wrong, in a place drawn, is refused by its code and that place;
 * what lies just inside the limits is not.
 *
 * @module
 */
import type { Definition } from '../definition.js';
import { ofBatches } from './batch.js';
import { ofChoices } from './choices.js';
import { ofFeatures } from './features.js';
import { ofStages } from './stages.js';

/** All of them. */
export const refusals: readonly Definition[] = [...ofBatches, ...ofFeatures, ...ofChoices, ...ofStages];
