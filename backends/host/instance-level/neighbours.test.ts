import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type AttributeInput,
  createBatch,
  type Encoding,
  mineHardSamples,
  resolveOptions,
  selectMinority,
} from '../../../spec/index.js';
import { ADVERSARIAL, drawFeatures, randomOf } from '../adversarial.test-helper.js';
import { hostBackend } from '../backend.js';
import { AnchorList } from '../batch/anchor-list.js';
import { FLAT_SCHEMAS, labelled } from '../batch/selection.test-helper.js';
import { hostLoss } from '../index.js';
import { simdFunctions } from '../simd/functions.js';
import { Neighbours } from './neighbours.js';
import { SimdWorkspace } from './simd-workspace.js';
import { SmallestKeys } from './smallest-keys.js';
import { observed } from './workspace.test-helper.js';

const N = 130;

function drawLabels(encoding: Encoding, width: number, seed: number): number[][] {
  const random = randomOf(seed);
  const label = {
    categorical: () => Math.floor(4.5 * random() ** 2) - (random() < 0.05 ? 1 : 0),
    'multi-label': () => (random() < 0.1 ? -1 : Math.floor(random() + 0.4)),
    'one-attribute': () => Math.floor(random() + 0.3),
  }[encoding];
  return Array.from({ length: N }, () => Array.from({ length: width }, () => Math.min(label(), 3)));
}

/** The same library as if WebAssembly were not available. */
async function withoutSimd(): Promise<typeof import('../index.js') & typeof import('../backend.js')> {
  vi.resetModules();
  vi.stubGlobal('WebAssembly', undefined);
  const library = { ...(await import('../index.js')), ...(await import('../backend.js')) };
  const { simdFunctions: none } = await import('../simd/functions.js');
  expect(none()).toBeUndefined();
  return library;
}

afterEach(() => vi.unstubAllGlobals());

const SCHEMAS: [Encoding, AttributeInput[], number][] = [
  ['categorical', [4, 4], 2],
  ['multi-label', [2, 2, 2], 3],
  ['one-attribute', [3], 3],
];

describe.each(Object.keys(ADVERSARIAL))('features that are %s', (kind) => {
  it.each(SCHEMAS)('are mined as in the specification, %s', async (encoding, attributes, width) => {
    expect(simdFunctions()).toBeDefined();
    const plain = await withoutSimd();
    for (const [seed, d] of [1, 4, 30].entries()) {
      const flat = drawFeatures(kind, N, d, seed + 1);
      const features = Array.from({ length: N }, (_, i) => Array.from(flat.subarray(i * d, (i + 1) * d)));
      const labels = drawLabels(encoding, width, seed + 9);
      const batch = createBatch({ attributes, encoding, labels, features });
      const options = resolveOptions(batch, { level: 'instance', kappa: [1, 4, 9][seed] });
      const selection = selectMinority(batch, options);
      const right = mineHardSamples(batch, selection, options);
      expect(right.anchors.length).toBeGreaterThan(0);
      expect(hostBackend().mineHardSamples?.(batch, selection, options)).toEqual(right);
      expect(plain.hostBackend().mineHardSamples?.(batch, selection, options)).toEqual(right);
    }
  });

  it.each(['float32', 'float64'])('give the same loss and gradient without SIMD, %s', async (precision) => {
    const plain = await withoutSimd();
    const choices = { attributes: [4, 4], level: 'instance', kappa: 5 } as const;
    for (const [seed, d] of [1, 6, 33].entries()) {
      const drawn = drawFeatures(kind, N, d, seed + 1);
      const features = precision === 'float32' ? Float32Array.from(drawn) : drawn;
      if (!features.every(Number.isFinite)) continue;
      const labels = drawLabels('categorical', 2, seed + 4).flat();
      for (const matrices of [features, [features, features.map((x) => -x / 2)]]) {
        const got = hostLoss(choices).rectification({ labels, features: matrices });
        expect(got).toEqual(plain.hostLoss(choices).rectification({ labels, features: matrices }));
        expect(got.gradient).toBeInstanceOf(features.constructor);
      }
    }
  });
});

describe('the neighbours of an anchor', () => {
  const [n, width, kappa] = [600, 8, 3];
  const { categorical: schema } = FLAT_SCHEMAS;
  /** In two attributes, every sample is of a class that has half of the samples. */
  const batch = labelled(
    schema,
    Array.from({ length: n }, (_, i) => [i % 2, Math.floor(i / 2) % 2, 0]),
    (c) => c < 5,
  );
  const matrix = drawFeatures('uniform in float32', n, width, 3);

  function neighboursFrom(workspace: SimdWorkspace | undefined): Neighbours {
    const { labels, selection, size } = batch;
    const anchors = new AnchorList();
    anchors.fill(schema, labels, selection, undefined);
    if (workspace) expect(workspace.load(matrix, size, width)).toBe(true);
    const neighbours = new Neighbours(schema, kappa);
    neighbours.prepare({ matrix, size, width, labels, anchors, workspace });
    return neighbours;
  }

  /** The neighbours of a sample in both attributes. */
  function find(neighbours: Neighbours, sample: number): number[][] {
    return [0, 1].map((attribute) => {
      const label = batch.labels[3 * sample + attribute];
      const column = schema.first[attribute] + label;
      neighbours.find(sample, batch.selection.minorityIndexOf[column], column);
      const { positives, negatives } = neighbours;
      expect([positives.count[0], negatives.count[0]]).toEqual([kappa, kappa]);
      return [...positives.row.subarray(0, kappa), ...negatives.row.subarray(0, kappa)];
    });
  }

  afterEach(() => vi.restoreAllMocks());

  it('are narrowed down by approximate distances, so that few exact ones are found, with SIMD', () => {
    let found = 0;
    const neighbours = neighboursFrom(
      observed('distances', () => {
        found += 4;
      }),
    );
    const asked = vi.spyOn(neighbours.distances, 'compute');
    const pushed = vi.spyOn(SmallestKeys.prototype, 'push');
    for (const sample of [0, 1, 2, 300, 599]) {
      found = 0;
      asked.mockClear();
      pushed.mockClear();
      find(neighbours, sample);
      const counts = asked.mock.calls.map(([, count]) => count);
      // for both sides in both attributes; a cut may leave some too many
      expect(counts.length).toBe(4);
      expect(Math.max(...counts)).toBeLessThan(4 * kappa);
      expect(found).toBeGreaterThanOrEqual(4 * kappa);
      expect(found).toBeLessThan(32 * kappa);
      // half of all samples are fellow members, half are not: those beyond the threshold are not pushed
      expect(pushed.mock.calls.length).toBeLessThan(4 * 120);
    }
  });

  it('are ranked without SIMD by one row of distances for all classes of a sample', () => {
    const neighbours = neighboursFrom(undefined);
    const asked = vi.spyOn(neighbours.distances, 'compute');
    const samples = [1, 0, 599];
    for (const sample of samples) find(neighbours, sample);
    expect(asked.mock.calls.map(([, count]) => count)).toEqual(samples.map(() => n));
  });

  it('are the same with SIMD and without, for any first anchor', () => {
    for (const sample of [0, 1, 2, 598]) {
      expect(find(neighboursFrom(undefined), sample)).toEqual(
        find(neighboursFrom(SimdWorkspace.create()), sample),
      );
    }
  });
});

it('does not take more memory with each call', () => {
  const { rectification } = hostLoss({ attributes: [4, 4], level: 'instance', kappa: 5 });
  const labels = drawLabels('categorical', 2, 1).flat();
  const features = drawFeatures('uniform in float32', N, 64, 1);
  rectification({ labels, features });
  const memory = simdFunctions()?.memory;
  const held = memory?.buffer.byteLength as number;
  for (let k = 0; k < 20; k++) rectification({ labels, features });
  expect(memory?.buffer.byteLength).toBe(held);
});
