import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTrainConfig } from './config/config.js';
import { RunFolder } from './run-folder.js';
import { testRun } from './test-run.js';
import { train } from './train.js';

const top = mkdtempSync(join(tmpdir(), 'test-run-'));
const at = (...names: string[]) => join(top, ...names);
const from = process.cwd();
afterAll(() => {
  process.chdir(from);
  rmSync(top, { recursive: true });
});

const run = () => new RunFolder(at('run'));

beforeAll(async () => {
  // dark images and bright ones; the name of a class has a space, as those of ImageNet
  for (const [name, grey] of [
    ['polar bear', 230],
    ['raven', 20],
  ] as const) {
    mkdirSync(at('animals', name), { recursive: true });
    for (let i = 0; i < 8; i++) {
      const background = { r: grey + i, g: grey, b: grey };
      await sharp({ create: { width: 9, height: 9, channels: 3, background } })
        .png()
        .toFile(at('animals', name, `${i}.png`));
    }
  }
  mkdirSync(at('plain'));
  copyFileSync(at('animals', 'raven', '1.png'), at('plain', 'a.png'));
  copyFileSync(at('animals', 'polar bear', '1.png'), at('plain', 'b.png'));
  process.chdir(top);
  const data = { kind: 'folders', folder: 'animals', size: 8, validation: 0.25 };
  const model = { kind: 'conv', filters: [2], hidden: 0 };
  await train(
    readTrainConfig({ data, model, batchSize: 4, epochs: 30, learningRate: 0.05, keep: 'best', out: 'run' }),
  );
  process.chdir(from);
});

describe('a finished run', () => {
  it('is tested from any working directory, with the model of the epoch that it kept', async () => {
    const { evaluation, set, rows } = await testRun(run());
    expect([set, rows.length]).toEqual(['the run’s validation set', 4]);
    expect(evaluation).toEqual(run().result?.validation);
    expect(evaluation?.balancedAccuracy).toBe(1);
  });

  it('predicts plain images, and images in one folder per class', async () => {
    const plain = await testRun(run(), { folder: at('plain') });
    expect(plain.rows).toEqual([
      { id: 'a.png', labels: [1] },
      { id: 'b.png', labels: [0] },
    ]);
    expect(plain.evaluation).toBeUndefined();
    const { rows, evaluation } = await testRun(run(), { folder: at('animals') });
    expect([rows.length, evaluation?.recall]).toEqual([16, [1, 1]]);
  });

  it('gives the probability of each class, one column per class', async () => {
    await testRun(run(), { folder: at('plain'), probabilities: at('p.csv') });
    const [head, ...lines] = readFileSync(at('p.csv'), 'utf8').trimEnd().split('\n');
    expect(head).toBe('Id,polar bear,raven');
    const rows = lines.map((line) => line.split(','));
    expect(rows.map(([id]) => id)).toEqual(['a.png', 'b.png']);
    for (const [, bear, raven] of rows) expect(Number(bear) + Number(raven)).toBeCloseTo(1, 5);
    expect(Number(rows[0]?.[2])).toBeGreaterThan(0.5);
  });

  it.each([
    [{ labels: 'l.csv' }, '--labels: expected none for a run that was not trained with a label file'],
    [{ folder: 'nowhere' }, '--folder: expected a folder, got no folder nowhere'],
  ])('refuses %j', async (choices, message) => {
    await expect(testRun(run(), choices)).rejects.toThrow(message);
  });

  it('refuses its own images once they are others', async () => {
    renameSync(at('animals', 'raven'), at('animals', 'crow'));
    await expect(testRun(run())).rejects.toThrow('crow is new, raven is gone');
    renameSync(at('animals', 'crow'), at('animals', 'raven'));
    appendFileSync(at('animals', 'raven', '0.png'), ' ');
    await expect(testRun(run())).rejects.toThrow('the same number of images with other file sizes');
  });

  it('refuses weights that were changed', async () => {
    const file = run().file('best/weights.bin');
    const bytes = readFileSync(file);
    bytes[5] = (bytes[5] as number) ^ 1;
    renameSync(file, `${file}.kept`);
    writeFileSync(file, bytes);
    await expect(testRun(run(), { folder: at('plain') })).rejects.toThrow(
      'the model and weights that the run ended with',
    );
    renameSync(`${file}.kept`, file);
    await expect(testRun(run(), { folder: at('plain') })).resolves.toBeDefined();
  });

  it.each([
    ['weights.bin', undefined, 'a file of the model'],
    ['model.json', undefined, 'a file of the model'],
    ['model.json', '{"modelTopology":', 'a model.json of tfjs-layers'],
    ['model.json', 'null', 'a model.json of tfjs-layers'],
    ['model.json', '{"name":"x"}', 'a model.json of tfjs-layers'],
  ])('names a %s that is missing or no model: %j', async (name, text, expected) => {
    const file = run().file(`best/${name}`);
    renameSync(file, `${file}.kept`);
    if (text !== undefined) writeFileSync(file, text);
    await expect(testRun(run(), { folder: at('plain') })).rejects.toThrow(
      expect.objectContaining({
        name: 'ConfigError',
        message: expect.stringContaining(`${file}: expected ${expected}, got`),
      }),
    );
    renameSync(`${file}.kept`, file);
  });
});

it('a run on digits predicts plain images too', async () => {
  const data = { kind: 'digits', most: 20, ratio: 2, validation: 5, test: 5 };
  const model = { kind: 'conv', filters: [2], hidden: 0 };
  await train(readTrainConfig({ data, model, epochs: 1, out: at('digits') }));
  mkdirSync(at('grey'));
  await sharp(at('plain', 'a.png')).toColourspace('b-w').toFile(at('grey', 'a.png'));
  const { rows } = await testRun(new RunFolder(at('digits')), { folder: at('grey') });
  expect(rows.map(({ id }) => id)).toEqual(['a.png']);
  expect((await testRun(new RunFolder(at('digits')))).set).toBe('the run’s test set');
});
