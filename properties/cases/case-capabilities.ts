/**
 * What of a backend its cases depend on.
 *
 * @module
 */
import type { Capabilities } from '../../spec/index.js';

/** Two backends that agree in these are given the same cases by the same seed. */
export type CaseCapabilities = Pick<
  Capabilities,
  'encodings' | 'levels' | 'comparisons' | 'anchors' | 'precision'
>;
