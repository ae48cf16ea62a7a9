import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evidencePage, picture } from './evidence-page.js';
import { STUDIES } from './plan.js';
import { withAnswer } from './readme.js';
import { readEvidence, readPlans } from './report.js';
import { CLAIMS, PAPER_METHOD } from './summary.js';
import { withMeasuredTable } from './which-loss.js';

const docs = resolve(import.meta.dirname, '../../docs');
const results = join(docs, 'results/evidence');
const SEEDS = [1, 2, 3, 4, 5];

describe('the page of the evidence', () => {
  it('is what the results say', async () => {
    const told = await readEvidence(results, SEEDS);
    const page = evidencePage(told, await readPlans(results, SEEDS));
    expect(readFileSync(join(docs, 'evidence.md'), 'utf8')).toBe(page);
    // what is missing is named: every study of the plan, and every claim
    for (const { title } of STUDIES) expect(page).toContain(`\n| ${title} | `);
    for (const { text } of CLAIMS) expect(page).toContain(`\n| ${text} | `);
    // passages of other pages are made from the same results
    const whichLoss = readFileSync(join(docs, 'which-loss.md'), 'utf8');
    expect(withMeasuredTable(whichLoss, told)).toBe(whichLoss);
    const readme = readFileSync(join(docs, '../README.md'), 'utf8');
    expect(withAnswer(readme, told)).toBe(readme);
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
    const told = await readEvidence(results, SEEDS);
    const [first] = told as [(typeof told)[number]];
    const rows = first.summary.rows.filter(({ name }) => name !== PAPER_METHOD);
    const study = { ...first.summary.study, title: 'Half a study' };
    const page = evidencePage([...told, { ...first, summary: { ...first.summary, study, rows } }], []);
    expect(page).toContain('**Begun**: Half a study.');
    expect(page.replace(/^\*\*Begun\*\*: Half a study.*\n\n/m, '')).toBe(evidencePage(told, []));
  });

  it('refuses a page without a place for what is made from the results', () => {
    expect(() => withMeasuredTable('# Which loss should I use?', [])).toThrow(
      'which-loss.md: expected the comments',
    );
    expect(() => withAnswer('# class-rectification', [])).toThrow('README.md: expected the comments');
  });
});
