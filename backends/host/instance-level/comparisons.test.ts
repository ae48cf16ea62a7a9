import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type BatchInput,
  type Comparison,
  createBatch,
  type Options,
  type OptionsInput,
  resolveOptions,
} from '../../../spec/index.js';
import { randomOf } from '../adversarial.test-helper.js';
import { inRows } from '../batch/scores.test-helper.js';
import { countClasses, createSelection, selectMinorityClasses, tripletCount } from '../batch/selection.js';
import { FLAT_SCHEMAS } from '../batch/selection.test-helper.js';
import { type Rectified, rectified } from '../rectification.test-helper.js';
import { type FeatureBatch, InstanceLevelComparison } from './comparisons.js';
import { FeatureSlopes } from './feature-slopes.js';
import { SimdWorkspace } from './simd-workspace.js';

const SCHEMA = FLAT_SCHEMAS.categorical;
const D = 2;

function optionsOf(choices: OptionsInput): Options {
  return resolveOptions(SCHEMA.source, { level: 'instance', kappa: 3, rho: 1, margin: 0.5, ...choices });
}

interface Drawn {
  readonly labels: Int32Array;
  readonly features: Float64Array;
}

/** Classes of different sizes, and features on a lattice. */
function draw(size: number, seed: number): Drawn {
  const random = randomOf(seed);
  return {
    labels: Int32Array.from({ length: 3 * size }, () => Math.floor(2 * random() ** 2)),
    features: Float64Array.from({ length: D * size }, () => Math.floor(20 * random()) / 8),
  };
}

function embedded({ labels, features }: Drawn, options: Options): FeatureBatch {
  const selection = createSelection(SCHEMA);
  countClasses(SCHEMA, labels, features.length / D, selection);
  selectMinorityClasses(SCHEMA, options.rho, selection);
  const triplets = tripletCount(selection, options.kappa);
  return { labels, selection, triplets, matrices: [features], width: D };
}

function compared(level: InstanceLevelComparison, drawn: Drawn, options: Options): Rectified {
  const gradient = new Float64Array(drawn.features.length);
  const loss = level.compare(embedded(drawn, options), 1, gradient);
  return { loss, gradient: Array.from(gradient), active: level.active };
}

function expected({ labels, features }: Drawn, options: Options): Rectified {
  const { encoding, attributes } = SCHEMA.source;
  const rows = { labels: inRows(Array.from(labels), 3), features: inRows(Array.from(features), D) };
  const batch = createBatch({ encoding, attributes, ...rows } as BatchInput);
  return rectified(batch, options);
}

function expectClose(found: Rectified, right: Rectified, comparison: Comparison): void {
  expect(found.active).toBe(comparison === 'relative' ? right.active : 0);
  expect(found.loss).toBeCloseTo(right.loss, 12);
  right.gradient.forEach((slope, at) => {
    expect(found.gradient[at]).toBeCloseTo(slope, 12);
  });
}

const COMPARISONS: Comparison[] = ['relative', 'absolute', 'distribution'];

afterEach(() => vi.restoreAllMocks());

describe.each(COMPARISONS)('the loss of features, %s,', (comparison) => {
  const options = optionsOf({ comparison });
  const batches = [9, 30, 3, 30].map(draw);

  it('equals the specification’s, also after other batches', () => {
    const level = new InstanceLevelComparison(SCHEMA, options);
    for (const drawn of batches)
      expectClose(compared(level, drawn, options), expected(drawn, options), comparison);
  });

  it('does not need SIMD', () => {
    vi.spyOn(SimdWorkspace, 'create').mockReturnValue(undefined);
    const level = new InstanceLevelComparison(SCHEMA, options);
    for (const drawn of batches)
      expectClose(compared(level, drawn, options), expected(drawn, options), comparison);
  });

  it('uses one SIMD workspace for all batches', () => {
    const open = vi.spyOn(SimdWorkspace, 'create');
    const take = vi.spyOn(SimdWorkspace.prototype, 'load');
    const level = new InstanceLevelComparison(SCHEMA, options);
    for (const drawn of batches) compared(level, drawn, options);
    expect(open).toHaveBeenCalledTimes(1);
    expect(take.mock.calls.length).toBeGreaterThanOrEqual(batches.length);
  });

  it('creates no workspace if no sample is an anchor', () => {
    const open = vi.spyOn(SimdWorkspace, 'create');
    // each class has one sample
    const drawn = { labels: Int32Array.of(0, 0, 0, 1, 1, 1), features: Float64Array.of(1, 2, 3, 4) };
    const found = compared(new InstanceLevelComparison(SCHEMA, options), drawn, options);
    expect(found).toEqual({ loss: 0, gradient: [0, 0, 0, 0], active: 0 });
    expect(open).not.toHaveBeenCalled();
  });

  it('has histograms for the distribution comparison only', () => {
    const { histograms } = new InstanceLevelComparison(SCHEMA, options);
    expect(histograms !== undefined).toBe(comparison === 'distribution');
  });
});

it('mining alone adds no slopes', () => {
  const add = vi.spyOn(FeatureSlopes.prototype, 'add');
  const options = optionsOf({ comparison: 'relative' });
  const level = new InstanceLevelComparison(SCHEMA, options);
  const batch = embedded(draw(9, 1), options);
  let anchors = 0;
  level.visit(batch, undefined, () => {
    anchors += 1;
  });
  expect(anchors).toBe(batch.selection.anchors);
  expect(add).not.toHaveBeenCalled();
});

it('distances beyond float64 give no finite loss, as the specification gives none (ruling: non-finite features)', () => {
  const options = optionsOf({ comparison: 'relative', kappa: 1 });
  const drawn = {
    labels: Int32Array.from([0, 0, 1, 1, 1].flatMap((label) => [label, -1, -1])),
    features: Float64Array.from([-1, 1, 0, 0, 0].flatMap((x) => [1e200 * x, 0])),
  };
  expect(expected(drawn, options).loss).toBeNaN();
  // a hinge of ∞ − ∞ is NaN, and one of ∞ alone is ∞: either tells that the distances overflowed
  const { loss } = compared(new InstanceLevelComparison(SCHEMA, options), drawn, options);
  expect(Number.isFinite(loss)).toBe(false);
});
