import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readTrainConfig } from './config/config.js';
import { RunFolder } from './run-folder.js';
import { train } from './train.js';

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

/** Trains, is cut off after the first epoch, and goes on. */
async function inTwo(given: ReturnType<typeof config>): Promise<void> {
  const cut = train(given, {
    onEpoch: () => {
      throw new Error('cut off');
    },
  });
  await expect(cut).rejects.toThrow('cut off');
  const folder = new RunFolder(given.out);
  expect([folder.lines.length, folder.result]).toEqual([1, undefined]);
  folder.lines = [...folder.lines, ...folder.lines]; // as if it was cut off before its second checkpoint
  let from: number | undefined;
  await train(given, {
    onBegin: (_, done) => {
      from = done;
    },
  });
  expect(from).toBe(1);
}

describe('a run', () => {
  it('that was cut off goes on to the numbers of one that was not', async () => {
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
  ])('that was cut off does so with %s', async (name, more) => {
    const shorter = { ...more, epochs: 2 };
    await train(config(`whole-${name}`, shorter));
    await inTwo(config(`parts-${name}`, shorter));
    expect(written(`parts-${name}`)).toEqual(written(`whole-${name}`));
  });

  it('holds as many tensors after every epoch, tells of every step, and learns', async () => {
    const { lines, result } = written('whole');
    expect(new Set(lines.map(({ tensors }) => tensors)).size).toBe(1);
    expect(lines[2]?.loss).toBeLessThan(lines[0]?.loss as number);
    expect(lines[0]?.minorityShare?.some((share) => share > 0)).toBe(true);
    expect(lines[0]?.rectification).toBeGreaterThan(0);
    expect(result.test?.confusion?.flat().reduce((a, b) => a + b, 0)).toBe(100);
  });

  it('that is finished is not repeated, and its folder takes no other config', async () => {
    let begun = false;
    const hooks = {
      onBegin: () => {
        begun = true;
      },
    };
    expect(await train(config('whole'), hooks)).toEqual(new RunFolder(join(top, 'whole')).result);
    expect(begun).toBe(false);
    const other = train(config('whole', { seed: 6, epochs: 4 }));
    await expect(other).rejects.toThrow('got one that differs in epochs, seed');
  });

  it('whose loss is no number any more says so, and leaves the checkpoint before', async () => {
    const wild = config('wild', { learningRate: 1e38, model: { kind: 'conv', filters: [4], hidden: 8 } });
    await expect(train(wild)).rejects.toThrow(/epoch 1: expected finite numbers, got /);
  });
});
