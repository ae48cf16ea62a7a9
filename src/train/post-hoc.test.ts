import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createImage } from '../data/image.js';
import { normalisedLayer, priorAdjustedLayer } from '../rivals/index.js';
import { readTrainConfig } from './config/config.js';
import { chainsOf } from './data/chains.js';
import { trainingEngine } from './engine.js';
import { FolderLock } from './folder-lock.js';
import { loadModelFile } from './models/model-file.js';
import { correctLastLayer, lastLayer, refuseImpossible, type TrainedModel } from './post-hoc.js';
import { RunFolder } from './run-folder.js';
import { testRun } from './test-run.js';
import { DivergedError, InterruptedError, train } from './train.js';

const top = mkdtempSync(join(tmpdir(), 'post-hoc-'));
afterAll(() => rmSync(top, { recursive: true }));
beforeAll(() => trainingEngine('wasm'));

const base = {
  data: { kind: 'digits', most: 40, ratio: 8, validation: 4, test: 4 },
  model: { kind: 'conv', filters: [2], hidden: 4 },
  loss: 'ce',
  epochs: 2,
  seed: 3,
};

async function run(name: string, more: object = {}) {
  const config = readTrainConfig({ ...base, ...more, out: join(top, name) });
  const result = await train(config);
  const [kernel, bias] = await weightsOf(join(config.out, 'model.json'));
  return { result, kernel, bias, folder: new RunFolder(config.out) };
}

async function weightsOf(file: string): Promise<[tf.Tensor2D, tf.Tensor1D]> {
  return (await loadModelFile(file, () => 1)).getWeights().slice(-2) as [tf.Tensor2D, tf.Tensor1D];
}

const values = (tensor: tf.Tensor) => Array.from(tensor.dataSync());

describe('a post-hoc correction', () => {
  it('changes the model that is saved and tested, and nothing of its training', async () => {
    const plain = await run('plain');
    const { counts } = plain.folder.facts;
    const adjusted = await run('adjusted', { postHoc: { kind: 'logit-adjusted', tau: 2 } });
    const normalised = await run('normalised', { postHoc: 'tau-normalised' });
    for (const { folder } of [adjusted, normalised]) {
      const metrics = folder.lines.map(({ validation }) => validation);
      expect(metrics).toEqual(plain.folder.lines.map(({ validation }) => validation));
    }
    const prior = priorAdjustedLayer(plain, { counts, tau: 2 });
    expect(values(adjusted.kernel)).toEqual(values(plain.kernel));
    expect(values(adjusted.bias)).toEqual(values(prior.bias));
    expect(values(normalised.kernel)).toEqual(values(normalisedLayer(plain).kernel));
    expect(values(normalised.bias)).toEqual(counts.map(() => 0));
    // rare classes are predicted more often than before, and a later test finds the same
    expect(adjusted.result.test?.recall).not.toEqual(plain.result.test?.recall);
    const { evaluation } = await testRun(adjusted.folder);
    expect(evaluation?.recall).toEqual(adjusted.result.test?.recall);
  });

  it('is of the best epoch where that is kept, and a continued run trains without it', async () => {
    const postHoc = { kind: 'logit-adjusted', tau: 1 };
    const whole = await run('whole', { postHoc, epochs: 3 });
    await run('continued', { postHoc, epochs: 2 });
    const continued = await run('continued', { postHoc, epochs: 3 });
    expect(values(continued.bias)).toEqual(values(whole.bias));
    const best = await run('best', { postHoc, epochs: 3, keep: 'best' });
    const uncured = await run('uncured', { epochs: 3, keep: 'best' });
    expect(values(best.bias)).toEqual(values(uncured.bias)); // of the last epoch, as it was trained
    const [[, bias], [, before]] = [
      await weightsOf(best.folder.file('best/model.json')),
      await weightsOf(uncured.folder.file('best/model.json')),
    ];
    const { counts } = best.folder.facts;
    expect(values(bias)).toEqual(
      values(priorAdjustedLayer({ kernel: best.kernel, bias: before }, { counts }).bias),
    );
  });

  it('trains the last layer anew, and leaves the layers before it', async () => {
    const plain = await run('before');
    const postHoc = { kind: 'retrained', epochs: 3, learningRate: 0.1 };
    const retrained = await run('retrained', { postHoc });
    const inner = async ({ folder }: typeof plain) =>
      (await loadModelFile(folder.file('model.json'), () => 1)).getWeights().slice(0, -2).map(values);
    expect(await inner(retrained)).toEqual(await inner(plain));
    expect(values(retrained.kernel)).not.toEqual(values(plain.kernel));
    expect(retrained.folder.lines.map(({ validation }) => validation)).toEqual(
      plain.folder.lines.map(({ validation }) => validation),
    );
    // the rarest digit has five images; from batches drawn by class it is found more often
    const rarest = ({ result }: typeof plain) => result.validation.recall.at(-1) as number;
    expect(rarest(retrained)).toBeGreaterThan(rarest(plain));
    const { evaluation } = await testRun(retrained.folder);
    expect(evaluation?.recall).toEqual(retrained.result.test?.recall);
  });

  it('that is interrupted is repeated by the same command, with the same weights', async () => {
    const postHoc = { kind: 'retrained', epochs: 2 };
    const whole = await run('not-stopped', { postHoc });
    const config = readTrainConfig({ ...base, postHoc, out: join(top, 'stopped') });
    const stop = new AbortController();
    const stopped = train(config, {
      signal: stop.signal,
      onEpoch: ({ epoch }) => void (epoch === base.epochs && stop.abort()),
    });
    await expect(stopped).rejects.toThrow(InterruptedError);
    await expect(stopped).rejects.toThrow('stopped while changing the last layer after epoch 2');
    const again = await run('stopped', { postHoc });
    expect(values(again.kernel)).toEqual(values(whole.kernel));
    expect(values(again.bias)).toEqual(values(whole.bias));
  });

  it('may change in a finished run, whose epochs are not trained again', async () => {
    const postHoc = { kind: 'retrained', epochs: 2 };
    const fresh = await run('fresh', { postHoc });
    const before = await run('changing', { postHoc: { kind: 'logit-adjusted', tau: 1 } });
    const after = await run('changing', { postHoc });
    expect(values(after.kernel)).toEqual(values(fresh.kernel));
    expect(values(after.bias)).toEqual(values(fresh.bias));
    expect(after.result.test).toEqual(fresh.result.test);
    expect(after.folder.lines).toEqual(before.folder.lines); // with their seconds
    const without = await run('changing');
    expect(without.result.postHoc).toBeUndefined();
    expect(values(without.kernel)).not.toEqual(values(after.kernel));
  });

  it('whose training diverges keeps the epochs, and another learning rate takes them up', async () => {
    const at = (learningRate: number) => ({ postHoc: { kind: 'retrained', epochs: 2, learningRate } });
    const diverged = run('diverged', at(1e38));
    await expect(diverged).rejects.toThrow(DivergedError);
    await expect(diverged).rejects.toThrow(
      'postHoc.learningRate: expected a number at which the new weights',
    );
    const config = readTrainConfig({ ...base, ...at(0.01), out: join(top, 'diverged') });
    let trained = 0;
    const onStep = () => {
      trained += 1;
    };
    await train(config, { onStep });
    expect(trained).toBe(0);
  });

  it('writes nothing in a folder that another run took over meanwhile', async () => {
    const config = readTrainConfig({ ...base, postHoc: 'retrained', out: join(top, 'taken') });
    let other: FolderLock | undefined;
    const lost = train(config, {
      onNote: () => {
        other = FolderLock.take(config.out, { takeOver: true });
      },
    });
    await expect(lost).rejects.toThrow('expected a folder that only this run writes to');
    other?.release();
    expect(new RunFolder(config.out).files).not.toContain('model.json');
  });

  it('that the data do not suit is refused before the first step, with the class', () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [2] })] });
    const attributes = [
      { name: 'one', classes: ['a', 'b'] },
      { name: 'other', classes: ['c', 'd'] },
    ];
    const refused = (labels: readonly number[][], postHoc: Parameters<typeof refuseImpossible>[1]) => {
      const counts = [0, 1, 2, 3].map((k) => labels.flat().filter((label) => label === k).length);
      const records = labels.map((own) => ({ labels: own }));
      const data = { classes: ['a', 'b', 'c', 'd'], attributes, counts, encoding: 'categorical' };
      const given = { ...data, training: { records } } as unknown as TrainedModel['data'];
      return () => refuseImpossible({ model, data: given, config: { batchSize: 2, seed: 0 } }, postHoc);
    };
    const before = tf.memory().numTensors;
    const adjusted = { kind: 'logit-adjusted', tau: 1 } as const;
    const retrained = { kind: 'retrained', epochs: 1, learningRate: 0.1 } as const;
    expect(
      refused(
        [
          [0, 2],
          [1, 3],
        ],
        adjusted,
      ),
    ).not.toThrow();
    expect(
      refused(
        [
          [0, 2],
          [1, 2],
        ],
        adjusted,
      ),
    ).toThrow(
      'postHoc (counts[1]): expected an integer ≥ 1 images of class d (add some, leave the class out, or take another postHoc), got 0',
    );
    expect(
      refused(
        [
          [0, 2],
          [1, 2],
        ],
        retrained,
      ),
    ).not.toThrow();
    expect(refused([[0], [1]], retrained)).toThrow('postHoc (labels): expected at least one labelled sample');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is computed for each attribute separately', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 5, inputShape: [2] })] });
    const names = ['a', 'b', 'c', 'd', 'e'];
    const attributes = [
      { name: 'one', classes: ['a', 'b'] },
      { name: 'other', classes: ['c', 'd', 'e'] },
    ];
    const data = { classes: names, attributes, counts: [3, 1, 2, 1, 1], encoding: 'categorical' } as const;
    const given = { ...data, training: { records: [] } } as unknown as TrainedModel['data'];
    const trained = { model, data: given, config: { batchSize: 4, seed: 1 } };
    await correctLastLayer(trained, { kind: 'logit-adjusted', tau: 1 });
    const [, bias] = model.getWeights() as [tf.Tensor, tf.Tensor];
    const expected = [3 / 4, 1 / 4, 1 / 2, 1 / 4, 1 / 4].map((share) => expect.closeTo(-Math.log(share), 5));
    expect(values(bias)).toEqual(expected);
  });

  it.each(['categorical', 'one-attribute'] as const)(
    'trains every label anew where they are %s',
    async (encoding) => {
      const model = tf.sequential({
        layers: [tf.layers.flatten({ inputShape: [1, 2, 1] }), tf.layers.dense({ units: 4 })],
      });
      // the first pixel tells a from b, the second c from d; b and d are rare
      const kinds = [
        ...new Array(20).fill([0, 0]),
        ...new Array(3).fill([1, 0]),
        ...new Array(3).fill([0, 1]),
        ...new Array(2).fill([1, 1]),
      ] as [number, number][];
      const records = kinds.map(([b, d], i) => ({ id: String(i), file: '', labels: [b, 2 + d] }));
      const load = async (i: number) =>
        createImage({
          width: 2,
          height: 1,
          channels: 1,
          data: Float32Array.from(kinds[i] as [number, number]),
        });
      const classes = ['a', 'b', 'c', 'd'];
      const attributes = [
        { name: 'one', classes: ['a', 'b'] },
        { name: 'other', classes: ['c', 'd'] },
      ];
      const data = {
        classes,
        encoding,
        ...(encoding === 'categorical' && { attributes }),
        counts: [23, 5, 23, 5],
        chains: chainsOf({ augment: 'none' }, { width: 2 }),
        training: { classes, records, load },
      } as unknown as TrainedModel['data'];
      const trained = { model, data, config: { batchSize: 4, seed: 1 } };
      const before = tf.memory().numTensors;
      await correctLastLayer(trained, { kind: 'retrained', epochs: 40, learningRate: 0.1 });
      expect(tf.memory().numTensors).toBe(before);
      const images = tf.tensor4d([0, 0, 1, 0, 0, 1, 1, 1], [4, 1, 2, 1]);
      const logits = (await (model.predict(images) as tf.Tensor2D).array()) as number[][];
      const found = logits.map(([a, b, c, d]) => [
        Number((b as number) > (a as number)),
        Number((d as number) > (c as number)),
      ]);
      expect(found).toEqual([
        [0, 0],
        [1, 0],
        [0, 1],
        [1, 1],
      ]);
    },
  );

  it('holds the features of the training set as no tensor: of a large set they would fill the engine', async () => {
    const [images, width] = [64, 64];
    const model = tf.sequential({
      layers: [tf.layers.flatten({ inputShape: [1, width, 1] }), tf.layers.dense({ units: 2 })],
    });
    const records = Array.from({ length: images }, (_, i) => ({ id: String(i), file: '', labels: [i % 2] }));
    const load = async (i: number) =>
      createImage({ width, height: 1, channels: 1, data: new Float32Array(width).fill(i % 2) });
    const classes = ['a', 'b'];
    const chains = chainsOf({ augment: 'none' }, { width });
    const training = { classes, records, load };
    const data = { classes, encoding: 'categorical', counts: [32, 32], chains, training };
    const trained = {
      model,
      data: data as unknown as TrainedModel['data'],
      config: { batchSize: 4, seed: 1 },
    };
    const before = tf.memory().numBytes;
    let [most, calls] = [0, 0];
    const onBatch = () => {
      calls += 1;
      most = Math.max(most, tf.memory().numBytes - before);
    };
    await correctLastLayer(trained, { kind: 'retrained', epochs: 1, learningRate: 0.1 }, { onBatch });
    expect(calls).toBe(2 * (images / 4));
    const allFeatures = images * width * Float32Array.BYTES_PER_ELEMENT;
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(allFeatures / 2);
  });

  it('needs a dense layer with a bias at the end', () => {
    const without = tf.sequential({
      layers: [tf.layers.dense({ units: 2, inputShape: [2], useBias: false })],
    });
    expect(() => lastLayer(without)).toThrow(
      /^postHoc: expected a model whose last layer is dense and has a bias.*kind Dense without a bias;/,
    );
    const other = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [2, 1] })] });
    expect(() => lastLayer(other)).toThrow('a layer of kind Flatten; leave postHoc out');
  });
});
