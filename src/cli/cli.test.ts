import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
    // the case as it was found, which needs no shrinking any more
    expect(again.properties[0]?.counterexample).toEqual({ ...failed?.counterexample, shrinks: 0 });
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

describe('crl verify, all its ways', () => {
  const REVERSED = `
    import { mineHardSamples } from 'class-rectification/spec';
    import { referenceBackend } from 'class-rectification/backends/reference';
    const wrong = (...given) => ({
      anchors: mineHardSamples(...given).anchors.map((a) => ({ ...a, negatives: [...a.negatives].reverse() })),
    });
    export default { ...referenceBackend(), name: 'reversed', mineHardSamples: wrong };
  `;
  const reversed = () => file('reversed.mjs', REVERSED);

  it('runs only the stages that are named', () => {
    const args = ['verify', '--backend', 'reference', '--stage', 'selectMinority', '--stage', 'formTriplets'];
    const { code, out } = crl([...args, '--runs', '5', '--seed', '1', '--json']);
    const stages = (JSON.parse(out) as Report).properties.map(({ stage }) => stage);
    expect([code, [...new Set(stages)]]).toEqual([0, ['selectMinority', 'formTriplets']]);
  });

  it('prints the time of each stage and the versions', () => {
    const { out } = crl(['verify', '--backend', 'reference', '--property', 'minority-agrees', '--runs', '5']);
    expect(out).toMatch(/time: selectMinority \d+ ms; .* in all/);
    expect(out).toMatch(/versions: class-rectification .*fast-check .*node /);
  });

  it('writes reports in every form, and refuses one that it could not write before it runs', () => {
    const files = ['r.json', 'r.md', 'r.html'];
    const args = ['verify', '--backend', reversed(), '--property', 'mining-agrees', '--seed', '3'];
    const { code } = crl([...args, '--report', 'r.json', 'r.md', '--report', 'r.html']);
    const texts = files.map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(code).toBe(1);
    for (const text of texts) expect(text).toContain('--replay mining-agrees@3@');
    expect(texts[2]).toContain('<svg');
    for (const bad of ['r.pdf', 'none/r.md']) {
      const { code: refused, err, out } = crl([...args, '--report', bad]);
      expect([refused, out, err.includes('Verified')]).toEqual([2, '', false]);
      expect(err).toContain(`report ${bad}:`);
    }
  });

  it('replays one case: what it gives now, and that a mended one does not fail', () => {
    const args = ['verify', '--backend', reversed()];
    const report = JSON.parse(
      crl([...args, '--property', 'mining-agrees', '--seed', '3', '--json']).out,
    ) as Report;
    const token = report.properties[0]?.counterexample?.token as string;
    const failing = crl([...args, '--replay', token]);
    expect(failing.code).toBe(1);
    expect(failing.out).toContain('smallest batch found');
    const mended = crl(['verify', '--backend', 'reference', '--replay', token]);
    expect(mended.code).toBe(0);
    expect(mended.out).toContain('The case does not fail now');
    expect(mended.out).toContain(
      'crl verify --backend reference --property mining-agrees --runs 300 --seed 3',
    );
  });

  it.each([
    ['--property', 'mining-agrees'],
    ['--stage', 'selectMinority'],
    ['--runs', '5'],
    ['--seed', '1'],
  ])('a replay takes no %s', (...other) => {
    const { code, err } = crl([
      'verify',
      '--backend',
      'reference',
      '--replay',
      'mining-agrees@3@0',
      ...other,
    ]);
    expect(code).toBe(2);
    expect(err).toContain('cannot be used with');
  });

  it('a known failure does not fail; an unexpected pass and a stale id do', () => {
    const args = [
      'verify',
      '--backend',
      reversed(),
      '--seed',
      '3',
      '--runs',
      '50',
      '--property',
      'mining-agrees',
      'anchors-complete',
      '--known',
    ];
    const known = (...list: object[]) => crl([...args, file('known.json', JSON.stringify(list))]);
    const mining = {
      id: 'mining-agrees',
      reason: 'negatives run backwards',
      link: 'https://example.org/1',
      backend: 'reversed',
    };
    const passed = known(mining);
    expect(passed.code).toBe(0);
    expect(passed.out).toContain('known: negatives run backwards (https://example.org/1)');
    const unexpected = known(mining, { id: 'anchors-complete', reason: 'was so once' });
    expect([unexpected.code, unexpected.out.includes('unexpected-pass')]).toEqual([1, true]);
    const stale = known(mining, { id: 'no-such-property', reason: 'gone' });
    expect(stale.code).toBe(1);
    expect(stale.out).toContain('stale known failures, no property has the id: no-such-property');
    expect(known({ ...mining, backend: 'other' }).code).toBe(1);
  });

  it.each([
    ['{', 'cannot be read as JSON'],
    ['{}', 'expected a list of { id, reason }, got {}'],
    [
      '[{"id":"a","reason":"b"},{"id":"mining-agrees"}]',
      'entry 2 (mining-agrees): reason: expected words, got nothing',
    ],
    ['[{"id":"a","reason":"b","url":"c"}]', 'entry 1 (a): url: expected one of id, reason, link'],
    ['[3]', 'entry 1: expected { id, reason }, got 3'],
  ])('could not run: known failures %s', (text, words) => {
    const { code, err } = crl(['verify', '--backend', 'reference', '--known', file('bad-known.json', text)]);
    expect(code).toBe(2);
    expect(err).toContain(words);
  });

  it('soaks, says what it found, and goes on where it was', () => {
    const args = ['verify', '--backend', 'reference', '--soak', '0.01', '--soak-file', 'soak.json', '--json'];
    const cases = () => (JSON.parse(crl(args).out) as Report).properties.reduce((sum, p) => sum + p.cases, 0);
    const first = cases();
    expect(first).toBeGreaterThan(0);
    expect(cases()).toBeGreaterThan(first);
  });
});

describe('crl verify of a backend that misbehaves', () => {
  const backend = (body: string) => `
    import { referenceBackend } from 'class-rectification/backends/reference';
    export default { ...referenceBackend(), name: 'odd', ${body} };
  `;
  const run = (body: string, ...more: string[]) => {
    const args = ['verify', '--backend', file('odd.mjs', backend(body)), '--runs', '20', '--seed', '1'];
    return crl([...args, ...more]);
  };

  it.each([
    ['throws', `balancedLoss() { throw new Error('boom'); }`, 'Error: boom', 'balanced-agrees'],
    ['throws no error', `balancedLoss() { throw 'boom'; }`, 'boom', 'balanced-agrees'],
    [
      'rejects where it should answer at once',
      `async balancedLoss() { throw new Error('boom'); }`,
      'returned a promise',
      'training-agrees',
    ],
    [
      'gives nothing',
      `selectMinority() {}`,
      'selectMinority: expected { profile, minority }, got undefined',
      'minority-agrees',
    ],
    [
      'gives another shape',
      `formTriplets() { return [[0, 1, 2]]; }`,
      'formTriplets: expected an ndarray of |T|×5, got [[0,1,2]]',
      'triplets-agree',
    ],
    [
      'gives anchors without lists',
      `mineHardSamples() { return { anchors: [{ sample: 0 }] }; }`,
      'got anchors: [{"sample":0}]',
      'mining-agrees',
    ],
    ['gives NaN', `rectificationLoss(b, h, t) { return { loss: NaN, gradient: t }; }`, 'NaN', 'loss-agrees'],
  ])('fails one that %s, in words of the contract', (_, body, words, id) => {
    const { code, out, err } = run(body, '--property', id);
    expect(code).toBe(1);
    expect(out).toContain(words);
    expect(out).toContain(`odd: ${id}`);
    expect(out + err).not.toMatch(/^\s+at .*:\d+:\d+/m);
  });

  it.each([
    [
      'hangs',
      `balancedLoss: () => new Promise(() => {})`,
      'balancedLoss gave no answer within 0.5 s; the batch, for crl explain:',
    ],
    [
      'declares what there is not',
      `supports: { ...referenceBackend().supports, encodings: ['categoric'] }`,
      'supports.encodings: expected categorical, multi-label, one-attribute, got "categoric"',
    ],
    [
      'fails outside of any call',
      `selectMinority() { setTimeout(() => { throw new Error('later'); }); return new Promise((r) => setTimeout(r, 50)); }`,
      'outside of any call',
    ],
  ])('could not run one that %s', (_, body, words) => {
    const { code, err } = run(body, '--timeout', '0.5', '--property', 'minority-agrees', 'balanced-agrees');
    expect(code).toBe(2);
    expect(err).toContain(words);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it.each([
    ['has a syntax error', 'export default {', 'does not load'],
    [
      'has a factory that fails',
      `export default () => { throw new TypeError('no device'); }`,
      'its factory failed: TypeError: no device',
    ],
    [
      'has a factory that never settles',
      'export default () => new Promise(() => {})',
      'the factory did not settle within 0.5 s',
    ],
    [
      'never finishes loading',
      'await new Promise(() => {}); export default {}',
      'the module did not settle within 0.5 s',
    ],
  ])('could not run a module that %s', (_, text, words) => {
    const { code, err } = crl(['verify', '--timeout', '0.5', '--backend', file('bad-module.mjs', text)]);
    expect(err).toContain(words);
    expect(code).toBe(2);
    expect(err).not.toMatch(/^\s+at /m);
  });
});

describe('crl new-backend', () => {
  it.each([
    ['in TypeScript', [], 'my-kernel.ts'],
    ['in JavaScript', ['--javascript'], 'my-kernel.mjs'],
  ] as const)('writes a backend that passes, %s', (_, more, name) => {
    const written = crl(['new-backend', 'my-kernel', '--dir', 'new', ...more]);
    expect([written.code, written.err]).toEqual([0, '']);
    const command = `crl verify --backend ./new/${name}`;
    expect(written.out).toContain(command);
    const { code, out } = crl([...command.split(' ').slice(1), '--runs', '20', '--seed', '1', '--json']);
    expect([code, (JSON.parse(out) as Report).backend]).toEqual([0, 'my-kernel']);
    const again = crl(['new-backend', 'my-kernel', '--dir', 'new', ...more]);
    expect([again.code, again.err.includes('is there already')]).toEqual([2, true]);
  });

  it.each(['My', '../up', 'a b', '-a', 'reference', 'a--b'])('refuses the name %s', (name) => {
    expect(crl(['new-backend', '--', name]).code).toBe(2);
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
