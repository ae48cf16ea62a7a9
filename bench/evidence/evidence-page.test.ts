import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evidencePage, picture } from './evidence-page.js';
import { readEvidence } from './report.js';
import { PAPER_METHOD } from './summary.js';

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

  it('concludes nothing from a study that has only begun', async () => {
    const told = await readEvidence(join(docs, 'results/evidence'), [1, 2, 3, 4, 5]);
    const [first] = told as [(typeof told)[number]];
    const rows = first.summary.rows.filter(({ name }) => name !== PAPER_METHOD);
    const study = { ...first.summary.study, title: 'Half a study' };
    const page = evidencePage([...told, { ...first, summary: { ...first.summary, study, rows } }]);
    expect(page).toContain('**Begun**: Half a study.');
    expect(page.replace(/^\*\*Begun\*\*: Half a study.*\n\n/m, '')).toBe(evidencePage(told));
  });
});
