/**
 * Agreement: every stage gives what the specification gives.
 *
 * @module
 */
import type { BalancedLoss } from '../spec/index.js';
import {
  balancedLoss,
  crossEntropyGradient,
  formTriplets,
  mineHardSamples,
  rectificationLoss,
  selectMinority,
  toProbabilities,
} from '../spec/index.js';
import { type Case, cases } from './arbitraries.js';
import { comparesLogitGradients, logitAllowance } from './logits.js';
import { demandAllNear, demandNear, demandSame, type Property, type Subject } from './property.js';
import { atProbabilityFloor, crossEntropyAllowance, lossAllowance, roundoff } from './tolerance.js';
import { entries, plainAnchors, plainSelection, specWalk, stageOf } from './walk.js';

const needsGradient = ({ backend }: Subject) =>
  backend.supports.gradient ? undefined : 'the backend declares that it computes no gradient';

const needsTraining = (subject: Subject) =>
  needsGradient(subject) ??
  (subject.train
    ? undefined
    : `execution is ${subject.backend.supports.execution}: a tfjs loss is synchronous, so it cannot train`);

/** The properties of agreement. */
export const agreement: readonly Property[] = [
  {
    id: 'minority-agrees',
    stage: 'selectMinority',
    source: 'Eq. 3; rulings: tied class sizes, minority prefix, unlabelled samples',
    claim: 'Class profile and minority classes are those of the specification, exactly.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, { batch, options }) {
      const got = await stageOf(backend, 'selectMinority')(batch, options);
      demandSame('profile and minority', plainSelection(got), plainSelection(selectMinority(batch, options)));
    },
  },
  {
    id: 'mining-agrees',
    stage: 'mineHardSamples',
    source: 'Eq. 4, 5; rulings: anchors, anchor excluded, mined order, fewer than κ',
    claim: 'Anchors, hard positives and hard negatives are those of the specification, in its order.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, { batch, options }) {
      const selection = selectMinority(batch, options);
      const got = await stageOf(backend, 'mineHardSamples')(batch, selection, options);
      demandSame('anchors', plainAnchors(got), plainAnchors(mineHardSamples(batch, selection, options)));
    },
  },
  {
    id: 'triplets-agree',
    stage: 'formTriplets',
    source: 'ruling: triplet order',
    claim: 'Triplets are those of the specification, in its order.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, given) {
      const { hard } = specWalk(given);
      const got = await stageOf(backend, 'formTriplets')(hard, given.options);
      demandSame('shape of the triplets', Array.from(got.shape), Array.from(formTriplets(hard).shape));
      demandSame('triplets', entries(got), entries(formTriplets(hard)));
    },
  },
  {
    id: 'loss-agrees',
    stage: 'rectificationLoss',
    source: 'Eq. 9, 10; rulings: |T|, hinge, signed distance',
    claim: 'L_crl of the specification’s triplets is the specification’s.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, { batch, options }) {
      const { hard, triplets } = specWalk({ batch, options });
      const got = await stageOf(backend, 'rectificationLoss')(batch, hard, triplets, options);
      const { loss } = lossAllowance(batch, triplets, options, roundoff(backend.supports));
      demandNear('loss', got.loss, rectificationLoss(batch, hard, triplets, options).loss, loss);
    },
  },
  {
    id: 'gradient-agrees',
    stage: 'rectificationLoss',
    source: 'rulings: gradient, kinks',
    claim: 'The derivative of L_crl is the specification’s closed form.',
    required: true,
    inapplicable: needsGradient,
    cases: (supports) => cases(supports),
    async check({ backend }, { batch, options }) {
      const { hard, triplets } = specWalk({ batch, options });
      const got = await stageOf(backend, 'rectificationLoss')(batch, hard, triplets, options);
      const { gradient } = rectificationLoss(batch, hard, triplets, options);
      const allowed = lossAllowance(batch, triplets, options, roundoff(backend.supports)).gradient;
      demandAllNear(
        'gradient',
        entries(got.gradient),
        entries(gradient),
        batch.scoreWidth,
        (at) => allowed[at] as number,
      );
    },
  },
  {
    id: 'balanced-agrees',
    stage: 'balancedLoss',
    source: 'Eq. 2, 8; rulings: cross entropy, nothing to compare',
    claim: 'The whole walk gives L, its parts and its counts as the specification does.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, given) {
      const got = await backend.balancedLoss(given.batch, given.options);
      checkParts(given, got, roundoff(backend.supports));
      demandSame(
        'statistics',
        plainStatistics(got),
        plainStatistics(balancedLoss(given.batch, given.options)),
      );
    },
  },
  {
    id: 'balanced-gradient-agrees',
    stage: 'balancedLoss',
    source: 'Eq. 2, 8; rulings: gradient, kinks',
    claim: 'The derivative of L with respect to probabilities is the specification’s.',
    required: true,
    inapplicable: needsGradient,
    cases: (supports) => cases(supports),
    async check({ backend }, given) {
      const got = await backend.balancedLoss(given.batch, given.options);
      checkGradient(given, entries(got.gradient), roundoff(backend.supports));
    },
  },
  {
    id: 'balanced-logits-agree',
    stage: 'balancedLoss',
    source: 'Eq. 2, 8; rulings: cross entropy, gradient, probabilities',
    claim: 'From logits, L, its parts and its derivative are the specification’s.',
    required: true,
    inapplicable: needsGradient,
    cases: (supports) => cases(supports, { fromLogits: true }),
    async check({ backend }, given) {
      const got = await backend.balancedLoss(given.batch, given.options);
      checkLogits(given, got, entries(got.gradient), roundoff(backend.supports));
    },
  },
  {
    id: 'training-agrees',
    stage: 'balancedLoss',
    source: 'Eq. 8; design: what trains is what was verified',
    claim: 'Through the tfjs-layers loss, L of probabilities and its derivative are the specification’s.',
    required: true,
    inapplicable: needsTraining,
    cases: (supports) => cases(supports),
    async check({ backend, train }, given) {
      const got = await (train as NonNullable<typeof train>)(given.batch, given.options);
      const u = Math.max(roundoff(backend.supports), 2 ** -24); // tensors are float32
      checkParts(given, { loss: got.loss }, u);
      checkGradient(given, Array.from(got.gradient), u);
    },
  },
  {
    id: 'training-logits-agree',
    stage: 'balancedLoss',
    source: 'Eq. 8; design: what trains is what was verified',
    claim: 'Through the tfjs-layers loss, L of logits and its derivative are the specification’s.',
    required: true,
    inapplicable: needsTraining,
    cases: (supports) => cases(supports, { fromLogits: true }),
    async check({ backend, train }, given) {
      const got = await (train as NonNullable<typeof train>)(given.batch, given.options);
      const u = Math.max(roundoff(backend.supports), 2 ** -24);
      checkLogits(given, { loss: got.loss }, Array.from(got.gradient), u);
    },
  },
];

type Parts = Partial<Pick<BalancedLoss, 'loss' | 'rectification' | 'crossEntropy'>>;

function checkParts({ batch, options }: Case, got: Parts, u: number): void {
  const expected = balancedLoss(batch, options);
  const { triplets } = specWalk({ batch, options });
  const crl = lossAllowance(batch, triplets, options, u).loss;
  const ce = crossEntropyAllowance(batch, expected.crossEntropy, u);
  const balanced = crl + ce + 4 * u * Math.abs(expected.loss);
  if (got.rectification !== undefined) demandNear('L_crl', got.rectification, expected.rectification, crl);
  if (got.crossEntropy !== undefined) demandNear('L_ce', got.crossEntropy, expected.crossEntropy, ce);
  if (got.loss !== undefined) demandNear('L', got.loss, expected.loss, balanced);
}

function checkGradient({ batch, options }: Case, got: readonly number[], u: number): void {
  const { triplets } = specWalk({ batch, options });
  const crl = lossAllowance(batch, triplets, options, u).gradient;
  const ce = entries(crossEntropyGradient(batch));
  const probabilities = entries(toProbabilities(batch).scores);
  demandAllNear('gradient', got, entries(balancedLoss(batch, options).gradient), batch.scoreWidth, (at) => {
    const p = probabilities[at] as number;
    const slope = Math.abs(ce[at] as number);
    // 1 − p is rounded before it is divided by: its relative error is u/(1 − p)
    const conditioning = batch.encoding === 'categorical' ? 1 : 1 + slope * batch.size;
    const floor = atProbabilityFloor(batch, p, u) ? 2e7 / batch.size : 0; // either side of the kink
    return (
      options.alpha * (crl[at] as number) +
      (1 - options.alpha) * (8 * u * slope * conditioning + floor) +
      4 * u * slope
    );
  });
}

function checkLogits(given: Case, got: Parts, gradient: readonly number[], u: number): void {
  const expected = balancedLoss(given.batch, given.options);
  const allowed = logitAllowance(given, u);
  if (got.rectification !== undefined)
    demandNear('L_crl', got.rectification, expected.rectification, allowed.rectification);
  if (got.crossEntropy !== undefined)
    demandNear('L_ce', got.crossEntropy, expected.crossEntropy, allowed.crossEntropy);
  if (got.loss !== undefined)
    demandNear('L', got.loss, expected.loss, allowed.rectification + allowed.crossEntropy);
  if (!comparesLogitGradients(given, allowed.probability)) return;
  const { scoreWidth } = given.batch;
  demandAllNear(
    'gradient',
    gradient,
    entries(expected.gradient),
    scoreWidth,
    (at) => allowed.gradient[at] as number,
  );
}

function plainStatistics({ statistics }: BalancedLoss): unknown {
  const { anchors, triplets } = statistics;
  return { ...(plainSelection(statistics) as object), anchors, triplets };
}
