import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '../../../backends/reference.js';
import type { Report } from '../../../properties/index.js';
import { wrongBackends } from '../../../properties/wrong-backends/index.js';
import { type Backend, mineHardSamples } from '../../../spec/index.js';
import { findChromium, startChromium } from '../../browser/chromium.js';
import { escaped, html } from '../../support/markup.js';
import { verify } from '../verify.js';
import { markedLines, valueText } from './difference.js';
import {
  checkReportFiles,
  ReportFileError,
  reportBadge,
  reportHtml,
  reportJson,
  reportMarkdown,
  writeReportFiles,
} from './index.js';
import { matrixOf, timeText } from './outcome.js';
import { stripSvg } from './strip-svg.js';
import { areAnchors, stripsOf } from './strips.js';

const folder = mkdtempSync(join(tmpdir(), 'report-'));
afterAll(() => rmSync(folder, { recursive: true }));

const EVIL = '<script>alert("1")</script> | `x` &amp;';
const reversed: Backend = {
  ...referenceBackend(),
  name: EVIL,
  mineHardSamples: (...given) => {
    const { anchors } = mineHardSamples(...given);
    return { anchors: anchors.map((a) => ({ ...a, negatives: [...a.negatives].reverse() })) };
  },
};
const wrong = await verify(reversed, {
  seed: 3,
  runs: 50,
  only: ['mining-agrees', 'anchors-complete', 'nothing-leaks'],
});
const right = await verify(referenceBackend, { seed: 3, runs: 5, stages: ['selectMinority'] });

describe('the coverage in reports', () => {
  it.each([
    ['Markdown', reportMarkdown],
    ['a page', reportHtml],
    ['JSON', reportJson],
  ])('is shown in %s, with what was not required', (_, written) => {
    const { conditions = [], cases } = wrong.coverage ?? {};
    const text = written([wrong]).replaceAll('\\', '');
    expect(conditions.some((condition) => condition.cases > 0)).toBe(true);
    for (const { id } of conditions) expect(text).toContain(id);
    expect(text).toContain(`${cases}`);
    expect(text).toContain('properties ran');
  });
});

describe('the page', () => {
  const page = reportHtml([wrong, right]);

  it('is one file: no script, nothing from elsewhere, made for a phone', () => {
    expect(page).toContain('<meta name="viewport" content="width=device-width');
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|src=/i);
    expect(page.match(/<html/g)?.length).toBe(1);
  });

  it('escapes all text of a backend', () => {
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; | `x` &amp;amp;');
    const known = [{ id: 'anchors-complete', reason: EVIL, link: 'javascript:alert(1)' }];
    const hostile: Report = {
      ...wrong,
      adapter: EVIL,
      stale: [EVIL],
      problems: [EVIL],
      versions: { [EVIL]: EVIL },
      properties: wrong.properties.map((p) => ({
        ...p,
        ...known[0],
        verdict: 'known',
        source: EVIL,
        claim: EVIL,
        replay: EVIL,
      })),
    };
    expect(reportHtml([hostile])).not.toMatch(/<script|href="javascript/);
    expect(reportMarkdown([hostile]).replaceAll(/^(`{3,})[\s\S]*?^\1$/gm, '')).not.toContain('<script');
  });

  it('names versions, seed, runs, adapter, time, and of each property all that there is', () => {
    const text = reportHtml([{ ...wrong, adapter: 'Some GPU' }]);
    for (const part of ['fast-check', '>3<', '50 cases per property', 'Some GPU', wrong.started])
      expect(text).toContain(part);
    for (const { id, claim, source, replay } of wrong.properties) {
      for (const part of [id, claim, source, replay]) expect(text).toContain(escaped(part));
    }
    expect(text).toContain('the backend holds no tensors');
  });

  it('draws the counterexample, what was expected and what came', () => {
    expect(page.match(/<svg viewBox="0 0 340/g)?.length).toBe(2);
    expect(page).toContain('The backend mined');
    expect(page).toMatch(/<th scope="col">expected<\/th>[\s\S]*<td>→<\/td>[\s\S]*<mark>/);
    expect(page).toMatch(/aria-label="attribute \d+, class \d+, by/);
  });

  it('has a matrix with verdicts in words, and says what was not asked', () => {
    expect(matrixOf([right]).rows[1]?.cells[0]).toEqual({ share: 'not asked', notes: [] });
    expect(matrixOf([wrong]).rows[1]?.cells[0]).toMatchObject({ verdict: 'failed', share: '1 of 2' });
    expect(page).toContain('✗ failed');
    expect(page).toContain('✓ passed');
  });

  it('does not stumble over a batch that the specification refuses', () => {
    const [property] = wrong.properties.filter(({ counterexample }) => counterexample);
    const counterexample = {
      ...property?.counterexample,
      document: { attributes: [2], labels: [[0]], scores: [[NaN, 1]] },
    };
    const odd = { ...wrong, properties: [{ ...property, counterexample }] } as Report;
    expect(reportHtml([odd])).toContain('Not drawn: scores[0][0]');
    expect(reportMarkdown([odd])).toContain('"NaN"');
  });
});

describe('the strips', () => {
  const document = {
    attributes: [2],
    labels: [[0], [0], [1], [1], [1], [null]],
    scores: [
      [0.2, 0.8],
      [0.9, 0.1],
      [0.6, 0.4],
      [0.5, 0.5],
      [0.1, 0.9],
      [0, 1],
    ],
    options: { kappa: 1 },
  };

  it('place samples by score at class level, with the roles that the specification gives', () => {
    const [strip, ...others] = stripsOf(document);
    expect(others).toEqual([]);
    expect(strip?.marks).toEqual([
      { sample: 0, at: 0.2, member: true, roles: ['anchor', 'positive'] },
      { sample: 1, at: 0.9, member: true, roles: ['anchor', 'positive'] },
      { sample: 2, at: 0.6, member: false, roles: ['negative'] },
      { sample: 3, at: 0.5, member: false, roles: [] },
      { sample: 4, at: 0.1, member: false, roles: [] },
    ]);
    expect(strip?.words).toEqual([
      'anchor 0: hard positives 1; hard negatives 2',
      'anchor 1: hard positives 0; hard negatives 2',
    ]);
  });

  it('place samples by distance at instance level, a strip an anchor', () => {
    const features = [[0], [3], [1], [5], [9], [9]];
    const strips = stripsOf({ ...document, features, options: { kappa: 1, level: 'instance' } });
    expect(strips.map(({ title }) => title)).toEqual([
      'attribute 0, class 0, anchor 0',
      'attribute 0, class 0, anchor 1',
    ]);
    expect(strips[0]?.marks.map(({ at }) => at)).toEqual([0, 3, 1, 5, 9]);
  });

  it('take logits as probabilities, and what came instead of what was expected', () => {
    expect(stripsOf({ ...document, fromLogits: true })[0]?.marks[0]?.at).toBeCloseTo(
      1 / (1 + Math.exp(0.6)),
      12,
    );
    const came = [{ sample: 1, attribute: 0, class: 1, positives: [2], negatives: [0] }];
    expect(stripsOf(document, came)[0]?.marks[1]?.roles).toEqual(['anchor']);
    expect(areAnchors(came)).toBe(true);
    expect(areAnchors([{ sample: 1 }])).toBe(false);
  });

  it('are drawn from left to right by score, and never on top of each other', () => {
    const [strip] = stripsOf({ ...document, scores: document.scores.map(() => [0.5, 0.5]) });
    const places = [...stripSvg(strip as never).text.matchAll(/<text x="([\d.]+)" y="([\d.]+)"/g)].map(
      ([, x, y]) => `${x},${y}`,
    );
    expect(places.length).toBe(5);
    expect(new Set(places).size).toBe(5);
    const [spread] = stripsOf(document);
    const xs = [
      ...stripSvg(spread as never).text.matchAll(/<text x="([\d.]+)" y="[\d.]+" text-anchor="middle">(\d)/g),
    ].map(([, x, i]) => [Number(x), i]);
    expect(
      [...xs]
        .sort((a, b) => (a[0] as number) - (b[0] as number))
        .map(([, i]) => i)
        .join(''),
    ).toBe('40321');
  });
});

describe('Markdown', () => {
  it('has matrix, verdicts, the batch, the walk and the replay, and no cell breaks its table', () => {
    const text = reportMarkdown([wrong]);
    for (const part of [
      '✗ failed',
      '| sample | label',
      'The specification mines:',
      'The backend mined:',
      '--replay mining-agrees@3@',
    ]) {
      expect(text).toContain(part);
    }
    const bars = (line: string) => line.replaceAll('\\|', '').split('|').length;
    const tables = text
      .trimEnd()
      .split('\n\n')
      .filter((block) => block.startsWith('| '));
    expect(tables.length).toBe(6);
    for (const lines of tables.map((block) => block.split('\n'))) {
      for (const line of lines) expect(bars(line), line).toBe(bars(lines[0] as string));
    }
  });
});

describe('report files', () => {
  it('are written whole, in the form of the ending', () => {
    const names = ['a.json', 'a.md', 'a.html'];
    writeReportFiles(
      names.map((name) => join(folder, name)),
      [wrong],
    );
    const [json, markdown, page] = names.map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(JSON.parse(json as string)).toEqual(JSON.parse(JSON.stringify(wrong)));
    expect(markdown).toMatch(/^# Conformance/);
    expect(page).toMatch(/^<!doctype html>/);
    expect(readdirSync(folder).sort()).toEqual([...names].sort());
  });

  it('have arrays of numbers on one line in JSON, and the same data', () => {
    const odd = {
      ...wrong,
      odd: [[1, -2.5e-7, Number.NaN], [], [1, 'a'], ['[', 3, ']'], [[4], [5, 6]], 'x['],
    };
    const json = reportJson([odd as Report]);
    for (const line of ['[1, -2.5e-7, "NaN"],', '[4],', '[5, 6]'])
      expect(json).toMatch(RegExp(`^ *${line.replace(/[[\].]/g, '\\$&')}$`, 'm'));
    const read = JSON.parse(json);
    expect(read.odd).toEqual([[1, -2.5e-7, 'NaN'], [], [1, 'a'], ['[', 3, ']'], [[4], [5, 6]], 'x[']);
    expect(read.properties).toEqual(JSON.parse(JSON.stringify(wrong.properties)));
  });

  it('keep the numbers that JSON cannot write', () => {
    const [property] = wrong.properties.filter(({ counterexample }) => counterexample);
    const counterexample = {
      ...property?.counterexample,
      expected: Number.POSITIVE_INFINITY,
      got: undefined,
    };
    const read = JSON.parse(
      reportJson([{ ...wrong, properties: [{ ...property, counterexample }] } as Report]),
    );
    expect(read.properties[0].counterexample).toMatchObject({ expected: 'Infinity', got: 'undefined' });
  });

  it('are refused before the run: an ending, a folder that is not there, a folder for a file', () => {
    writeFileSync(join(folder, 'file'), '');
    for (const [file, words] of [
      [join(folder, 'a.pdf'), 'expected an ending among .json, .md, .html, .svg'],
      [join(folder, 'json'), 'expected an ending'],
      [join(folder, 'none', 'a.md'), 'a folder that can be written to'],
      [join(folder, 'file', 'a.md'), 'a folder that can be written to'],
    ] as const) {
      expect(() => checkReportFiles([file]), file).toThrow(ReportFileError);
      expect(() => checkReportFiles([file]), file).toThrow(words);
    }
  });
});

describe('every form', () => {
  it('leaves out absolute paths', () => {
    const [first, ...rest] = wrong.properties;
    const counterexample = { ...first?.counterexample, message: 'Error: no (at /opt/anna/lib/kernel.ts:12)' };
    const reason = counterexample.message;
    const replay = 'crl verify --backend /opt/anna/lib/kernel.ts --replay a@1@0';
    const report = {
      ...wrong,
      properties: [{ ...first, reason, replay, counterexample }, ...rest],
    } as Report;
    for (const text of [reportJson([report]), reportMarkdown([report]), reportHtml([report])]) {
      expect(text).toContain('kernel.ts:12');
      expect(text).not.toContain('anna');
    }
    expect(reportBadge([{ ...report, backend: '/opt/anna/kernel.ts' }])).not.toContain('anna');
  });
});

describe('what the forms share', () => {
  it('a template escapes text and joins lists', () => {
    expect(html`<p title="${'"'}">${['a', html`<b>${'<'}</b>`, null, false]}</p>`.text).toBe(
      '<p title="&quot;">a<b>&lt;</b></p>',
    );
  });

  it('times read as times', () => {
    expect([timeText(12), timeText(3400), timeText(125_000)]).toEqual(['12 ms', '3.4 s', '2 min 5 s']);
  });

  it('short values stand on one line, long ones have one line per entry, and differences are marked', () => {
    expect(valueText([1, -0, Number.NaN])).toBe('[1, 0, "NaN"]');
    const long = Array.from({ length: 60 }, (_, i) => i);
    expect(valueText(long).split('\n').length).toBe(62);
    const other = long.map((i) => (i === 50 ? 99 : i));
    const { lines, more } = markedLines(long, other, 10);
    expect(lines.filter(({ differs }) => differs).map(({ text }) => text.trim())).toEqual(['50,']);
    expect([lines[0]?.text, more]).toEqual(['…', 3]); // from two lines before the difference on
  });

  it('counterexamples of wrongBackends can be drawn', async () => {
    const only = ['minority-agrees', 'mining-agrees', 'loss-agrees', 'balanced-agrees'];
    let drawn = 0;
    for (const { backend } of wrongBackends.filter((_, at) => at % 25 === 0)) {
      const report = await verify(backend as Backend, { seed: 1, runs: 20, only });
      drawn += report.properties.filter(({ counterexample }) => counterexample).length;
      expect(() => [reportHtml([report]), reportMarkdown([report])]).not.toThrow();
    }
    expect(drawn).toBeGreaterThan(0);
  });
});

const chromium = findChromium();

describe.skipIf(!chromium)(
  `the page in chromium${chromium ? '' : ', skipped: none found; set CHROMIUM_PATH'}`,
  () => {
    it('starts with a list of what does not hold, whose links unfold the details', async () => {
      const file = join(folder, 'jump.html');
      writeFileSync(file, reportHtml([wrong, { ...wrong, backend: 'other' }]));
      const browser = await startChromium('the report');
      try {
        const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
        await page.goto(pathToFileURL(file).href);
        const failed = wrong.properties.filter(({ verdict }) => verdict === 'failed').map(({ id }) => id);
        const list = page.locator('main > :first-child a');
        expect(failed.length).toBeGreaterThan(0);
        expect(await list.allInnerTexts()).toEqual([...failed, ...failed]);
        const details = page.locator('details.trouble').last();
        const replay = details.locator('pre', { hasText: 'npx crl verify' });
        expect(await replay.isVisible()).toBe(false);
        await list.last().click();
        await replay.waitFor();
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      } finally {
        await browser.close();
      }
    });
  },
);
