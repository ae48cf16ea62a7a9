import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evidencePage, picture } from './evidence-page.js';
import { readEvidence } from './report.js';

const docs = resolve(import.meta.dirname, '../../docs');

describe('the page of the evidence', () => {
  it('is what the results say', async () => {
    const told = await readEvidence(join(docs, 'results/evidence'), [1, 2, 3, 4, 5]);
    expect(readFileSync(join(docs, 'evidence.md'), 'utf8')).toBe(evidencePage(told));
    for (const { summary } of told) {
      expect(existsSync(join(docs, picture(summary.study)))).toBe(true);
      expect(summary.rows[0]?.name).toBe('cross entropy');
      // every row is of all seeds, and what it was chosen from is there
      for (const { metrics, chosen } of summary.rows) {
        expect(metrics['many-shot']?.n ?? 5).toBe(5);
        expect(chosen.tried.every(({ score }) => score === null || (score > 0 && score <= 1))).toBe(true);
      }
    }
  });
});
