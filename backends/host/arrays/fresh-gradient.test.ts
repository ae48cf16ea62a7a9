import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { zerosLike } from './fresh-gradient.js';

const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
const skipped = header.glibcVersionRuntime === undefined ? ', skipped: this is not glibc' : '';

describe('a fresh gradient', () => {
  it('has the type of the scores, and is zero', () => {
    expect(zerosLike(new Float32Array(1), 2)).toEqual(new Float32Array(2));
    expect(zerosLike(new Float64Array(1), 40_000)).toEqual(new Float64Array(40_000));
  });

  it.skipIf(skipped)(`lies in memory pages that were used before${skipped}`, () => {
    const helper = join(import.meta.dirname, 'page-faults.test-helper.ts');
    const faults = execFileSync(process.execPath, ['--import', 'jiti/register', helper], {
      encoding: 'utf8',
    });
    // a gradient has 100 pages; the program's heap grows by a page now and then
    expect(Number(faults)).toBeLessThan(20);
  });
});

describe('the hint to glibc', () => {
  afterEach(() => vi.unstubAllGlobals());

  /** The lengths of the array buffers that are made in addition to gradients of these types and lengths. */
  async function hintsOf(
    program: unknown,
    gradients: readonly (readonly [Float32Array | Float64Array, number])[],
  ) {
    const made: number[] = [];
    vi.resetModules();
    vi.stubGlobal('process', program);
    const fresh: typeof import('./fresh-gradient.js') = await import('./fresh-gradient.js');
    const Buffer = ArrayBuffer;
    vi.stubGlobal(
      'ArrayBuffer',
      class extends Buffer {
        constructor(length: number) {
          super(length);
          made.push(length);
        }
      },
    );
    for (const [like, length] of gradients) fresh.zerosLike(like, length);
    vi.unstubAllGlobals();
    return made;
  }

  const [float32, float64] = [new Float32Array(1), new Float64Array(1)];
  const linux = { ...process, platform: 'linux' };

  it('is given once, by the first gradient that glibc maps to pages of its own: from 128 KiB on', async () => {
    expect(await hintsOf(linux, [[float32, 2 ** 15 - 1]])).toEqual([]);
    expect(await hintsOf(linux, [[float64, 2 ** 14 - 1]])).toEqual([]);
    for (const own of [[float32, 2 ** 15] as const, [float64, 2 ** 14] as const]) {
      const hints = await hintsOf(linux, [[float32, 1], own, own]);
      expect(hints).toHaveLength(1);
      // glibc learns from at most 32 MiB, its header included; a smaller array makes it keep less
      expect(hints[0]).toBeLessThan(2 ** 25 - 2 ** 16);
      expect(hints[0]).toBeGreaterThan(0.95 * 2 ** 25);
    }
  });

  it('is not given without glibc: on another system, or in a browser', async () => {
    for (const program of [
      { ...process, platform: 'darwin' },
      { ...process, platform: undefined },
      undefined,
    ]) {
      expect(await hintsOf(program, [[float64, 2 ** 20]])).toEqual([]);
    }
  });
});
