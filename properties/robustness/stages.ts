/**
 * All that a backend computes of a case, stage by stage, as properties of robustness look at it.
 *
 * @module
 */
import type { NdArray } from 'ndarray';
import type {
  Backend,
  BalancedLoss,
  BalancedOptions,
  Batch,
  HardSamples,
  MinoritySelection,
  RectificationLoss,
  Triplets,
} from '../../spec/index.js';
import type { Case } from '../arbitraries.js';
import { entries, plainAnchors, plainSelection, type Walk } from '../walk.js';

/** What the stages gave, as they gave it; a stage that the backend lacks is left out. */
export interface Results {
  readonly selection?: MinoritySelection | undefined;
  readonly hard?: HardSamples | undefined;
  readonly triplets?: Triplets | undefined;
  readonly rectification?: RectificationLoss | undefined;
  readonly balanced: BalancedLoss;
}

/** Runs every stage that the backend has, each on the specification's result of the stage before. */
export async function runStages(
  backend: Backend,
  batch: Batch,
  options: BalancedOptions,
  { selection, hard, triplets }: Pick<Walk, 'selection' | 'hard' | 'triplets'>,
): Promise<Results> {
  return {
    selection: await backend.selectMinority?.(batch, options),
    hard: await backend.mineHardSamples?.(batch, selection, options),
    triplets: await backend.formTriplets?.(hard, options),
    rectification: await backend.rectificationLoss?.(batch, hard, triplets, options),
    balanced: await backend.balancedLoss(batch, options),
  };
}

/** Results as plain data: a copy, which later calls cannot change. */
export function plainResults(
  { selection, hard, triplets, rectification, balanced }: Results,
  gradients: boolean,
): unknown {
  const slopes = (of: NdArray | undefined) => (of && gradients ? entries(of) : []);
  return structuredClone({
    selection: selection && plainSelection(selection),
    hard: hard && plainAnchors(hard),
    triplets: triplets && entries(triplets),
    rectification: rectification && [rectification.loss, slopes(rectification.gradient)],
    balanced: [balanced.loss, balanced.rectification, balanced.crossEntropy],
    gradients: [slopes(balanced.gradient), slopes(balanced.featureGradient)],
    statistics: [
      plainSelection(balanced.statistics),
      balanced.statistics.anchors,
      balanced.statistics.triplets,
    ],
  });
}

/** What a backend was given, as plain data: a copy. */
export function plainGiven({ batch, options }: Case, { selection, hard, triplets }: Walk): unknown {
  return structuredClone([
    entries(batch.membership),
    entries(batch.labelled),
    entries(batch.scores),
    batch.features?.matrices.map(entries) ?? [],
    batch.columns,
    batch.attributes,
    options,
    plainSelection(selection),
    plainAnchors(hard),
    entries(triplets),
  ]);
}
