import { afterEach, describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import { type Backend, balancedLoss } from '../../spec/index.js';
import { BuiltIns } from './built-ins.js';
import { verify } from './verify.js';

const { abs } = Math;
const { sort, push } = Array.prototype;
const finite = Number.isFinite;
const map = globalThis.Map;
afterEach(() => {
  Math.abs = abs;
  Array.prototype.sort = sort;
  Array.prototype.push = push;
  Object.defineProperty(Number, 'isFinite', { value: finite, configurable: true, writable: true });
  globalThis.Map = map;
});

describe('what JavaScript provides', () => {
  it('is put back, and what was replaced is named', () => {
    const provided = new BuiltIns();
    expect(provided.restore()).toEqual([]);
    Math.abs = () => 0;
    Array.prototype.sort = function () {
      return this;
    };
    Array.prototype.push = () => 0;
    Object.defineProperty(Number, 'isFinite', { get: () => finite, configurable: true });
    globalThis.Map = class extends map {} as MapConstructor;
    const replaced = provided.restore();
    expect(replaced.sort()).toEqual([
      'Array.prototype.push',
      'Array.prototype.sort',
      'Math.abs',
      'Number.isFinite',
      'globalThis.Map',
    ]);
    expect([Math.abs, Array.prototype.sort, Array.prototype.push, globalThis.Map]).toEqual([
      abs,
      sort,
      push,
      map,
    ]);
    expect(provided.restore()).toEqual([]);
  });

  it('is what it was when a polyfill had replaced it before', () => {
    const own = (x: number) => abs(x);
    Math.abs = own;
    expect(new BuiltIns().restore()).toEqual([]);
    expect(Math.abs).toBe(own);
  });
});

describe('a backend that replaces it in a call', () => {
  const replacing = (): Backend => {
    const right = referenceBackend();
    return {
      ...right,
      name: 'replacing',
      balancedLoss(batch, options) {
        const { loss, ...rest } = balancedLoss(batch, options);
        Math.abs = () => 0; // so that no difference is one
        return { ...rest, loss: loss + 1 };
      },
    };
  };

  it('fails each property that asked it, by what it replaced, and no other', async () => {
    const only = ['minority-agrees', 'balanced-agrees', 'mining-agrees', 'balanced-logits-agree'];
    const { passed, properties } = await verify(replacing, { seed: 1, runs: 5, only });
    expect(passed).toBe(false);
    expect(Object.fromEntries(properties.map(({ id, verdict }) => [id, verdict]))).toEqual({
      'minority-agrees': 'passed',
      'mining-agrees': 'passed',
      'balanced-agrees': 'failed',
      'balanced-logits-agree': 'failed',
    });
    const of = properties.find(({ id }) => id === 'balanced-agrees');
    expect(of?.reason).toMatch(/^the backend replaced Math\.abs while it was asked/);
    expect(Math.abs).toBe(abs);
  });
});
