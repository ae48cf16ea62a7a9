/**
 * The stages as properties call them: a backend's, or the specification's for what comes before.
 *
 * @module
 */
import type { NdArray } from 'ndarray';
import type { Backend, HardSamples, MinoritySelection, Triplets } from '../spec/index.js';
import { formTriplets, mineHardSamples, selectMinority } from '../spec/index.js';
import type { Case } from './arbitraries.js';

/** The specification's results up to a stage. */
export function specWalk({ batch, options }: Pick<Case, 'batch' | 'options'>): {
  selection: MinoritySelection;
  hard: HardSamples;
  triplets: Triplets;
} {
  const selection = selectMinority(batch, options);
  const hard = mineHardSamples(batch, selection, options);
  return { selection, hard, triplets: formTriplets(hard) };
}

type StageName = 'selectMinority' | 'mineHardSamples' | 'formTriplets' | 'rectificationLoss';

/** A stage of the backend; properties of stages that it lacks are never run. */
export function stageOf<S extends StageName>(backend: Backend, stage: S): NonNullable<Backend[S]> {
  const operation = backend[stage];
  if (operation === undefined) throw new TypeError(`backend ${backend.name} has no ${stage}`);
  return (operation as (...args: never[]) => unknown).bind(backend) as NonNullable<Backend[S]>;
}

/** A matrix row by row, whatever its layout. */
export function entries(matrix: NdArray): number[] {
  const [rows, columns] = matrix.shape as [number, number];
  return Array.from({ length: rows * columns }, (_, at) =>
    matrix.get(Math.floor(at / columns), at % columns),
  );
}

/** Anchors as plain data, whatever array types a backend uses. */
export function plainAnchors({ anchors }: HardSamples): unknown[] {
  return anchors.map(({ sample, attribute, class: k, positives, negatives }) => ({
    sample,
    attribute,
    class: k,
    positives: Array.from(positives),
    negatives: Array.from(negatives),
  }));
}

/** A selection as plain data. */
export function plainSelection({ profile, minority }: MinoritySelection): unknown {
  return {
    profile: profile.map((sizes) => Array.from(sizes)),
    minority: minority.map((classes) => Array.from(classes)),
  };
}
