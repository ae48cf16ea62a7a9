import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../properties/index.js';
import { crl, file, folder } from './crl.test-helper.js';

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
    const how = ['--stage', 'selectMinority', '--runs', '20', '--seed', '3', '--json'];
    const { code, out, err } = crl(['verify', '--backend', own, ...how]);
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
    const stage = ['--stage', 'selectMinority'];
    const { code, out } = crl(['verify', '--backend', wrong, '--seed', '3', '--json', ...stage]);
    const report = JSON.parse(out) as Report;
    expect([code, report.passed]).toEqual([1, false]);
    const failed = report.properties.find(({ id }) => id === 'minority-agrees');
    expect(failed).toMatchObject({ verdict: 'failed', cases: expect.any(Number) });
    expect(failed?.counterexample?.document.labels.length).toBeLessThanOrEqual(4);
    const replay = failed?.replay.split(' ').slice(2) as string[];
    const again = JSON.parse(crl([...replay, '--json']).out) as Report;
    // the case as it was found, which needs no shrinking any more
    expect(again.properties[0]?.counterexample).toEqual({ ...failed?.counterexample, shrinks: 0 });
    const text = crl(replay);
    expect(text.out).toContain('smallest batch found');
    expect(text.out).toContain('FAILED');
  });
});

describe('crl verify, given an odd module', () => {
  it('that imports ndarray as one does: passes', () => {
    const own = file(
      'imports.ts',
      `
      import ndarray from 'ndarray';
      import { referenceBackend } from 'class-rectification/backends/reference';
      const reference = referenceBackend();
      export default {
        ...reference,
        name: 'imports',
        formTriplets: (...given: Parameters<NonNullable<typeof reference.formTriplets>>) => {
          const { data, shape } = reference.formTriplets(...given);
          return ndarray(data, [...shape]);
        },
      };
    `,
    );
    const { code, out, err } = crl([
      'verify',
      '--backend',
      own,
      '--property',
      'triplets-agree',
      '--runs',
      '5',
    ]);
    expect([code, out], err).toEqual([0, expect.stringContaining('PASSED')]);
  });

  it('that is a module of this repository passes, as the guide says', () => {
    const reference = join(import.meta.dirname, '../../backends/reference.ts');
    const { code, err } = crl([
      'verify',
      '--backend',
      reference,
      '--property',
      'mining-agrees',
      '--runs',
      '5',
    ]);
    expect(code, err).toBe(0);
  });

  it('that is a folder, or asked for nothing: exit 2, with the reason', () => {
    const { code, err } = crl(['verify', '--backend', folder]);
    expect([code, err]).toEqual([2, expect.stringContaining('expected a file, got a folder')]);
    const nothing = crl(['verify', '--property', 'minority-agrees', '--stage', 'formTriplets']);
    expect([nothing.code, nothing.err]).toEqual([2, expect.stringContaining('a property of these stages')]);
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
    expect(mended.out).toContain('export a factory');
    expect(mended.out).toContain(
      'npx crl verify --backend reference --property mining-agrees --runs 300 --seed 3',
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
    expect(stale.out).toContain('stale known failures (no property has this id): no-such-property');
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

  it('soaks, says what it found, and resumes where it was', () => {
    const args = ['verify', '--backend', 'reference', '--soak', '0.01', '--soak-file', 'soak.json', '--json'];
    const cases = () => (JSON.parse(crl(args).out) as Report).properties.reduce((sum, p) => sum + p.cases, 0);
    const first = cases();
    expect(first).toBeGreaterThan(0);
    expect(cases()).toBeGreaterThan(first);
  });

  it('soaks into no file that cannot be written: refused before the run', () => {
    for (const [file, words] of [
      ['none/soak.json', '--soak-file none/soak.json: expected a folder that can be written to: none'],
      ['', '--soak-file: expected the name of a file'],
    ] as const) {
      const { code, out, err } = crl([
        'verify',
        '--backend',
        'reference',
        '--soak',
        '0.01',
        '--soak-file',
        file,
      ]);
      expect([code, out, err]).toEqual([2, '', expect.stringContaining(words)]);
    }
  });

  it('soaks until its file cannot be written, and says what it found: exit 2', () => {
    const removing = file(
      'removing.mjs',
      `import { rmSync } from 'node:fs';
       import { referenceBackend } from 'class-rectification/backends/reference';
       const reference = referenceBackend();
       const selectMinority = (...given) => {
         rmSync(process.env.REMOVED, { recursive: true, force: true });
         return reference.selectMinority(...given);
       };
       export default { ...reference, selectMinority };`,
    );
    const removed = join(folder, 'removed');
    mkdirSync(removed);
    const args = [
      'verify',
      '--backend',
      removing,
      '--soak',
      '5',
      '--soak-file',
      'removed/soak.json',
      '--json',
    ];
    const { code, out, err } = crl(args, '', { REMOVED: removed });
    expect([code, err]).toEqual([2, expect.stringContaining('its folder does not exist')]);
    expect((JSON.parse(out) as Report).properties.some(({ verdict }) => verdict === 'passed')).toBe(true);
  });
});
