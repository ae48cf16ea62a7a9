import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Assembly, instantiate, reserve, type SimdFunctions, simdFunctions } from './functions.js';

const beside = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const { WebAssembly: assembly } = globalThis as unknown as { WebAssembly: Assembly };

describe('the SIMD functions', () => {
  it('are the result of compiling their source', () => {
    const compiled = execFileSync(process.execPath, [beside('build.mjs')], { encoding: 'utf8' });
    expect(readFileSync(beside('bytes.ts'), 'utf8')).toBe(compiled);
  });

  it('need no imports, and export what is declared', () => {
    const functions = simdFunctions() as SimdFunctions;
    expect(Object.keys(functions).sort()).toEqual([
      'addSlope',
      'countLabels',
      'distances',
      'exponentials',
      'memory',
      'multiply',
      'sample',
      'scan',
      'settle',
      'sigmoid',
      'sigmoidSlopes',
      'softmax',
      'squares',
    ]);
  });

  it('are not available without WebAssembly, or if it refuses SIMD', () => {
    const Module = class {
      constructor() {
        throw new Error('CompileError: Wasm SIMD unsupported');
      }
    };
    expect(instantiate(undefined)).toBeUndefined();
    expect(instantiate({ ...assembly, Module })).toBeUndefined();
    expect(instantiate(assembly)).toBeDefined();
  });
});

describe('exponentials', () => {
  /** Where the numbers lie, in bytes; how many there are. */
  const AT = 64;
  const COUNT = 1 << 12;
  const own = instantiate(assembly) as SimdFunctions;
  reserve(own, 2 * AT + 4 * COUNT);
  const floats = new Float32Array(own.memory.buffer, AT, COUNT + 4);
  const bits = new Int32Array(own.memory.buffer, AT, COUNT + 4);

  /** Bits of the next number after −x, further from 0. */
  const bitsOf = (x: number) => {
    floats[0] = x;
    return bits[0];
  };

  /** Calls back with each of a run of neighbouring numbers, from −0 on if `begin` is 0, and its exponential. */
  function walk(begin: number, visit: (x: number, e: number) => void): void {
    const numbers = new Float32Array(COUNT);
    const their = new Int32Array(numbers.buffer);
    for (let k = 0; k < COUNT; k++) their[k] = (begin + k) | 0x80000000;
    floats.set(numbers);
    own.exponentials(AT, AT, COUNT, 0);
    for (let k = 0; k < COUNT; k++) visit(numbers[k], floats[k]);
  }

  /** Runs of 2^12 neighbours: around 0, around every place where the reduced argument jumps, and between. */
  const runs = () => {
    const places = [0, ...Array.from({ length: 64 }, (_, k) => 2 ** (k / 5 - 6))];
    for (let k = 0; k <= 150; k++) places.push((k + 0.5) * Math.LN2);
    places.push(87.3, 103.9, 104, 1000, 3e38);
    return places.map((x) => Math.max(0, bitsOf(x) - COUNT / 2));
  };

  it('are within 1 ulp, also among subnormal numbers, and monotone', () => {
    for (const begin of runs()) {
      let last = Number.POSITIVE_INFINITY;
      let worst = 0;
      let rises = 0;
      walk(begin, (x, e) => {
        const exact = Math.exp(x);
        const exponent = Math.max(Math.floor(Math.log2(exact)), -126);
        worst = Math.max(worst, Math.abs(e - exact) / 2 ** (exponent - 23));
        if (e > last) rises += 1;
        last = e;
      });
      expect([worst < 1, rises]).toEqual([true, 0]);
    }
  });

  it('are 1 at 0 and 0 far below', () => {
    floats.set([0, -0, -104, -1e30, -3e38]);
    own.exponentials(AT, AT, 5, 0);
    expect(Array.from(floats.subarray(0, 5))).toEqual([1, 1, 0, 0, 0]);
  });

  it('do not depend on the place, change nothing after it, and are added up', () => {
    for (let count = 1; count < 14; count++) {
      floats.fill(-2.25);
      floats.fill(7, count, 20);
      const sum = own.exponentials(AT, AT, count, 1);
      expect(new Set(floats.subarray(0, count)).size).toBe(1);
      expect(floats[0]).toBeCloseTo(Math.exp(-3.25), 7);
      expect(sum).toBeCloseTo(count * floats[0], 12);
      expect(Array.from(floats.subarray(count, 20)).every((number) => number === 7)).toBe(true);
    }
  });
});

describe('reserve', () => {
  it('grows memory if it must, and returns false if it cannot', () => {
    const own = instantiate(assembly) as SimdFunctions;
    expect(reserve(own, 100_000)).toBe(true);
    const held = own.memory.buffer.byteLength;
    expect(held).toBeGreaterThanOrEqual(100_000);
    expect(reserve(own, 1000)).toBe(true);
    expect(own.memory.buffer.byteLength).toBe(held);
    expect(reserve(own, 2 ** 33)).toBe(false);
    const full = { ...own, memory: { buffer: own.memory.buffer, grow: () => raise() } };
    expect(reserve(full, 10 * held)).toBe(false);
  });
});

function raise(): never {
  throw new RangeError('WebAssembly.Memory.grow(): Unable to grow instance memory');
}
