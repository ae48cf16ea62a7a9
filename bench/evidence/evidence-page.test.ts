import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { evidencePage, picture } from './evidence-page.js';
import { PAPER_METHOD } from './methods.js';
import { withAnswer } from './readme.js';
import { readEvidence, readPlans, writeEvidence } from './report.js';
import { engineOf, StudyResults } from './results.js';
import { DEFAULT_ENGINE, STUDIES, studiesOn } from './studies.js';
import { CLAIMS } from './summary.js';
import { withMeasurements } from './which-loss.js';

const docs = resolve(import.meta.dirname, '../../docs');
const results = join(docs, 'results/evidence');
const SEEDS = [1, 2, 3, 4, 5];
const studies = studiesOn(engineOf(results) ?? DEFAULT_ENGINE);

const top = mkdtempSync(join(tmpdir(), 'evidence-page-'));
afterAll(() => rmSync(top, { recursive: true }));

describe('a folder of results', () => {
  const base = (engine: string) => ({ id: 'x', base: { engine }, runs: [] });

  it('has one engine', () => {
    expect(engineOf(join(top, 'none'))).toBeUndefined();
    const folder = mkdtempSync(join(top, 'engines-'));
    expect(engineOf(folder)).toBeUndefined();
    writeFileSync(join(folder, 'one.json'), JSON.stringify(base('wasm')));
    expect(engineOf(folder)).toBe('wasm');
    writeFileSync(join(folder, 'two.json'), JSON.stringify(base('tensorflow')));
    expect(() => engineOf(folder)).toThrow(`${folder}: expected results of one engine, got wasm, tensorflow`);
  });

  it('that is not the one of the documentation has its page in it, and no other page is touched', async () => {
    const above = mkdtempSync(join(top, 'elsewhere-'));
    const folder = join(above, 'docs/other');
    const digits = studies.find(({ id }) => id === 'digits-10') as (typeof STUDIES)[number];
    const own = new StudyResults(folder, digits);
    const judged = {
      ...{ crossEntropy: 1, balancedAccuracy: 0.5, geometricMean: null, macroF1: null },
      ...{ meanAveragePrecision: null, shots: { many: 0.9, medium: null, few: 0.1 }, recall: [0.5] },
    };
    for (const seed of [1, 2])
      own.add({ changes: { loss: 'ce' }, seed, seconds: 1, validation: judged, test: judged }, [9, 1]);
    writeFileSync(join(above, 'README.md'), 'no place');
    const files = await writeEvidence(folder, [1, 2], studies);
    expect(files).toEqual([join(folder, 'evidence.md'), join(folder, 'digits-10.svg')]);
    expect(readdirSync(folder).sort()).toEqual(['digits-10.json', 'digits-10.svg', 'evidence.md']);
    expect(readdirSync(above).sort()).toEqual(['README.md', 'docs']);
    expect(readFileSync(join(folder, 'evidence.md'), 'utf8')).toContain('[this folder](digits-10.json)');
  });
});

describe('the page of the evidence', () => {
  it('is what the results say', async () => {
    const told = await readEvidence(results, SEEDS, studies);
    const page = evidencePage(told, await readPlans(results, SEEDS, studies));
    expect(readFileSync(join(docs, 'evidence.md'), 'utf8')).toBe(page);
    // what is missing is named: every study of the plan, and every claim
    for (const { title } of STUDIES) expect(page).toContain(`\n| ${title} | `);
    for (const { text } of CLAIMS) expect(page).toContain(`\n| ${text} | `);
    // passages of other pages are made from the same results
    const whichLoss = readFileSync(join(docs, 'which-loss.md'), 'utf8');
    expect(withMeasurements(whichLoss, told)).toBe(whichLoss);
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
    const told = await readEvidence(results, SEEDS, studies);
    const [first] = told as [(typeof told)[number]];
    const rows = first.summary.rows.filter(({ name }) => name !== PAPER_METHOD);
    const study = { ...first.summary.study, title: 'Half a study' };
    const page = evidencePage([...told, { ...first, summary: { ...first.summary, study, rows } }], []);
    expect(page).toContain('**Begun**: Half a study.');
    const runs = told.reduce((sum, { summary }) => sum + summary.runs, 0);
    const without = page
      .replace(/^\*\*Begun\*\*: Half a study.*\n\n/m, '')
      .replace(`${runs + first.summary.runs} runs`, `${runs} runs`);
    expect(without).toBe(evidencePage(told, []));
    // also where every study has only begun
    const begun = { ...first, summary: { ...first.summary, rows } };
    expect(evidencePage([begun], [])).toContain('Nothing is concluded yet');
  });

  it('tells the engine of the results, its threads, the machines, and how to repeat a run', async () => {
    const [first] = (await readEvidence(results, SEEDS, studies)) as [
      Awaited<ReturnType<typeof readEvidence>>[number],
    ];
    const on = (engine: string, machine = { cores: 4, processor: 'A' }) => {
      const { study } = first.summary;
      const other = { ...study, base: { ...study.base, engine } };
      return { ...first, summary: { ...first.summary, study: other, machine } };
    };
    const tensorflow = evidencePage([on('tensorflow')], []);
    expect(tensorflow).toContain('runs on the engine `tensorflow` with 1 thread, on 4 cores (A).');
    expect(tensorflow).toContain('on a processor of the same kind, whatever the number of its cores');
    expect(tensorflow).toContain('--out other --engine wasm ');
    const wasm = evidencePage([on('wasm'), on('wasm', { cores: 2, processor: 'B' })], []);
    expect(wasm).toContain('runs on the engine `wasm`, on 4 cores (A) and 2 cores (B).');
    expect(wasm).toContain('on the same machine.');
    expect(wasm).not.toContain('TensorFlow adds');
  });

  it('names the methods that a study leaves out, and why', async () => {
    const [first] = (await readEvidence(results, SEEDS, studies)) as [
      Awaited<ReturnType<typeof readEvidence>>[number],
    ];
    const without = [{ methods: ['unit features', 'τ-norm'], reason: 'a training takes a minute' }];
    const study = { ...first.summary.study, without };
    const page = evidencePage([{ ...first, summary: { ...first.summary, study } }], []);
    expect(page).toContain(
      '- Not asked in this study: τ-normalised; CRL, instance, relative, unit features; CRL, instance, absolute, unit features; CRL, instance, distribution, unit features (a training takes a minute)\n',
    );
  });

  it('refuses a page without a place for what is made from the results', () => {
    expect(() => withMeasurements('# Which loss should I use?', [])).toThrow(
      'which-loss.md: expected the comments',
    );
    expect(() => withAnswer('# class-rectification', [])).toThrow('README.md: expected the comments');
  });
});
