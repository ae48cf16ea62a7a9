import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { zerosLike } from './zeros.js';

const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
const other = header.glibcVersionRuntime === undefined ? ', skipped: this is no glibc' : '';

describe('a fresh gradient', () => {
  it('is of the type of the scores, and zero', () => {
    expect(zerosLike(new Float32Array(1), 2)).toEqual(new Float32Array(2));
    expect(zerosLike(new Float64Array(1), 40_000)).toEqual(new Float64Array(40_000));
  });

  it.skipIf(other)(`lies in pages that were touched before${other}`, () => {
    const helper = join(import.meta.dirname, 'faults.test-helper.ts');
    const faults = execFileSync(process.execPath, ['--import', 'jiti/register', helper], {
      encoding: 'utf8',
    });
    // it has 100 pages; the heap of the program grows by one now and then
    expect(Number(faults)).toBeLessThan(20);
  });
});
