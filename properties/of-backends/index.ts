/**
 * What is claimed of a backend: all properties of the suite.
 *
 * @module
 */
import { STAGES } from '../../spec/index.js';
import type { Property } from '../property.js';
import { agreement } from './agreement.js';
import { onCombinations } from './agreement-on-combinations.js';
import { onOddities } from './agreement-on-oddities.js';
import { onRoundedHinges } from './agreement-on-rounded-hinges.js';
import { onWidths } from './agreement-on-widths.js';
import { easyAnchors } from './easy-anchors.js';
import { gradient } from './gradient.js';
import { invariants } from './invariants.js';
import { mostlyRight } from './mostly-right.js';
import { robustness } from './robustness/index.js';
import { sampleWeights } from './sample-weights.js';
import { sharding } from './sharding.js';
import { symmetry } from './symmetry.js';

/** All properties, in the order of the stages. */
export const properties: readonly Property[] = [
  ...agreement,
  ...mostlyRight,
  ...onOddities,
  ...onCombinations,
  ...onWidths,
  ...onRoundedHinges,
  ...easyAnchors,
  ...invariants,
  ...symmetry,
  ...gradient,
  ...sampleWeights,
  ...sharding,
  ...robustness,
].sort((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage));
