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
      'distances',
      'memory',
      'sample',
      'scan',
      'settle',
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
