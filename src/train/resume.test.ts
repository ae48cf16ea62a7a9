import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readCheckpointFile, writeCheckpointFile } from './checkpoint-file.js';
import { readTrainConfig } from './config/config.js';
import { saveModelFile } from './models/model-file.js';
import { RunFolder } from './run-folder.js';
import type { RunIdentity } from './run-identity.js';
import { train } from './train.js';

const top = mkdtempSync(join(tmpdir(), 'resume-'));
const at = (...names: string[]) => join(top, ...names);
afterAll(() => rmSync(top, { recursive: true }));

const config = (more: object = {}) =>
  readTrainConfig({
    data: { kind: 'folders', folder: at('img'), size: 8, test: 0.25, validation: 0.25 },
    model: { kind: 'file', file: at('model', 'model.json') },
    batchSize: 4,
    epochs: 2,
    out: at('run'),
    ...more,
  });

beforeAll(async () => {
  for (const [k, name] of ['cat', 'dog', 'fox'].entries()) {
    mkdirSync(at('made', 'img', name), { recursive: true });
    for (let i = 0; i < 8; i++) {
      const background = { r: k * 100, g: i * 20, b: 7 };
      const png = await sharp({ create: { width: 8, height: 8, channels: 3, background } })
        .png()
        .toBuffer();
      writeFileSync(at('made', 'img', name, `${i}.png`), png);
    }
  }
  const layers = [
    tf.layers.flatten({ inputShape: [8, 8, 3] }),
    tf.layers.dense({ units: 3, kernelInitializer: tf.initializers.heNormal({ seed: 1 }) }),
  ];
  await saveModelFile(tf.sequential({ layers }), at('made', 'model'));
  cpSync(at('made'), top, { recursive: true });
  const cut = train(config(), {
    onEpoch: () => {
      throw new Error('cut off');
    },
  });
  await expect(cut).rejects.toThrow('cut off');
  renameSync(at('run'), at('made', 'run'));
});

/** The run cut off after its first epoch, its images and its model, as they were. */
beforeEach(() => {
  for (const name of ['img', 'run', 'model']) rmSync(at(name), { recursive: true, force: true });
  cpSync(at('made'), top, { recursive: true });
});

/** All files of the run with their content. */
const content = () =>
  readdirSync(at('run')).map((name) => [name, readFileSync(at('run', name)).toString('base64')]);

async function refused(message: RegExp | string, more: object = {}): Promise<void> {
  const before = content();
  await expect(train(config(more))).rejects.toThrow(message);
  expect(content()).toEqual(before);
}

describe('a run is resumed', () => {
  it('where it was cut off, with its data moved elsewhere and another end', async () => {
    renameSync(at('img'), at('moved'));
    const data = { kind: 'folders', folder: at('moved'), size: 8, test: 0.25, validation: 0.25, cache: 0 };
    let begun: unknown;
    const { epochs } = await train(config({ data, epochs: 3, patience: 9, keep: 'best' }), {
      onBegin: (_, done) => {
        begun = done.epochs;
      },
    });
    expect([begun, epochs]).toEqual([1, 3]);
    expect(new RunFolder(at('run')).config).toMatchObject({ epochs: 3, keep: 'best' });
    rmSync(at('moved'), { recursive: true });
  });

  it('with a warning by another version of this package or of tfjs', async () => {
    const file = at('run', 'checkpoint.bin');
    const { head, tensors } = readCheckpointFile<{ identity: RunIdentity }>(file) as NonNullable<
      ReturnType<typeof readCheckpointFile<{ identity: RunIdentity }>>
    >;
    const versions = { ...head.identity.versions, '@tensorflow/tfjs-core': '4.0.0' };
    writeCheckpointFile(file, { head: { ...head, identity: { ...head.identity, versions } }, tensors });
    const warnings: string[] = [];
    await train(config(), { onWarning: (message) => warnings.push(message) });
    expect(warnings).toEqual([
      expect.stringMatching(/^@tensorflow\/tfjs-core was 4\.0\.0 when this run began and is 4\./),
    ]);
  });
});

describe('nothing is overwritten, and the difference is named, where', () => {
  it.each<[string, () => void, string | RegExp]>([
    [
      'a class was renamed',
      () => renameSync(at('img', 'cat'), at('img', 'zcat')),
      'zcat is new, cat is gone',
    ],
    [
      'a class was added',
      () => cpSync(at('img', 'cat'), at('img', 'ant'), { recursive: true }),
      'ant is new',
    ],
    [
      'an image was added',
      () => cpSync(at('img', 'cat', '0.png'), at('img', 'cat', '9.png')),
      /data \((training|validation|test)\): expected the run’s/,
    ],
    [
      'an image was replaced',
      () => appendFileSync(at('img', 'cat', '0.png'), ' '),
      /the same number of images with other file sizes; put the data back/,
    ],
    [
      'an image has moved to another class',
      () => renameSync(at('img', 'cat', '0.png'), at('img', 'dog', '9.png')),
      /data \((training|validation|test)\)/,
    ],
    [
      'the model file was changed',
      () => writeFileSync(at('model', 'weights.bin'), Buffer.alloc(8 * 8 * 3 * 3 * 4 + 12)),
      'model.file: expected the model file that the run began with',
    ],
    ['a line of metrics.jsonl was changed', () => changeLine('0', '1'), 'but with another content'],
    [
      'metrics.jsonl was cut',
      () => writeFileSync(at('run', 'metrics.jsonl'), ''),
      /metrics\.jsonl: expected the 1 lines .* got 0, so it was cut or padded/,
    ],
    [
      'metrics.jsonl was padded',
      () => appendFileSync(at('run', 'metrics.jsonl'), '{}\n{}\n'),
      /metrics\.jsonl: .* got 3/,
    ],
    [
      'checkpoint.bin was cut',
      () => writeFileSync(at('run', 'checkpoint.bin'), readFileSync(at('run', 'checkpoint.bin')).subarray(4)),
      /checkpoint\.bin: expected a whole checkpoint/,
    ],
  ])('%s', async (_, change, message) => {
    change();
    await refused(message);
  });

  it.each<[string, object, string]>([
    ['the config differs', { learningRate: 0.5 }, 'learningRate (0.001 there, 0.5 now)'],
    [
      'an option was set',
      { optimiser: { kind: 'adam', clipNorm: 1 } },
      'optimiser.clipNorm (nothing there, 1 now)',
    ],
  ])('%s', async (_, more, message) => {
    await refused(message, more);
  });

  it.each(['config.json', 'model.json', 'weights.bin', 'best'])('%s is somebody else’s', async (name) => {
    rmSync(at('run'), { recursive: true });
    mkdirSync(at('run'));
    writeFileSync(at('run', name), 'mine');
    await refused(`whose ${name} is not of a run and would be overwritten; choose another folder`);
    expect(existsSync(at('run', 'lock.json'))).toBe(false);
  });

  it('a finished run has lost its checkpoint', async () => {
    await train(config());
    rmSync(at('run', 'checkpoint.bin'));
    await refused('expected the checkpoint of the finished run', { epochs: 3 });
  });

  it('another run is in the folder', async () => {
    const first = train(config());
    await expect(train(config())).rejects.toThrow('expected a folder that no other run is using');
    await first;
    expect(new RunFolder(at('run')).lines.map(({ epoch }) => epoch)).toEqual([1, 2]);
  });
});

describe('a finished run that continues', () => {
  it('keeps its result and its model until its new end', async () => {
    await train(config());
    const kept = () =>
      ['result.json', 'model.json', 'weights.bin'].map((name) => readFileSync(at('run', name)));
    const before = kept();
    const cut = train(config({ epochs: 4, keep: 'best' }), {
      onEpoch: () => {
        throw new Error('cut off');
      },
    });
    await expect(cut).rejects.toThrow('cut off');
    expect(kept()).toEqual(before);
    expect(await train(config({ epochs: 4, keep: 'best' }))).toMatchObject({ epochs: 4, keep: 'best' });
  });
});

describe('a run that loses its folder', () => {
  it('stops before it writes again', async () => {
    let second: Promise<unknown> | undefined;
    const first = train(config(), {
      onStep: () => {
        second ??= train(config(), { takeOver: true });
      },
    });
    await expect(first).rejects.toThrow('expected a folder that only this run writes to');
    await second;
    expect(new RunFolder(at('run')).lines.map(({ epoch }) => epoch)).toEqual([1, 2]);
  });
});

it('what a killed run left is removed', async () => {
  writeFileSync(at('run', `checkpoint.bin.${2 ** 22 + 1}.tmp`), 'half');
  await train(config());
  expect(readdirSync(at('run')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

it('a checkpoint that was deleted begins the run anew', async () => {
  rmSync(at('run', 'checkpoint.bin'));
  await train(config());
  expect(new RunFolder(at('run')).lines.map(({ epoch }) => epoch)).toEqual([1, 2]);
});

function changeLine(from: string, to: string): void {
  const text = readFileSync(at('run', 'metrics.jsonl'), 'utf8');
  writeFileSync(at('run', 'metrics.jsonl'), text.replace(from, to));
}
