/**
 * What each label looks like: a structure of its own, drawn in every cell of an image that has the label.
 *
 * Sketches after the structures' names, which differ in position, number, size and form. They are made to be
 * learnt, and do not claim to look like a micrograph.
 *
 * @module
 */

import {
  actinFilaments,
  centrosome,
  cytokineticBridge,
  focalAdhesions,
  intermediateFilaments,
  microtubuleEnds,
  microtubules,
  organizingCenter,
} from './filaments.js';
import type { Structure } from './marks.js';
import {
  fibrillarCenters,
  mitoticSpindle,
  nuclearBodies,
  nuclearMembrane,
  nucleoli,
  nucleoplasm,
  speckles,
} from './nuclear.js';
import {
  aggresome,
  cellJunctions,
  cytoplasmicBodies,
  cytosol,
  endosomes,
  golgi,
  lipidDroplets,
  lysosomes,
  mitochondria,
  peroxisomes,
  plasmaMembrane,
  reticulum,
  rodsAndRings,
} from './organelles.js';

/** By class index; the order is that of the label file. */
export const DRAWN: readonly Structure[] = [
  nucleoplasm,
  nuclearMembrane,
  nucleoli,
  fibrillarCenters,
  speckles,
  nuclearBodies,
  reticulum,
  golgi,
  peroxisomes,
  endosomes,
  lysosomes,
  intermediateFilaments,
  actinFilaments,
  focalAdhesions,
  microtubules,
  microtubuleEnds,
  cytokineticBridge,
  mitoticSpindle,
  organizingCenter,
  centrosome,
  lipidDroplets,
  plasmaMembrane,
  cellJunctions,
  mitochondria,
  aggresome,
  cytosol,
  cytoplasmicBodies,
  rodsAndRings,
];
