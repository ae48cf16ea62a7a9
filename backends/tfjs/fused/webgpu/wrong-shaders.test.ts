import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Property, properties } from '../../../../properties/index.js';
import type { Backend, Capabilities } from '../../../../spec/index.js';
import { throughTraining } from '../../../../src/verify/through-training.js';
import { loadEngine } from '../../engines/index.js';
import { runnerOn } from '../../engines/runner.js';
import { toBalancedLoss } from '../../read-out.js';
import { featureTensor, labelTensor, scoreTensor } from '../../tensors.js';
import { tensorLossOf } from '../../walk.js';
import { fusedBackend } from '../backend.js';
import { webgpuWalk } from './walk.js';

const absent = await loadEngine('webgpu').then(
  () => undefined,
  (error: Error) => error.message,
);

/** An error in a program: the right text, the wrong one, and the property and kind of cases that catch it. */
interface WrongShader {
  readonly error: string;
  readonly right: string;
  readonly wrong: string;
  readonly caughtBy: string;
  readonly supports?: Partial<Pick<Capabilities, 'encodings' | 'levels' | 'comparisons'>>;
}

/** Cases asked for, as in the suite. */
const RUNS = 300;

const CATEGORICAL = { encodings: ['categorical'], levels: ['class'] } as const;
const RELATIVE = { ...CATEGORICAL, comparisons: ['relative'] } as const;
const INSTANCE = { encodings: ['categorical'], levels: ['instance'] } as const;

const WRONG: readonly WrongShader[] = [
  {
    error: 'equal scores are mined by higher index',
    right: 'if (left != right) { return left > right; }\n    return a < b;',
    wrong: 'if (left != right) { return left > right; }\n    return a > b;',
    caughtBy: 'balanced-gradient-agrees',
    supports: RELATIVE,
  },
  {
    error: 'a hinge of 0 is active',
    right: '- (a - q) > 0.0;',
    wrong: '- (a - q) >= 0.0;',
    caughtBy: 'balanced-gradient-agrees',
    supports: RELATIVE,
  },
  {
    error: 'the last class is dropped',
    right: 'if (survives(c)) { sum',
    wrong: 'if (survives(c) && c + 1 < uniforms.classes) { sum',
    caughtBy: 'balanced-agrees',
    supports: RELATIVE,
  },
  {
    error: 'samples beyond the lanes of a workgroup are not counted',
    right: 'for (var i = lane(); i < uniforms.samples; i = i + LANES)',
    wrong: 'for (var i = lane(); i < min(uniforms.samples, LANES); i = i + LANES)',
    caughtBy: 'balanced-at-block-edges',
    supports: RELATIVE,
  },
  {
    error: 'classes of equal size are taken in descending order',
    right: 'k <= c',
    wrong: 'k >= c',
    caughtBy: 'balanced-agrees',
    supports: RELATIVE,
  },
  {
    error: 'members tied with the last positive are treated as members above it',
    right: 'if (member(middle) > last)',
    wrong: 'if (member(middle) >= last)',
    caughtBy: 'balanced-gradient-agrees',
    supports: RELATIVE,
  },
  {
    error: 'the absent side is not read in reverse',
    right: 'let sign = f32(columnOf(c, SIGN));',
    wrong: 'let sign = 1.0;',
    caughtBy: 'balanced-agrees',
    supports: { ...RELATIVE, encodings: ['multi-label'] },
  },
  {
    error: 'only as many samples as fit the workgroup’s memory are sorted',
    right: 'pair < uniforms.sortLength / 2',
    wrong: 'pair < min(uniforms.sortLength / 2, 512)',
    caughtBy: 'balanced-at-many-samples',
    supports: RELATIVE,
  },
  {
    error: 'a softmax is differentiated one score at a time',
    right: 'p * (slope - mean)',
    wrong: 'p * (1.0 - p) * slope',
    caughtBy: 'balanced-logits-agree',
    supports: RELATIVE,
  },
  {
    error: 'an anchor that is not listed has the last listed member as a positive too',
    right: '(r < listed || s < uniforms.kappa)',
    wrong: '(r < listed || s <= uniforms.kappa)',
    caughtBy: 'balanced-gradient-agrees',
    supports: { ...CATEGORICAL, comparisons: ['absolute'] },
  },
  {
    error: 'a share beyond a workgroup’s nodes is added to the last node',
    right: 'deposit(found.bin + 1 - first, share);',
    wrong: 'deposit(min(found.bin + 1 - first, 255), share);',
    caughtBy: 'balanced-agrees',
    supports: { ...CATEGORICAL, comparisons: ['distribution'] },
  },
  {
    error: 'the first of equally distant samples is passed over',
    right: 'key == threshold.key && tied <= threshold.ties',
    wrong: 'key == threshold.key && tied > 1 && tied <= threshold.ties + 1',
    caughtBy: 'balanced-gradient-agrees',
    supports: { ...INSTANCE, comparisons: ['relative'] },
  },
  {
    error: 'an anchor is among its own positives',
    right: 'membership == 1 && k != block_sample[b]',
    wrong: 'membership == 1',
    caughtBy: 'balanced-agrees',
    supports: { ...INSTANCE, comparisons: ['absolute'] },
  },
  {
    error: 'squared distances are used as distances',
    right: 'sqrt(bitcast<f32>(wordAt(k) & 0x7fffffffu))',
    wrong: 'bitcast<f32>(wordAt(k) & 0x7fffffffu)',
    caughtBy: 'balanced-agrees',
    supports: { ...INSTANCE, comparisons: ['absolute'] },
  },
  {
    error: 'components beyond the first tile are left out',
    right: 'from_t < uniforms.dimensions',
    wrong: 'from_t < min(uniforms.dimensions, CHUNK)',
    caughtBy: 'balanced-agrees',
    supports: { ...INSTANCE, comparisons: ['absolute'] },
  },
  {
    error: 'all attributes read the first matrix',
    right: 'let matrix = select(0, j * uniforms.samples, uniforms.matrices > 1);',
    wrong: 'let matrix = 0;',
    caughtBy: 'balanced-agrees',
    supports: { ...INSTANCE, encodings: ['multi-label'], comparisons: ['absolute'] },
  },
  {
    error: 'the classes of an attribute have the same slots',
    right: '+ i32(found.held) - i32(found.size);',
    wrong: '+ 0;',
    caughtBy: 'balanced-agrees',
    supports: { ...INSTANCE, encodings: ['one-attribute'], comparisons: ['absolute'] },
  },
  {
    error: 'negatives count the hinges that are active without a margin',
    right: '(margin + distanceAt(first + p)) - d > 0.0',
    wrong: 'distanceAt(first + p) - d > 0.0',
    caughtBy: 'balanced-gradient-agrees',
    supports: { ...INSTANCE, comparisons: ['relative'] },
  },
  {
    error: 'negatives are drawn to their anchor',
    right: 'putPull(negatives_at + q, -hinges);',
    wrong: 'putPull(negatives_at + q, hinges);',
    caughtBy: 'balanced-gradient-agrees',
    supports: { ...INSTANCE, comparisons: ['relative'] },
  },
  {
    error: 'the features of anchors alone are differentiated',
    right: 'anchor != i && partner != i',
    wrong: 'anchor != i',
    caughtBy: 'balanced-gradient-agrees',
    supports: { ...INSTANCE, comparisons: ['absolute'] },
  },
  {
    error: 'only the pairs that are added up first are used',
    right: 'if (left == 0.0) { break; }',
    wrong: 'break;',
    caughtBy: 'balanced-at-block-edges',
    supports: { ...INSTANCE, comparisons: ['absolute'] },
  },
  {
    error: 'the derivative at distance 0 is not 0',
    right: 'if (d == 0.0) { return 0.0; }',
    wrong: 'if (d < 0.0) { return 0.0; }',
    caughtBy: 'balanced-gradient-agrees',
    supports: { ...INSTANCE, comparisons: ['relative'] },
  },
  {
    error: 'a positive has the slope of a negative',
    right: 'if (isNear(entry)) { return pullOf(nearSlope(d), d); }',
    wrong: '',
    caughtBy: 'balanced-gradient-agrees',
    supports: { ...INSTANCE, comparisons: ['distribution'] },
  },
  {
    error: 'a sample’s cross entropy is weighted by the mean weight',
    right: 'upstream[i] * entropy',
    wrong: 'all / f32(uniforms.samples) * entropy',
    caughtBy: 'training-weighs-samples',
    supports: RELATIVE,
  },
  {
    error: 'L_crl is weighted by each sample’s own weight',
    right: 'all * weight * own',
    wrong: 'upstream[i] * f32(uniforms.samples) * weight * own',
    caughtBy: 'training-weighs-samples',
    supports: RELATIVE,
  },
  {
    error: 'the features’ part is weighted by the first sample’s weight',
    right: 'uniforms.alpha * upstreamOfAll()',
    wrong: 'uniforms.alpha * upstream[0] * f32(uniforms.samples)',
    caughtBy: 'training-weighs-samples',
    supports: { ...INSTANCE, comparisons: ['relative'] },
  },
  {
    error: 'the cross entropy of a sample is divided by n',
    right: 'uniforms.beta * entropy, finite',
    wrong: 'uniforms.beta * entropy / f32(uniforms.samples), finite',
    caughtBy: 'training-sample-losses-agree',
    supports: RELATIVE,
  },
];

describe.skipIf(absent)(`wrong shaders${absent ? `, skipped: ${absent}` : ''}`, () => {
  let right: Backend;
  beforeAll(async () => {
    right = await fusedBackend({ engine: 'webgpu' });
  });

  it.each(WRONG.map((each) => [each.error, each] as const))('%s: the suite catches it', async (_, each) => {
    let edits = 0;
    const edit = (source: string) => {
      const edited = source.replaceAll(each.right, each.wrong);
      if (edited !== source) edits += 1;
      return edited;
    };
    const { run } = await runnerOn('webgpu');
    const wrong: Backend = {
      ...right,
      supports: { ...right.supports, ...each.supports },
      async balancedLoss(batch, options) {
        const { walk } = webgpuWalk(batch, options, edit);
        return toBalancedLoss(
          batch,
          options,
          await run(() => ({ ...walk(labelTensor(batch), scoreTensor(batch), featureTensor(batch)) })),
        );
      },
      tensorLoss: (schema, options, observe) =>
        tensorLossOf(webgpuWalk(schema, options, edit).steps, schema, options, observe),
    };
    const train = throughTraining(wrong, async () => {
      await loadEngine('webgpu');
    });
    const property = properties.find(({ id }) => id === each.caughtBy) as Property;
    const { failed, errorInstance } = await fc.check(
      fc.asyncProperty(property.cases(wrong.supports), (given) =>
        property.check({ backend: wrong, train }, given),
      ),
      // not shrunk: on a software adapter each try is slow
      { numRuns: property.runs?.(RUNS) ?? RUNS, seed: 1, endOnFailure: true },
    );
    expect(edits, 'sources that contain the right text').toBeGreaterThan(0);
    expect(failed).toBe(true);
    expect((errorInstance as Error).name).toBe('Disagreement'); // a shader that does not compile does not count
  });
});
