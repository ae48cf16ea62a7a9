import { describe, expect, it } from 'vitest';
import { crl, file } from './crl.test-helper.js';

const document = {
  attributes: [2],
  labels: [[0], [0], [1], [1]],
  scores: [
    [0.25, 0.75],
    [0.25, 0.75],
    [0.5, 0.5],
    [0.5, 0.5],
  ],
  options: { kappa: 1, alpha: 0.5 },
};

describe('crl explain', () => {
  it('takes a preset', () => {
    const given = {
      attributes: [2],
      labels: [
        [1, 0],
        [1, 1],
      ],
      scores: [
        [1, 0],
        [0, 1],
      ],
      preset: 'article',
    };
    const { code, out } = crl(['explain', '-'], JSON.stringify(given));
    expect(code).toBe(0);
    expect(out).toContain('no anchor');
  });

  it('writes the numbers of a column with the same digits, where one must be rounded', () => {
    const scores = [0.3, 0.2, 0.9, 0.1].map((p) => [p, 1 - p]);
    const { out } = crl(['explain', '-'], JSON.stringify({ ...document, scores }));
    const rows = [...out.matchAll(/^│ \d+ +│ \d+ +│ \d+ +│ 0 +│ 0 +│ (\S+) +│ (\S+) +│/gm)];
    expect(rows.map(([, near, far]) => [near, far])).toEqual([
      ['0.1000', '-0.6000'],
      ['0.1000', '-0.7000'],
    ]);
    expect(crl(['explain', '-'], JSON.stringify(document)).out).toMatch(/│ 0 +│ -0\.25 +│ 0\.75 +│/);
  });

  it('answers one JSON document per line, and a bad line with an error; the others still run', () => {
    const lines = [
      JSON.stringify(document),
      '{"attributes":',
      '',
      JSON.stringify({ ...document, options: { kappa: 0 } }),
      JSON.stringify(document),
    ];
    const { code, out } = crl(['explain', '-', '--json'], lines.join('\n'));
    const answers = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(1);
    expect(answers[0]).toEqual({
      profile: [[2, 2]],
      minority: [[0]],
      anchors: [
        { sample: 0, attribute: 0, class: 0, positives: [1], negatives: [2] },
        { sample: 1, attribute: 0, class: 0, positives: [0], negatives: [2] },
      ],
      triplets: [
        [0, 1, 2, 0, 0],
        [1, 0, 2, 0, 0],
      ],
      loss: 0.75,
      gradient: [
        [-0.5, 0],
        [-0.5, 0],
        [1, 0],
        [0, 0],
      ],
      crossEntropy: expect.closeTo((2 * Math.log(4) + 2 * Math.log(2)) / 4, 12),
      balanced: expect.closeTo(0.375 + (2 * Math.log(4) + 2 * Math.log(2)) / 8, 12),
    });
    expect(answers[1]).toMatchObject({ error: { code: 'malformed-json', line: 2 } });
    expect(answers[2]).toEqual({
      error: {
        code: 'option-out-of-range',
        message: 'options.kappa: expected an integer ≥ 1, got 0',
        line: 4,
      },
    });
    expect(answers[3]).toEqual(answers[0]);
  });

  it('gives a readable account without --json', () => {
    const { code, out } = crl(['explain', file('batch.jsonl', JSON.stringify(document))]);
    expect(code).toBe(0);
    for (const part of [
      '1 selectMinority',
      '2 mineHardSamples',
      '3 formTriplets: 2 triplets',
      'L_crl = 0.75',
      '5 balancedLoss',
    ]) {
      expect(out).toContain(part);
    }
  });

  it('takes an indented document, and lists each triplet with its term', () => {
    const { code, out } = crl(['explain', file('indented.json', JSON.stringify(document, null, 2))]);
    expect(code).toBe(0);
    // d(a,+) = 0 and d(a,−) = 0.25 − 0.5, so that the term is 0.5 + 0 − (−0.25)
    expect(out.replaceAll(/ +/g, ' ')).toContain('│ 0 │ 1 │ 2 │ 0 │ 0 │ 0 │ -0.25 │ 0.75 │');
  });

  it('lists the terms of the other comparisons as far as a triplet has one', () => {
    const account = (comparison: string) =>
      crl(['explain', '-'], JSON.stringify({ ...document, options: { kappa: 1, comparison } })).out;
    expect(account('absolute')).toMatch(/d\(a,−\) │ term of \+ │ term of − │/);
    expect(account('distribution')).toMatch(/d\(a,−\) │\n/);
  });

  it('writes errors to standard error, with file and line', () => {
    const { code, out, err } = crl([
      'explain',
      file('bad.jsonl', `${JSON.stringify(document)}\n{"labels":3}`),
    ]);
    expect([code, err]).toEqual([1, expect.stringContaining('crl: bad.jsonl:2: ')]);
    expect(out).not.toContain('expected');
    const cut = crl(['explain', '-'], '{"labels":');
    expect([cut.code, cut.out, cut.err]).toEqual([
      1,
      '',
      expect.stringMatching(/^crl: line 1: malformed-json: /),
    ]);
  });

  it('names a field and an option that no document has, with all that it may have', () => {
    const batch = {
      attributes: [2],
      labels: [[0], [0]],
      scores: [
        [0, 1],
        [1, 0],
      ],
    };
    const documents = [
      { ...batch, optons: {} },
      { ...batch, options: { alpa: 0.1 } },
    ];
    const lines = documents.map((document) => JSON.stringify(document)).join('\n');
    const { code, err } = crl(['explain', file('unknown.jsonl', lines)]);
    expect(code).toBe(1);
    expect(err).toMatch(/optons: expected one of attributes, .*, preset, options \(did you mean options\?\)/);
    expect(err).toMatch(/options\.alpa: expected one of rho, .*, alpha \(did you mean alpha\?\)/);
  });

  it.each(['', '\n  \n'])('could not run: no document in %j', (text) => {
    const { code, out, err } = crl(['explain', '-'], text);
    expect([code, out, err]).toEqual([2, '', 'crl: standard input: expected JSON documents, got nothing\n']);
  });

  it('could not run: a folder', () => {
    expect(crl(['explain', '.'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('.: expected a file, got a folder'),
    });
  });

  it('could not run: a file that is not there', () => {
    expect(crl(['explain', 'none.jsonl'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('none.jsonl: cannot be read'),
    });
  });
});
