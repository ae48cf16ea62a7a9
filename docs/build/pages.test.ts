import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { properties } from '../../properties/index.js';
import { STAGES } from '../../spec/index.js';
import { coveragePage } from './coverage.js';
import { pages } from './pages.js';
import { conformance } from './site/conformance.js';

const docs = resolve(import.meta.dirname, '..');

describe('pages made from data', () => {
  it.each(Object.entries(pages()))('%s is what npm run docs:pages makes', (path, content) => {
    expect(readFileSync(join(docs, path), 'utf8')).toBe(content);
  });

  it('coverage.md is what npm run coverage makes', () => {
    const counted = JSON.parse(readFileSync(join(docs, 'results/coverage.json'), 'utf8'));
    expect(readFileSync(join(docs, 'coverage.md'), 'utf8')).toBe(coveragePage(counted));
  });

  it('the conformance table counts the properties of now', () => {
    const now = STAGES.map((stage) => properties.filter((property) => property.stage === stage).length);
    for (const { backend, verdicts } of conformance.targets) {
      const counted = STAGES.map((stage) => {
        const { passed = 0, failed = 0, skipped = 0 } = verdicts[stage] ?? {};
        return passed + failed + skipped;
      });
      expect([backend, counted], 'run npm run conformance').toEqual([backend, now]);
    }
  });
});
