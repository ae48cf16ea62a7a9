/**
 * All results of a backend for one case, stage by stage, as the properties of robustness compare them.
 *
 * @module
 */
import type { NdArray } from 'ndarray';
import {
  type Backend,
  type BalancedLoss,
  type BalancedOptions,
  type Batch,
  crossEntropy,
  type HardSamples,
  type MinoritySelection,
  type RectificationLoss,
  type Triplets,
} from '../../../spec/index.js';
import type { Case } from '../../cases/arbitraries.js';
import { demandAllNear, demandNear, demandSame } from '../../property.js';
import {
  betweenTwoAnswers,
  comparesLogitGradients,
  crossEntropyAllowance,
  logitAllowance,
  lossAllowance,
} from '../../tolerance/index.js';
import { entries, plainAnchors, plainSelection, specWalk, type Walk } from '../../walk.js';

/** The results of the stages, as the backend returned them; a stage that the backend lacks is left out. */
export interface Results {
  readonly selection?: MinoritySelection | undefined;
  readonly hard?: HardSamples | undefined;
  readonly triplets?: Triplets | undefined;
  readonly rectification?: RectificationLoss | undefined;
  readonly balanced: BalancedLoss;
}

/** In which order stages are called. */
export type StageOrder = 'as-in-a-walk' | 'opposite';

/**
 * Runs every stage that the backend has, each on the specification's result of the stage before, and all
 * at once if it is asynchronous. Logits have the whole walk only.
 *
 * @param order - `opposite`: no stage is called after the one that it goes on from. Default: as in a walk
 */
export async function runStages(
  backend: Backend,
  batch: Batch,
  options: BalancedOptions,
  { selection, hard, triplets }: Pick<Walk, 'selection' | 'hard' | 'triplets'>,
  order: StageOrder = 'as-in-a-walk',
): Promise<Results> {
  if (batch.fromLogits) return { balanced: await backend.balancedLoss(batch, options) };
  const calls = {
    selection: () => backend.selectMinority?.(batch, options),
    hard: () => backend.mineHardSamples?.(batch, selection, options),
    triplets: () => backend.formTriplets?.(hard, options),
    rectification: () => backend.rectificationLoss?.(batch, hard, triplets, options),
    balanced: () => backend.balancedLoss(batch, options),
  };
  const inOrder = Object.entries(calls);
  if (order === 'opposite') inOrder.reverse();
  const started = inOrder.map(([stage, call]) => [stage, call()] as const);
  const found = await Promise.all(started.map(async ([stage, answer]) => [stage, await answer] as const));
  return Object.fromEntries(found) as unknown as Results;
}

/** Results as plain data: copies, which later calls cannot change. */
export interface PlainResults {
  /** All that is exact. */
  readonly indices: unknown;
  /** L_crl of the stage on its own, and L_crl, L_ce and L of the walk. */
  readonly losses: Readonly<Record<'stage' | 'rectification' | 'crossEntropy' | 'loss', number | undefined>>;
  readonly slopes: Readonly<Record<'stage' | 'scores' | 'features', Float64Array>>;
  /** The shapes of the slopes that were given. */
  readonly shapes: Readonly<Partial<Record<'stage' | 'scores' | 'features', readonly number[]>>>;
}

/** Copies results into plain data. */
export function plainResults(
  { selection, hard, triplets, rectification, balanced }: Results,
  gradients: boolean,
): PlainResults {
  const arrays = {
    stage: rectification?.gradient,
    scores: balanced.gradient,
    features: balanced.featureGradient,
  };
  const slopes = (of: NdArray | undefined) => (of && gradients ? entries(of) : new Float64Array());
  const { statistics } = balanced;
  return structuredClone({
    indices: {
      selection: selection && plainSelection(selection),
      hard: hard && plainAnchors(hard),
      triplets: triplets && entries(triplets),
      statistics: [plainSelection(statistics), statistics.anchors, statistics.triplets],
    },
    losses: {
      stage: rectification?.loss,
      rectification: balanced.rectification,
      crossEntropy: balanced.crossEntropy,
      loss: balanced.loss,
    },
    slopes: {
      stage: slopes(arrays.stage),
      scores: slopes(arrays.scores),
      features: slopes(arrays.features),
    },
    shapes: Object.fromEntries(
      Object.entries(arrays).flatMap(([part, of]) => (of && gradients ? [[part, Array.from(of.shape)]] : [])),
    ),
  });
}

/**
 * Demands the same results of two runs of one case: indices must be equal, numbers may differ by
 * rounding, since sums may be taken in another order.
 */
export function demandSameResults(
  what: string,
  got: PlainResults,
  expected: PlainResults,
  given: Case,
  u: number,
): void {
  const { batch, options } = given;
  // two answers may agree with each other and still be of another batch
  demandShapes(what, given, expected);
  demandShapes(what, given, got);
  const compare = {
    losses: (allowed: Record<keyof PlainResults['losses'], number>) => {
      for (const part of Object.keys(allowed) as (keyof PlainResults['losses'])[]) {
        const [one, other] = [got.losses[part], expected.losses[part]];
        if (other !== undefined) {
          demandNear(`${what}: ${part}`, one as number, other, betweenTwoAnswers(allowed[part], u));
        }
      }
    },
    slopes: (part: keyof PlainResults['slopes'], allowed: (at: number) => number) => {
      const wanted = expected.slopes[part];
      demandAllNear(`${what}: gradient (${part})`, got.slopes[part], wanted, [wanted.length], (at) => {
        return betweenTwoAnswers(allowed(at), u, wanted[at]);
      });
    },
  };
  if (batch.fromLogits) {
    const allowed = logitAllowance(given, u);
    compare.losses({ stage: 0, ...allowed.parts });
    if (options.level === 'class' && !comparesLogitGradients(batch, allowed)) return;
    demandSame(`${what}: indices`, got.indices, expected.indices);
    compare.slopes('scores', (at) => allowed.gradient[at] as number);
    compare.slopes('features', (at) => allowed.rectification.gradient[at] as number);
    return;
  }
  demandSame(`${what}: indices`, got.indices, expected.indices);
  const crl = lossAllowance(specWalk(given), u);
  const ce = crossEntropyAllowance(batch, crossEntropyOf(batch), u);
  compare.losses({ stage: crl.loss, rectification: crl.loss, crossEntropy: ce, loss: crl.loss + ce });
  const own = (at: number) => crl.gradient[at] as number;
  compare.slopes('stage', own);
  compare.slopes('scores', options.level === 'class' ? own : () => 0);
  compare.slopes('features', own);
}

/** Demands gradients of the shape of the scores, and of the features. */
function demandShapes(what: string, { batch, options }: Case, { shapes }: PlainResults): void {
  const scores = [batch.size, batch.scoreWidth];
  const { features } = batch;
  const [first] = features?.matrices ?? [];
  const ofFeatures = first && [...(features?.perAttribute ? [batch.attributes.length] : []), ...first.shape];
  const right = { stage: options.level === 'class' ? scores : ofFeatures, scores, features: ofFeatures };
  for (const part of ['stage', 'scores', 'features'] as const) {
    if (shapes[part] === undefined || (part === 'features' && options.level === 'class')) continue;
    demandSame(`${what}: shape of the gradient (${part})`, shapes[part], right[part]);
  }
}

function crossEntropyOf(batch: Batch): number {
  return batch.scored ? crossEntropy(batch) : 0;
}

/** The input of a backend as plain data: a copy. */
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
