import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadEngine } from '../../backends/tfjs/index.js';
import { readTrainConfig } from './config/config.js';
import { RunFolder } from './run-folder.js';
import { train } from './train.js';

const missing = await loadEngine('tensorflow').then(
  () => '',
  (error: Error) => `, skipped: ${error.message}`,
);

const top = mkdtempSync(join(tmpdir(), 'tensorflow-'));
afterAll(() => rmSync(top, { recursive: true }));

/** A run on digits, 38 steps per epoch. */
const config = (name: string, engine: string, epochs: number) =>
  readTrainConfig({ data: { kind: 'digits', ratio: 100 }, engine, epochs, out: join(top, name) });

describe.skipIf(missing)(`training on tensorflow${missing}`, () => {
  it('resumes with bit-identical results', async () => {
    await train(config('whole', 'tensorflow', 2));
    const cut = train(config('cut', 'tensorflow', 2), {
      onEpoch: () => {
        throw new Error('cut off');
      },
    });
    await expect(cut).rejects.toThrow('cut off');
    await train(config('cut', 'tensorflow', 2));
    const weights = (name: string) => readFileSync(join(top, name, 'weights.bin'));
    expect(weights('cut').equals(weights('whole'))).toBe(true);
  });

  it('takes the same 114 steps as wasm, but for the rounding of float32', async () => {
    const losses = async (engine: string) => {
      await train(config(engine, engine, 3));
      return new RunFolder(join(top, engine)).lines.map(({ loss }) => loss);
    };
    const [found, expected] = [await losses('tensorflow'), await losses('wasm')];
    expect(found.length).toBe(3);
    // a hundred roundings of float32: 1.1e-7 was seen after the first epoch, and 0 after the second
    for (const [at, loss] of found.entries())
      expect(Math.abs(loss / (expected[at] as number) - 1)).toBeLessThan(1e-5);
  });
});
