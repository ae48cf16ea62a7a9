import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeAtlas } from '../data/index.js';
import { readTrainConfig } from './config/config.js';
import { LOSS_NAMES } from './config/loss-config.js';
import { loadData } from './data/load-data.js';
import { trainingEngine } from './engine.js';
import { buildLoss } from './losses.js';
import { buildModel } from './models/build.js';
import { saveModelFile } from './models/model-file.js';
import { RunFolder } from './run-folder.js';
import { testRun } from './test-run.js';
import { train } from './train.js';

const top = mkdtempSync(join(tmpdir(), 'kinds-'));
const at = (...names: string[]) => join(top, ...names);
afterAll(() => rmSync(top, { recursive: true }));

const folders = { kind: 'folders', folder: at('classes'), size: 8, channels: 1, normalise: true } as const;
const small = { model: { kind: 'conv', filters: [2], hidden: 0 }, batchSize: 4, epochs: 1 };

beforeAll(async () => {
  await trainingEngine('wasm');
  // dark images and bright ones, which any net can tell apart
  for (const [name, count, grey] of [
    ['bright', 4, 200],
    ['dark', 12, 40],
  ] as const) {
    mkdirSync(at('classes', name), { recursive: true });
    const background = { r: grey, g: grey, b: grey };
    const png = await sharp({ create: { width: 10, height: 9, channels: 3, background } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    for (let i = 0; i < count; i++) writeFileSync(at('classes', name, `${i}.png`), png);
  }
  await writeAtlas({ out: at('atlas'), images: 12, size: 16, seed: 1 });
});

describe('folders of classes', () => {
  it('are split by class, normalised by the training images, and trained on', async () => {
    const config = readTrainConfig({
      ...small,
      data: folders,
      loss: 'weighted',
      learningRate: 0.1,
      epochs: 8,
      sampling: 'class-aware',
      out: at('folders'),
    });
    const data = await loadData(config.data, 0);
    expect([data.classes, data.shape]).toEqual([['bright', 'dark'], { width: 8, height: 8, channels: 1 }]);
    const held = data.validation.records.map(({ labels }) => labels[0]);
    expect(held.filter((k) => k === 0).length).toBe(1);
    expect(data.training.records.length + held.length).toBe(16);
    expect(data.figures?.mean[0]).toBeGreaterThan(40 / 255);
    const { validation } = await train(config);
    expect(validation.balancedAccuracy).toBe(1);
    // a rival walks no batch, and says nothing of minorities
    expect(new RunFolder(config.out).lines[0]).toMatchObject({ rectification: null, minorityShare: null });
  });

  it('are predicted by name, and other classes are refused', async () => {
    mkdirSync(at('other', 'dark'), { recursive: true });
    writeFileSync(at('other', 'dark', 'a.png'), readFileSync(at('classes', 'dark', '0.png')));
    const found = await testRun(new RunFolder(at('folders')), { folder: at('other') });
    // dark is class 1 of the run, and class 0 of this folder
    expect(found.rows).toEqual([{ id: 'dark/a.png', labels: [1] }]);
    expect(found.evaluation?.recall).toEqual([null, 1]);
    mkdirSync(at('strange', 'grey'), { recursive: true });
    writeFileSync(at('strange', 'grey', 'a.png'), readFileSync(at('classes', 'dark', '0.png')));
    const strange = testRun(new RunFolder(at('folders')), { folder: at('strange') });
    await expect(strange).rejects.toThrow('expected classes among bright, dark, got grey');
  });
});

describe('what cannot be trained on is refused', () => {
  it('a class without an image, by its name, where a loss has no answer for it', async () => {
    const lines = readFileSync(at('atlas', 'train.csv'), 'utf8').trim().split('\n').slice(1);
    const rows = lines.map((line, i) => `${line.split(',')[0]},${i % 2 ? 'red' : 'blue'}`);
    writeFileSync(at('colours.csv'), `Id,Target\n${rows.join('\n')}\n`);
    const data = {
      kind: 'channels',
      labels: at('colours.csv'),
      folder: at('atlas', 'train'),
      size: 8,
      encoding: 'categorical',
      classes: ['blue', 'red', 'zebra'],
    };
    const config = (loss: string) => readTrainConfig({ ...small, data, loss, out: at(`zebra-${loss}`) });
    await expect(train(config('ldam'))).rejects.toThrow(/loss \(counts\[2\]\): .* of class zebra \(add some/);
    const told: string[] = [];
    await train(config('ce'), { onWarning: (message) => told.push(message) });
    expect(told).toContain('No training image has class zebra: the model cannot learn it.');
    expect(new RunFolder(at('zebra-ce')).facts.notes).toHaveLength(1);
  });

  it('sets that shares leave empty', async () => {
    for (const name of ['a', 'b']) {
      mkdirSync(at('few', name), { recursive: true });
      writeFileSync(at('few', name, '0.png'), readFileSync(at('classes', 'dark', '0.png')));
    }
    const config = readTrainConfig({ ...small, data: { ...folders, folder: at('few') }, out: at('few-run') });
    await expect(train(config)).rejects.toThrow(/data: expected images in every set.*0 to validation/);
  });

  it('a run that is to be a file', async () => {
    writeFileSync(at('file'), '');
    for (const out of [at('file'), at('file', 'run')])
      await expect(train(readTrainConfig({ ...small, data: folders, out }))).rejects.toThrow(
        'out: expected a folder that can be written to',
      );
  });
});

describe('a cache of images', () => {
  it('changes no result', async () => {
    const lines = async (cache: number, name: string) => {
      const data = { ...folders, cache, augment: 'crop' };
      await train(readTrainConfig({ ...small, data, epochs: 2, out: at(name) }));
      return new RunFolder(at(name)).lines.map(({ seconds: _, ...line }) => line);
    };
    expect(await lines(1, 'cached')).toEqual(await lines(0, 'not-cached'));
  });
});

describe('instance level', () => {
  const sampling = { kind: 'class-aware', perClass: 2 }; // so that each batch has a pair of the rare class
  const config = (more: object) =>
    readTrainConfig({ data: folders, epochs: 2, batchSize: 4, sampling, learningRate: 0.05, ...more });

  const loss = { kind: 'crl', level: 'instance', alpha: 0.5 };
  const run = async (name: string, own: object, more: object = {}) => {
    const model = { kind: 'conv', filters: [2], hidden: 3 };
    await train(config({ model, ...more, loss: own, out: at(name) }));
    return new RunFolder(at(name)).lines.map(({ loss, rectification }) => ({ loss, rectification }));
  };

  it('trains on the features that the last layer takes, or on those of a layer', async () => {
    const found = await run('instance', loss);
    expect(found[0]?.rectification).toBeGreaterThan(0);
    expect(await run('instance-named', { ...loss, features: 'features' })).toEqual(found);
    expect(await run('class', { ...loss, level: 'class' })).not.toEqual(found);
  });

  it('of a model file names any of its layers, if its output is one row per sample', async () => {
    const seeded = (seed: number) => ({ kernelInitializer: tf.initializers.heNormal({ seed }) });
    const layers = [
      tf.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [8, 8, 1], name: 'maps', ...seeded(1) }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, name: 'first', ...seeded(2) }),
      tf.layers.dense({ units: 3, name: 'second', ...seeded(3) }),
      tf.layers.dense({ units: 2, ...seeded(4) }),
    ];
    mkdirSync(at('layers'));
    await saveModelFile(tf.sequential({ layers }), at('layers'));
    const model = { kind: 'file', file: at('layers', 'model.json') };
    // small steps, and a margin that no distance of these features reaches
    const more = { model, learningRate: 1e-4 };
    const wide = { ...loss, margin: 1000 };
    const from = (features: string) => run(`instance-${features}`, { ...wide, features }, more);
    const [first, second] = [await from('first'), await from('second')];
    for (const [line] of [first, second]) expect(line?.rectification).toBeGreaterThan(0);
    expect(first).not.toEqual(second);
    expect(await run('instance-default', wide, more)).toEqual(second);
    await expect(from('maps')).rejects.toThrow(/loss\.features .*expected n×d/);
    await expect(from('nowhere')).rejects.toThrow(/loss\.features .*expected one of .*got "nowhere"/);
  });
});

describe('several labels per image', () => {
  // three labels, one or two per image
  const labelled = async (name: string, more: object) => {
    const [, ...lines] = readFileSync(at('atlas', 'train.csv'), 'utf8').trim().split('\n');
    const ids = lines.map((line) => line.split(',')[0]);
    const rows = ids.map((id, i) => `${id},${[i % 3 ? 0 : 1, ...(i % 4 ? [] : [2])].join(' ')}`);
    writeFileSync(at('three.csv'), `Id,Target\n${rows.join('\n')}\n`);
    const files = { labels: at('three.csv'), folder: at('atlas', 'train'), classes: 3, size: 8 };
    const data = { kind: 'channels', ...files, validation: 0.3 };
    return readTrainConfig({ ...small, data, out: at(name), ...more });
  };

  it('train by every rival, and in class-aware batches', async () => {
    for (const loss of LOSS_NAMES) {
      const config = await labelled(`several-${loss}`, { loss, sampling: 'class-aware' });
      const { validation } = await train(config);
      expect(validation.meanAveragePrecision, loss).toBeGreaterThan(0);
    }
  });

  it('are weighed against their absence among all images', async () => {
    const { data: files } = await labelled('sizes', {});
    const data = await loadData(files, 0);
    const y = tf.tensor2d(
      data.training.records.map(({ labels }) => [0, 1, 2].map((k) => +labels.includes(k))),
    );
    const z = tf.zeros([y.shape[0], 3]);
    const { loss } = buildLoss({ kind: 'weighted' }, data);
    // each label's two sides weigh as much: n/2 each, at log 2 an entry
    expect(loss(y, z).dataSync()[0]).toBeCloseTo(3 * Math.log(2), 5);
  });
});

describe('several attributes', () => {
  const layout = () => ({
    kind: 'channels',
    labels: at('attributes.csv'),
    folder: at('atlas', 'train'),
    attributes: ['colour', 'shape'],
    allowEmpty: true,
    size: 8,
    validation: 0.3,
  });

  beforeAll(() => {
    const lines = readFileSync(at('atlas', 'train.csv'), 'utf8').trim().split('\n').slice(1);
    const rows = lines.map(
      (line, i) =>
        `${line.split(',')[0]},${['red', 'blue'][i % 2]},${i === 3 ? '' : ['round', 'flat', 'long'][i % 3]}`,
    );
    writeFileSync(at('attributes.csv'), `Id,colour,shape\n${rows.join('\n')}\n`);
  });

  it('train with CRL, each with its own softmax, and are evaluated and predicted one by one', async () => {
    for (const loss of [{ kind: 'crl', eta: 0.3 }, 'ce']) {
      const out = at(`attributes-${typeof loss === 'string' ? loss : loss.kind}`);
      const config = readTrainConfig({ ...small, data: layout(), loss, sampling: 'class-aware', out });
      const { validation, test, thresholds } = await train(config);
      expect([test, thresholds]).toEqual([undefined, undefined]);
      expect(validation.confusion?.length).toBeGreaterThan(0);
      expect(validation.recall).toHaveLength(5);
      const { facts, lines } = new RunFolder(out);
      expect(facts.attributes?.map(({ name }) => name)).toEqual(['colour', 'shape']);
      expect(lines[0]?.minorityShare).toHaveLength(5);
      const choices = { labels: at('attributes.csv'), probabilities: at('probabilities.csv') };
      const { rows, evaluation } = await testRun(new RunFolder(out), choices);
      expect(rows).toHaveLength(12);
      for (const { labels } of rows) {
        const [colour = 0, shape = 0] = labels;
        expect([labels.length, colour < 2, shape >= 2]).toEqual([2, true, true]);
      }
      // each attribute's probabilities add up to 1
      const [, line = ''] = readFileSync(at('probabilities.csv'), 'utf8').split('\n');
      const [, ...p] = line.split(',').map(Number);
      const sum = (of: readonly number[]) => of.reduce((a, b) => a + b, 0);
      expect([sum(p.slice(0, 2)), sum(p.slice(2))].map((total) => total.toFixed(5))).toEqual([
        '1.00000',
        '1.00000',
      ]);
      // A_bln is the mean over the attributes, and leaves out what has no class
      const read = await loadData(config.data, 0);
      const all = [...read.training.records, ...read.validation.records];
      const truth = new Map(all.map(({ id, labels }) => [id, labels]));
      const recall = read.classes.map((_, k) => {
        const its = rows.filter(({ id }) => truth.get(id)?.includes(k));
        return its.filter(({ labels }) => labels.includes(k)).length / its.length;
      });
      expect(evaluation?.recall).toEqual(recall);
      const mean = (of: readonly number[]) => sum(of) / of.length;
      const balanced = mean([mean(recall.slice(0, 2)), mean(recall.slice(2))]);
      expect(evaluation?.balancedAccuracy).toBeCloseTo(balanced, 12);
    }
  });

  it('train by every loss, each attribute separately', async () => {
    for (const loss of LOSS_NAMES) {
      const out = at(`attributes-all-${loss}`);
      const config = readTrainConfig({ ...small, data: layout(), loss, sampling: 'class-aware', out });
      const { validation } = await train(config);
      expect(validation.recall.length, loss).toBe(5);
    }
  });

  it('have the loss that is summed over them', async () => {
    const given = readTrainConfig({ ...small, data: layout(), out: at('attributes') });
    const data = await loadData(given.data, 0);
    const y = tf.tensor2d([
      [1, 0, 0, 0, 1],
      [0, 1, 1, 0, 0],
    ]);
    const z = tf.zeros([2, 5]);
    const { loss } = buildLoss({ kind: 'logit-adjusted', tau: 0 }, data);
    expect(loss(y, z).dataSync()[0]).toBeCloseTo(Math.log(2) + Math.log(3), 5);
    expect(buildLoss({ kind: 'ce' }, data).loss(y, z).dataSync()[0]).toBeCloseTo(Math.log(6), 5);
  });
});

describe('a label file', () => {
  it('trains binary labels too, with thresholds of their own, and validates with another file', async () => {
    const labels = at('atlas', 'train.csv');
    const lines = readFileSync(labels, 'utf8').trim().split('\n');
    writeFileSync(at('train.csv'), `${lines.slice(0, 9).join('\n')}\n`);
    writeFileSync(at('held.csv'), `${[lines[0], ...lines.slice(9)].join('\n')}\n`);
    const data = {
      kind: 'channels',
      labels: at('train.csv'),
      folder: at('atlas', 'train'),
      classes: 28,
      size: 8,
      encoding: 'multi-label',
      validation: at('held.csv'),
    };
    const config = readTrainConfig({
      ...small,
      data,
      model: { kind: 'resnet', filters: [2, 4] },
      loss: { kind: 'crl', alpha: 0.3 },
      out: at('binary'),
    });
    const { thresholds, validation } = await train(config);
    expect([validation.images, (thresholds as number[]).length]).toEqual([lines.length - 9, 28]);
    const { facts, lines: epochs } = new RunFolder(config.out);
    expect([facts.shape.channels, facts.images.training, epochs[0]?.minorityShare?.length]).toEqual([
      4, 8, 28,
    ]);
  });
});

describe('a model file', () => {
  const shape = { width: 8, height: 8, channels: 2 };
  const ofFile = (name: string, seed = 1) =>
    buildModel({ model: { kind: 'file', file: at(name) }, seed }, shape, 3);
  const firstWeights = (model: tf.LayersModel) => Array.from((model.getWeights()[0] as tf.Tensor).dataSync());

  beforeAll(async () => {
    const model = await buildModel({ model: { kind: 'conv', filters: [2], hidden: 4 }, seed: 1 }, shape, 3);
    await saveModelFile(model, top);
    const topology = JSON.parse(readFileSync(at('model.json'), 'utf8')).modelTopology;
    const text = JSON.stringify({ modelTopology: topology }).replaceAll(/"seed":\d+/g, '"seed":null');
    writeFileSync(at('bare.json'), text);
    for (const activation of ['softmax', 'relu', 'tanh'])
      writeFileSync(
        at(`${activation}.json`),
        text.replace(/"activation":"linear"(?!.*"activation")/, `"activation":"${activation}"`),
      );
    for (const layer of [tf.layers.softmax(), tf.layers.reLU()]) {
      const layers = [tf.layers.flatten({ inputShape: [8, 8, 2] }), tf.layers.dense({ units: 3 }), layer];
      await saveModelFile(tf.sequential({ layers }), at(layer.getClassName()));
    }
  });

  it('begins with its weights, or with those of the seed', async () => {
    const built = await buildModel({ model: { kind: 'conv', filters: [2], hidden: 4 }, seed: 1 }, shape, 3);
    expect(firstWeights(await ofFile('model.json', 2))).toEqual(firstWeights(built));
    const [one, again, other] = [
      await ofFile('bare.json'),
      await ofFile('bare.json'),
      await ofFile('bare.json', 2),
    ];
    expect(firstWeights(one)).toEqual(firstWeights(again));
    expect(firstWeights(one)).not.toEqual(firstWeights(other));
  });

  it('that does not fit is refused', async () => {
    const model = { kind: 'file', file: at('model.json') } as const;
    const wider = buildModel({ model, seed: 1 }, { ...shape, channels: 4 }, 3);
    await expect(wider).rejects.toThrow('model.file: expected one input of 8×8×4, got [[null,8,8,2]]');
    await expect(buildModel({ model, seed: 1 }, shape, 5)).rejects.toThrow('expected one output of 5 logits');
    for (const name of ['softmax.json', 'relu.json', 'tanh.json', 'Softmax/model.json', 'ReLU/model.json'])
      await expect(ofFile(name)).rejects.toThrow('expected logits: a last layer without an activation');
    writeFileSync(at('broken.json'), '{');
    await expect(ofFile('broken.json')).rejects.toThrow('model.file: expected a model.json of tfjs-layers');
  });
});
