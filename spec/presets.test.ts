import { describe, expect, it } from 'vitest';
import { presets, readDocument, readPreset } from './index.js';

const rows = {
  labels: [
    [1, 0, 1],
    [0, 0, 0],
  ],
  scores: [
    [0.5, 0.25, 1],
    [0, 0, 0],
  ],
};

describe('presets', () => {
  it('paper is the default, and changes nothing', () => {
    const document = { attributes: [3], labels: [[0]], scores: [[1, 0, 0]] };
    expect(readDocument({ ...document, preset: 'paper' })).toEqual(readDocument(document));
    expect(presets.paper.options).toEqual({});
  });

  it('article reads multi-hot rows as one attribute, with margin 0.5 at either level', () => {
    const { batch, options } = readDocument({ attributes: [3], ...rows, preset: 'article' });
    expect(batch.encoding).toBe('one-attribute');
    expect(options).toMatchObject({ rho: 0.5, kappa: 3, level: 'class', comparison: 'relative' });
    const instance = { attributes: [3], labels: rows.labels, features: [[0], [1]] };
    const given = readDocument({ ...instance, preset: 'article', options: { level: 'instance' } });
    expect(given.options.margin).toEqual([0.5]);
  });

  it('options given beside it override it', () => {
    const document = { attributes: [2, 2, 2], ...rows, encoding: 'multi-label', preset: 'article' };
    const { batch, options } = readDocument({ ...document, options: { kappa: 5, margin: 0.25 } });
    expect([batch.encoding, options.kappa, options.margin]).toEqual(['multi-label', 5, [0.25, 0.25, 0.25]]);
  });

  it('refuses an unknown one', () => {
    expect(() => readPreset('artikel' as never)).toThrow('preset: expected paper | article, got "artikel"');
    expect(() => readDocument({ attributes: [3], ...rows, preset: 1 })).toThrow('preset: expected');
  });
});
