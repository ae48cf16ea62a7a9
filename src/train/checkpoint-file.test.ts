import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCheckpointFile, writeCheckpointFile } from './checkpoint-file.js';

const folder = mkdtempSync(join(tmpdir(), 'checkpoint-'));
const file = join(folder, 'checkpoint.bin');
afterAll(() => rmSync(folder, { recursive: true }));

const tensors = {
  model: [
    { shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) },
    { shape: [], values: Float32Array.of(Number.NaN) },
  ],
  best: [],
};
const head = { epochs: 3, name: 'ŝ' }; // two bytes: numbers do not begin at a multiple of four

describe('a checkpoint', () => {
  it('is read as it was written', () => {
    writeCheckpointFile(file, { head, tensors });
    expect(readCheckpointFile(file)).toEqual({ head, tensors });
    expect(readCheckpointFile(join(folder, 'none'))).toBeUndefined();
  });

  it('that was cut, padded or changed in any byte is refused by its name', () => {
    writeCheckpointFile(file, { head, tensors });
    const whole = readFileSync(file);
    const bad = [
      ...Array.from({ length: whole.length }, (_, length) => whole.subarray(0, length)),
      Buffer.concat([whole, Buffer.alloc(4)]),
      ...Array.from({ length: whole.length }, (_, at) => {
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] as number) ^ 4;
        return changed;
      }),
    ];
    for (const bytes of bad) {
      writeFileSync(file, bytes);
      expect(() => readCheckpointFile(file)).toThrow(`${file}: expected a`);
    }
  });

  it('of another format is refused', () => {
    writeCheckpointFile(file, { head, tensors });
    const later = readFileSync(file);
    later.writeUInt32LE(3, 8);
    writeFileSync(file, later);
    expect(() => readCheckpointFile(file)).toThrow('got format 3, of a later version');
    const text = Buffer.from('{"version":1,"epochs":2}');
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    writeFileSync(file, Buffer.concat([length, text]));
    expect(() => readCheckpointFile(file)).toThrow('got format 1, of an earlier version');
  });
});
