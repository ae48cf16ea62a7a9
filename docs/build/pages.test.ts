import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { coveragePage } from './coverage.js';
import { pages } from './pages.js';

const docs = resolve(import.meta.dirname, '..');

describe('pages made from data', () => {
  it.each(Object.entries(pages()))('%s is what npm run docs:pages makes', (path, content) => {
    expect(readFileSync(join(docs, path), 'utf8')).toBe(content);
  });

  it('coverage.md is what npm run coverage makes', () => {
    const counted = JSON.parse(readFileSync(join(docs, 'results/coverage.json'), 'utf8'));
    expect(readFileSync(join(docs, 'coverage.md'), 'utf8')).toBe(coveragePage(counted));
  });
});
