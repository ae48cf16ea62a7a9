import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTrainConfig } from './config/config.js';
import { trainingEngine } from './engine.js';
import { saveModelFile } from './models/model-file.js';
import { PREDICTIONS_FILE, RunFolder } from './run-folder.js';
import { InterruptedError, type TrainChoices, train } from './train.js';

const top = mkdtempSync(join(tmpdir(), 'train-'));
afterAll(() => rmSync(top, { recursive: true }));

const config = (out: string, more: object = {}) =>
  readTrainConfig({
    data: { kind: 'digits', most: 40, ratio: 10, validation: 10, test: 10, augment: 'flip' },
    model: { kind: 'conv', filters: [4], hidden: 0 },
    epochs: 3,
    seed: 5,
    learningRate: 0.01,
    out: join(top, out),
    ...more,
  });

/** What a run wrote, but for times. */
function written(out: string) {
  const folder = new RunFolder(join(top, out));
  const lines = folder.lines.map(({ seconds: _, ...line }) => line);
  const { seconds: _, ...result } = folder.result as NonNullable<typeof folder.result>;
  return { lines, result, weights: readFileSync(folder.file('weights.bin')).toString('base64') };
}

/** Trains, and breaks off after the first epoch. */
async function cutAfterOne(given: ReturnType<typeof config>): Promise<void> {
  const cut = train(given, {
    onEpoch: () => {
      throw new Error('cut off');
    },
  });
  await expect(cut).rejects.toThrow('cut off');
}

/** Trains, is cut off after the first epoch, and is resumed. */
async function inTwo(given: ReturnType<typeof config>): Promise<void> {
  await cutAfterOne(given);
  const folder = new RunFolder(given.out);
  expect([folder.lines.length, folder.result]).toEqual([1, undefined]);
  // as if it was killed between a line and its checkpoint
  appendFileSync(folder.file('metrics.jsonl'), JSON.stringify(folder.lines[0]).slice(0, 40));
  expect(await resumedFrom(given)).toEqual({ epochs: 1, step: 0 });
}

async function resumedFrom(given: ReturnType<typeof config>) {
  let from: unknown;
  await train(given, {
    onBegin: (_, { epochs, step }) => {
      from = { epochs, step };
    },
  });
  return from;
}

/** Stops a run after some steps of an epoch, both from 1. */
function stoppingAt(epoch: number, step: number): TrainChoices {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    onStep: (e, s) => {
      if (e === epoch && s === step) controller.abort();
    },
  };
}

describe('a run', () => {
  it('that was cut off ends with the numbers of one that was not', async () => {
    await train(config('whole'));
    await inTwo(config('parts'));
    const [whole, parts] = [written('whole'), written('parts')];
    expect(whole.lines.length).toBe(3);
    expect(parts).toEqual(whole);
  });

  it.each([
    ['momentum', { optimiser: 'momentum', sampling: 'class-aware', schedule: 'cosine', loss: 'ldam' }],
    [
      'resnet',
      { model: { kind: 'resnet', filters: [4, 8] }, optimiser: 'sgd', loss: { kind: 'crl', alpha: 0.2 } },
    ],
    ['decay and clipping', { optimiser: { kind: 'adam', weightDecay: 0.1, clipNorm: 0.5 } }],
    ['shifts', { data: { kind: 'digits', most: 40, ratio: 10, augment: 'shift', shift: 3 } }],
    ['a line of α', { loss: { kind: 'crl', alpha: { from: 0.1, to: 0.4, epochs: 1.5 }, warmUp: 0.5 } }],
    ['the schedule of DCL', { loss: { kind: 'crl', alpha: 'dcl' } }],
    ['frozen layers', { freeze: ['conv*'], monitor: 'crossEntropy' }],
    ['the best epoch kept', { keep: 'best', patience: 5 }],
  ])('that was cut off, between epochs and within one, does so with %s', async (name, more) => {
    const shorter = { ...more, epochs: 2 };
    await train(config(`whole ${name}`, shorter));
    await inTwo(config(`parts ${name}`, shorter));
    expect(written(`parts ${name}`)).toEqual(written(`whole ${name}`));
    const given = config(`stopped ${name}`, shorter);
    for (const [epoch, step] of [
      [1, 1],
      [2, 2],
    ] as const)
      await expect(train(given, stoppingAt(epoch, step))).rejects.toThrow(
        `stopped in epoch ${epoch} after step ${step} of`,
      );
    expect(await resumedFrom(given)).toEqual({ epochs: 1, step: 2 });
    expect(written(`stopped ${name}`)).toEqual(written(`whole ${name}`));
  });

  it('keeps predictions of its model until it is continued to another', async () => {
    const shorter = { epochs: 1, learningRate: 0.02 };
    await train(config('predicted', shorter));
    const folder = new RunFolder(join(top, 'predicted'));
    writeFileSync(folder.file(PREDICTIONS_FILE), 'Id,Predicted\n');
    await train(config('predicted', shorter));
    expect(folder.files).toContain(PREDICTIONS_FILE);
    await train(config('predicted', { ...shorter, epochs: 2 }));
    expect(folder.files).not.toContain(PREDICTIONS_FILE);
  });

  it('that is stopped while it validates is resumed there', async () => {
    const { steps } = { steps: new RunFolder(join(top, 'whole')).facts.stepsPerEpoch };
    const given = config('validating');
    await expect(train(given, stoppingAt(2, steps))).rejects.toThrow(InterruptedError);
    expect(await resumedFrom(given)).toEqual({ epochs: 1, step: steps });
    expect(written('validating')).toEqual(written('whole'));
  });

  it('holds as many tensors after every epoch, counts every step, and learns', async () => {
    const { lines, result } = written('whole');
    expect(new Set(lines.map(({ tensors }) => tensors)).size).toBe(1);
    expect(lines[2]?.loss).toBeLessThan(lines[0]?.loss as number);
    expect(lines[0]?.minorityShare?.some((share) => share > 0)).toBe(true);
    expect(lines[0]?.rectification).toBeGreaterThan(0);
    expect(lines[0]?.regularisation).toBeNull();
    const { forecast } = new RunFolder(join(top, 'whole')).facts;
    const anchors = lines.reduce((sum, line) => sum + (line.anchors as number) / lines.length, 0);
    expect(Math.abs(anchors - (forecast?.anchors as number))).toBeLessThan(0.2 * anchors);
    expect(result.test?.confusion?.reduce((sum, [, , images]) => sum + images, 0)).toBe(100);
  });

  it('that is finished is not repeated, and its folder takes no other config', async () => {
    expect(await resumedFrom(config('whole'))).toBeUndefined();
    const other = train(config('whole', { seed: 6, learningRate: 0.02 }));
    await expect(other).rejects.toThrow(
      'got one that differs in learningRate (0.01 there, 0.02 now), seed (5 there, 6 now)',
    );
  });

  it('that is finished continues with more epochs, as if it had been started with them', async () => {
    await train(config('more'));
    expect(await resumedFrom(config('more', { epochs: 4 }))).toEqual({ epochs: 3, step: 0 });
    await train(config('at once', { epochs: 4 }));
    expect(written('more')).toEqual(written('at once'));
    await expect(train(config('more', { epochs: 2 }))).rejects.toThrow('epochs: expected at least 4');
  });

  it('warns where further epochs change what the ones before were made for', async () => {
    const warnings: string[] = [];
    const more = { epochs: 1, schedule: 'cosine' };
    await train(config('cosine', more));
    await train(config('cosine', { ...more, epochs: 2 }), { onWarning: (message) => warnings.push(message) });
    expect(warnings).toEqual([expect.stringContaining('schedule')]);
    warnings.length = 0;
    const falling = { epochs: 1, loss: { kind: 'crl', alpha: 'dcl' } };
    await train(config('falling', falling));
    const onWarning = (message: string) => warnings.push(message);
    await train(config('falling', { ...falling, epochs: 2 }), { onWarning });
    expect(warnings).toEqual([
      expect.stringContaining('loss.alpha, the schedule of DCL, is now spread over 2'),
    ]);
  });

  it('whose loss became NaN or infinite says so, and keeps the checkpoint before', async () => {
    const wild = config('wild', { learningRate: 1e38, model: { kind: 'conv', filters: [4], hidden: 8 } });
    await expect(train(wild)).rejects.toThrow(/epoch 1: expected finite numbers, got /);
  });
});

describe('the best epoch', () => {
  it('is kept beside the last, and is what is evaluated', async () => {
    // a rate at which the first epochs go up and down
    const more = { learningRate: 0.3, epochs: 5, keep: 'best' };
    await train(config('best', more));
    const { lines, result } = written('best');
    const values = lines.map(({ validation }) => validation.balancedAccuracy as number);
    const best = values.indexOf(Math.max(...values)) + 1;
    expect(best).toBeLessThan(5); // else this shows nothing
    expect(result.epoch).toBe(best);
    expect(result.validation.balancedAccuracy).toBe(values[best - 1]);
    const folder = new RunFolder(join(top, 'best'));
    const weights = (name: string) => readFileSync(folder.file(name)).toString('base64');
    await train(config('until best', { ...more, epochs: best, keep: 'last' }));
    expect(weights('best/weights.bin')).toBe(written('until best').weights);
    expect(weights('weights.bin')).not.toBe(weights('best/weights.bin'));
  });

  it('can be chosen when a run is finished', async () => {
    await train(config('best', { learningRate: 0.3, epochs: 5, keep: 'last' }));
    const last = written('best').result;
    expect([last.epoch, existsSync(join(top, 'best', 'result.json'))]).toEqual([5, true]);
    await train(config('best', { learningRate: 0.3, epochs: 5, keep: 'best' }));
    expect(written('best').result.epoch).toBeLessThan(5);
  });

  it('ends a run that has got no better for the epochs of its patience', async () => {
    const more = { learningRate: 0.3, epochs: 8, patience: 1 };
    const notes: string[] = [];
    const { epochs } = await train(config('early', more), { onNote: (note) => notes.push(note) });
    expect(notes).toEqual([`Stopped early after epoch ${epochs} of 8: the best was epoch ${epochs - 1}`]);
    const values = written('early').lines.map(({ validation }) => validation.balancedAccuracy as number);
    expect(values.length).toBe(epochs);
    expect(epochs).toBeLessThan(8);
    expect(values.at(-1)).toBeLessThanOrEqual(values.at(-2) as number);
    for (let at = 1; at < epochs - 1; at++) expect(values[at]).toBeGreaterThan(values[at - 1] as number);
    expect(await resumedFrom(config('early', more))).toBeUndefined();
    // with more patience it continues
    expect(await resumedFrom(config('early', { ...more, patience: 2 }))).toEqual({ epochs, step: 0 });
  });
});

describe('a model file', () => {
  const saved = async (name: string, more: object = {}, dropout = 0) => {
    const seeded = (seed: number) => ({ kernelInitializer: tf.initializers.heNormal({ seed }) });
    const model = tf.sequential({
      layers: [
        tf.layers.flatten({ inputShape: [28, 28, 1] }),
        tf.layers.dense({ units: 4, name: 'hidden', ...seeded(1), ...more }),
        tf.layers.dropout({ rate: dropout }),
        tf.layers.dense({ units: 10, name: 'logits', ...seeded(2) }),
      ],
    });
    await saveModelFile(model, join(top, name));
    model.dispose();
    return { model: { kind: 'file', file: join(top, name, 'model.json') }, epochs: 2 };
  };
  beforeAll(() => trainingEngine('wasm'));

  it('whose features are too long to be brought to length 1 diverges, though its scores are finite', async () => {
    const kernelInitializer = tf.initializers.constant({ value: 1e20 });
    const { model } = await saved('long', { kernelInitializer });
    const loss = { kind: 'crl', level: 'instance', alpha: 0.5, unitFeatures: true };
    await expect(train(config('too long', { model, loss }))).rejects.toThrow(
      /^epoch 1: expected finite numbers, got a feature of NaN/,
    );
  });

  it('trains the regularisers of its layers too', async () => {
    const l2 = 0.5;
    const regularised = await saved('l2', { kernelRegularizer: tf.regularizers.l2({ l2 }) });
    await train(config('with l2', regularised));
    await train(config('without l2', await saved('plain')));
    const [with_, without] = [written('with l2'), written('without l2')];
    expect(without.lines[0]?.regularisation).toBeNull();
    expect(with_.lines[1]?.regularisation).toBeLessThan(with_.lines[0]?.regularisation as number);
    expect(with_.weights).not.toBe(without.weights);
  });

  it('with dropout is resumed with the masks that it would have drawn', async () => {
    const given = await saved('dropout', {}, 0.5);
    await train(config('dropped', given));
    const parts = config('dropped in parts', given);
    await expect(train(parts, stoppingAt(1, 2))).rejects.toThrow('stopped');
    await train(parts);
    expect(written('dropped in parts')).toEqual(written('dropped'));
    // and each step has another mask, so that the seeds are not in the saved model
    const model = readFileSync(join(top, 'dropped', 'model.json'), 'utf8');
    expect(JSON.parse(model).modelTopology.config.layers[2].config.seed).toBeNull();
  });

  it('trains only what is not frozen', async () => {
    const given = await saved('frozen');
    const { file } = given.model;
    await train(config('partly', { ...given, freeze: ['hidden'] }));
    const numbers = (path: string) => new Float32Array(Uint8Array.from(readFileSync(path)).buffer);
    const [before, after] = [
      numbers(file.replace('model.json', 'weights.bin')),
      numbers(join(top, 'partly', 'weights.bin')),
    ];
    const hidden = 784 * 4 + 4;
    expect(after.slice(0, hidden)).toEqual(before.slice(0, hidden));
    expect(after.slice(hidden)).not.toEqual(before.slice(hidden));
    expect(readFileSync(join(top, 'partly', 'model.json'), 'utf8')).not.toContain('"trainable":false');
    await expect(train(config('nothing', { ...given, freeze: ['*'] }))).rejects.toThrow(
      'freeze: expected at least one layer with weights left to train, got all frozen',
    );
    await expect(train(config('nobody', { ...given, freeze: ['hiden'] }))).rejects.toThrow(
      /freeze\[0\]: expected a layer among .*hidden.*, got hiden/,
    );
    expect(existsSync(join(top, 'nobody'))).toBe(false);
  });
});
