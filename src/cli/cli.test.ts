import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Report } from '../../properties/index.js';
import { classBalancedAccuracy, rulings } from '../../spec/index.js';
import { resultText } from './start-command.js';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'crl-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the built command line, as a user would. */
function crl(args: string[], input = ''): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'dist/src/cli/crl.js'), ...args],
    {
      input,
      encoding: 'utf8',
      cwd: folder,
    },
  );
  return { code: status, out: stdout, err: stderr };
}

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

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

describe('crl rulings', () => {
  it('prints them all, to read and as JSON', () => {
    expect(JSON.parse(crl(['rulings', '--json']).out)).toEqual(rulings);
    const { out } = crl(['rulings']);
    for (const { name, text } of rulings) expect(out).toContain(`${name}\n  ${text}`);
  });

  it('prints those named, and refuses a name that there is not', () => {
    expect(crl(['rulings', 'hinge']).out).toContain('tested by: loss-agrees');
    const { code, err } = crl(['rulings', 'hindge']);
    expect(code).toBe(2);
    expect(err).toContain('ruling "hindge": expected one of');
  });
});

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

  it('answers one JSON document a line, and a bad line with an error; the others still run', () => {
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

  it('could not run: a file that is not there', () => {
    expect(crl(['explain', 'none.jsonl'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('none.jsonl: cannot be read'),
    });
  });
});

describe('crl verify', () => {
  it('passes a backend in TypeScript from anywhere: exit 0', () => {
    const own = file(
      'own.ts',
      `
      import type { Backend } from 'class-rectification/spec';
      import { referenceBackend } from 'class-rectification/backends/reference';
      export default (): Backend => ({ ...referenceBackend(), name: 'own' });
    `,
    );
    const { code, out, err } = crl(['verify', '--backend', own, '--runs', '20', '--seed', '3', '--json']);
    expect(err).not.toContain('crl:');
    const report = JSON.parse(out) as Report;
    expect([code, report.passed, report.backend, report.seed, report.runs]).toEqual([0, true, 'own', 3, 20]);
  });

  it('fails a wrong backend in JavaScript, with a small counterexample and a replay that fails alike: exit 1', () => {
    const wrong = file(
      'wrong.mjs',
      `
      import { selectMinority } from 'class-rectification/spec';
      import { referenceBackend } from 'class-rectification/backends/reference';
      const halved = (batch, options) => selectMinority(batch, { ...options, rho: options.rho / 2 });
      export default { ...referenceBackend(), name: 'wrong', selectMinority: halved };
    `,
    );
    const { code, out } = crl(['verify', '--backend', wrong, '--seed', '3', '--json']);
    const report = JSON.parse(out) as Report;
    expect([code, report.passed]).toEqual([1, false]);
    const failed = report.properties.find(({ id }) => id === 'minority-agrees');
    expect(failed).toMatchObject({ verdict: 'failed', cases: expect.any(Number) });
    expect(failed?.counterexample?.document.labels.length).toBeLessThanOrEqual(4);
    const replay = failed?.replay.split(' ').slice(1) as string[];
    const again = JSON.parse(crl([...replay, '--json']).out) as Report;
    expect(again.properties[0]?.counterexample).toEqual(failed?.counterexample);
    const text = crl(replay);
    expect(text.out).toContain('smallest batch found');
    expect(text.out).toContain('FAILED');
  });

  it.each([
    [['verify', '--backend', 'nobody'], 'expected one of reference, tfjs, or a file'],
    [
      ['verify', '--backend', 'tfjs', '--engine', 'abacus'],
      'engine abacus: expected one of cpu, wasm, tensorflow',
    ],
    [['verify', '--runs', '0'], 'expected a whole number from 1'],
    [['verify', '--runs', '1e400'], 'expected a whole number'],
    [['verify', '--property', 'none', '--backend', 'reference'], 'only: expected ids among'],
    [['verify', '--colour'], 'unknown option'],
    [['explain'], 'missing required argument'],
    [['dance'], 'unknown command'],
  ])('could not run: %j, exit 2', (args, words) => {
    const { code, err } = crl(args);
    expect(err).toContain(words);
    expect(code).toBe(2);
  });

  it('could not run: a module that does not load, has no default export, or is no backend', () => {
    for (const [name, text, words] of [
      ['broken.mjs', 'import "./missing.mjs"', 'does not load'],
      ['empty.mjs', 'export const a = 1', 'got undefined'],
      ['thing.mjs', 'export default { name: "thing" }', 'expected supports'],
    ] as const) {
      const { code, err } = crl(['verify', '--backend', file(name, text)]);
      expect(err).toContain(words);
      expect(code).toBe(2);
    }
  });
});

describe('crl start', () => {
  const accuracy = (right: number) =>
    classBalancedAccuracy([0, 0, 1, 1], [0, right > 0 ? 0 : 1, right > 1 ? 1 : 0, 1], 2);
  const seeds = (ce: number, crl: number) =>
    [1, 2, 3].map((seed) => ({
      seed,
      crossEntropy: accuracy(ce),
      rectified: accuracy(crl),
      minorityShare: [0, 0.5],
    }));
  const result = {
    counts: [500, 5],
    omega: 0.5,
    validation: [
      { eta: 0, alpha: 0, accuracy: 0.7 },
      { eta: 0.2, alpha: 0.1, accuracy: 0.6 },
    ],
    eta: 0.2,
    alpha: 0.1,
  };

  it('says which did better, or that nothing shows', () => {
    expect(resultText({ ...result, seeds: seeds(0, 2) })).toContain('CRL did better here (+50.00 points');
    expect(resultText({ ...result, seeds: seeds(2, 0) })).toContain('CRL did worse here (−50.00 points');
    expect(resultText({ ...result, seeds: seeds(1, 1) })).toContain('No difference that 3 seeds can show');
    expect(resultText({ ...result, seeds: seeds(1, 1) })).toContain('50 % of batches');
  });
});
