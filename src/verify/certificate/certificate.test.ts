import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '../../../backends/reference.js';
import type { Report } from '../../../properties/index.js';
import { type JsonSchema, violations } from '../../support/json-schema.test-helper.js';
import { verify } from '../verify.js';
import { type Certificate, makeCertificate } from './certificate.js';
import { compareCertificates } from './compare-certificates.js';
import { digestOf } from './digest.js';
import { judgeDigests } from './judge-digests.js';
import { moduleFiles } from './module-files.js';
import { CertificateError, readCertificate } from './read-certificate.js';
import { sourceOf } from './source.js';

const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string) => {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const CHOICES = { seed: 3, runs: 5, only: ['minority-agrees', 'mining-agrees'] };
const right = await verify(referenceBackend, CHOICES);
const of = (report: Report, source = sourceOf('reference')) => makeCertificate([report], [source], CHOICES);
const different = (one: Certificate, other: Certificate) =>
  compareCertificates(one, other)
    .filter(({ same }) => !same)
    .map(({ entry, counts }) => `${entry}${counts ? '' : ' (does not count)'}`);

describe('the files of a module', () => {
  it('are those that it and they name by relative paths, in every form', () => {
    const entry = file(
      'own/kernel.ts',
      `import { a } from './a.js'; // TypeScript names what it compiles to
       export * from "./deep";
       const wasm = new URL('./kernel.wasm', import.meta.url);
       const later = () => import('../outside.mjs');
       import fc from 'fast-check';
       const text = './not-there.ts';`,
    );
    file('own/a.ts', "require('./b')");
    file('own/b.cjs', "require('./kernel.ts')"); // a circle ends
    file('own/deep/index.ts', '');
    file('own/kernel.wasm', "'./unread.ts'");
    file('own/unread.ts', '');
    file('outside.mjs', '');
    const names = [
      'outside.mjs',
      'own/a.ts',
      'own/b.cjs',
      'own/deep/index.ts',
      'own/kernel.ts',
      'own/kernel.wasm',
    ];
    expect(moduleFiles(entry)).toEqual(names.map((name) => join(folder, name)));
    expect(moduleFiles(entry, (path) => path.endsWith('a.ts')).length).toBe(4);
  });

  it('have the digest that sha256sum gives', () => {
    const { sha256, files } = digestOf(folder, [file('y', 'abc'), file('x', '')]);
    expect(files).toEqual([
      { file: 'x', sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
      { file: 'y', sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
    ]);
    // printf '%s  %s\n' DIGEST x DIGEST y | sha256sum
    expect(sha256).toBe('d67137d1f1d23dfb60c8b55a1cdc0c7b90c6d6cb9fc394372fd179199bc4e61c');
  });

  it('of the judge are told apart: specification, suite and vectors', () => {
    const { specification, suite, vectors } = judgeDigests();
    expect(new Set([specification, suite, vectors]).size).toBe(3);
    for (const digest of [specification, suite, vectors]) expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(sourceOf('host').sha256).not.toBe(sourceOf('tfjs').sha256);
  });
});

describe('a certificate', () => {
  it('has the same bytes for the same run', async () => {
    const again = await verify(referenceBackend, CHOICES);
    expect(again.started).not.toBe(right.started);
    expect(JSON.stringify(of(again))).toBe(JSON.stringify(of(right)));
  });

  it('says what was asked, found and left out', () => {
    const certificate = of(right);
    expect(certificate.choices).toMatchObject({ seed: 3, runs: 5, properties: CHOICES.only, level: null });
    expect(certificate.backends[0]).toMatchObject({
      name: 'reference',
      passed: true,
      properties: [
        { id: 'minority-agrees', verdict: 'passed', required: true },
        { id: 'mining-agrees', verdict: 'passed', required: true, cases: 5 },
      ],
    });
    const absent: Report = {
      ...right,
      properties: right.properties.map((p) => ({ ...p, verdict: 'unavailable', cases: 0 })),
    };
    const sources = [sourceOf('tfjs'), sourceOf('reference')];
    const some = makeCertificate([absent, right], sources, CHOICES);
    expect(some.backends.map(({ source }) => source.backend)).toEqual(['reference']);
  });

  it('holds no absolute path and no name of user or host', () => {
    const own = file('own.ts', '');
    const report = { ...right, problems: [`dispose: at ${own}:3:1`], adapter: 'Some GPU' };
    const text = JSON.stringify(of(report, sourceOf(own)));
    expect(text).toContain('own.ts:3:1');
    for (const part of [folder, process.cwd(), tmpdir(), `/${userInfo().username}/`])
      expect(text).not.toContain(part);
  });
});

describe('the schema of certificates', () => {
  const schema = JSON.parse(readFileSync('schemas/certificate.schema.json', 'utf8')) as JsonSchema;
  const plain = (one: Certificate) => JSON.parse(JSON.stringify(one));

  it('holds for what is written', async () => {
    expect(violations(schema, plain(of(right)))).toEqual([]);
    const failing = await verify(
      { ...referenceBackend(), selectMinority: () => ({ profile: [], minority: [] }) },
      CHOICES,
    );
    const known = [{ id: 'mining-agrees', reason: 'so', link: 'https://example.org' }];
    const failed = makeCertificate([failing], [sourceOf('reference')], { ...CHOICES, level: 'core', known });
    expect(failed.backends[0]?.properties[0]?.token).toContain('minority-agrees@3@');
    expect(violations(schema, plain(failed))).toEqual([]);
  });

  it('is violated by anything else', () => {
    const certificate = plain(of(right));
    expect(violations(schema, { ...certificate, host: 'a' })).toEqual(['$.host: not allowed']);
    expect(violations(schema, { ...certificate, judge: { ...certificate.judge, suite: 'x' } })).toEqual([
      '$.judge.suite: pattern',
    ]);
    const { supports: _, ...rest } = certificate.backends[0];
    expect(violations(schema, { ...certificate, backends: [rest] })).toEqual([
      '$.backends[0]: required supports',
    ]);
  });
});

describe('two certificates', () => {
  const certificate = of(right);

  it('are the same entry by entry', () => {
    expect(different(certificate, JSON.parse(JSON.stringify(certificate)))).toEqual([]);
  });

  it('differ where specification, suite, files, versions, verdicts or levels do', () => {
    const [backend] = certificate.backends as [Certificate['backends'][number]];
    const change = (part: Partial<typeof backend>): Certificate => ({
      ...certificate,
      backends: [{ ...backend, ...part }],
    });
    const judge = { ...certificate.judge, specification: '0' };
    expect(different(certificate, { ...certificate, judge })).toEqual(['specification']);
    const versions = { ...certificate.versions, node: '1', 'fast-check': '2' };
    expect(different(certificate, { ...certificate, versions })).toEqual([
      'version of fast-check',
      'version of node (does not count)',
    ]);
    expect(different(certificate, change({ adapter: 'Another GPU' }))).toEqual([
      'reference: adapter (does not count)',
    ]);
    const source = { ...backend.source, sha256: '0' };
    expect(different(certificate, change({ source }))).toEqual(['reference: files']);
    const [first, ...rest] = backend.properties;
    const properties = [{ ...first, verdict: 'failed', token: 't' }, ...rest] as typeof backend.properties;
    expect(different(certificate, change({ properties, passed: false }))).toEqual([
      'reference: minority-agrees',
      'reference: passed',
    ]);
    expect(different(certificate, change({ properties: rest }))).toEqual(['reference: minority-agrees']);
    const levels = backend.levels.map((one) => ({ ...one, verdict: 'reached' as const }));
    expect(different(certificate, change({ levels })).length).toBe(4);
    expect(different(certificate, { ...certificate, backends: [] })).toEqual(['reference']);
    const counted = { cases: 9, conditions: { ties: 4, none: 0 }, short: [], pairs: { possible: 2, met: 1 } };
    const of = (ties: number) => change({ coverage: { ...counted, conditions: { ties, none: 0 } } });
    expect(different(of(4), of(5))).toEqual(['reference: condition ties']);
    expect(different(of(4), of(0))).toEqual(['reference: coverage', 'reference: condition ties']);
    const fewer = change({ coverage: { ...counted, cases: 8, conditions: { ties: 1, none: 0 } } });
    expect(different(of(4), fewer)).toEqual(['reference: coverage']);
  });

  it('differ in whatever has no entry of its own, also in fields that nobody knows', () => {
    const [backend] = certificate.backends as [Certificate['backends'][number]];
    const change = (part: object) => ({ ...certificate, backends: [{ ...backend, ...part }] }) as Certificate;
    const [first, ...rest] = backend.properties;
    const [level, ...levels] = backend.levels;
    const source = { ...backend.source, by: 'me' };
    expect(different({ ...certificate, endorsed: true } as Certificate, certificate)).toEqual(['endorsed']);
    expect(different(change({ endorsed: [1] }), certificate)).toEqual(['backends[0].endorsed']);
    expect(different(change({ source }), certificate)).toEqual(['backends[0].source.by']);
    expect(different(change({ properties: [{ ...first, required: false }, ...rest] }), certificate)).toEqual([
      'backends[0].properties[0].required',
    ]);
    expect(different(change({ levels: [{ ...level, missing: [] }, ...levels] }), certificate)).toEqual([
      'backends[0].levels[0].missing[0]',
    ]);
    expect(different(certificate, change({ levels: [{ ...level, missing: [] }, ...levels] }))).toHaveLength(
      1,
    );
    const twice = { ...certificate, backends: [backend, backend] };
    expect(different(twice, certificate)).toEqual(['backends[1]']);
  });

  const named = (name: string) =>
    JSON.stringify({ ...certificate, backends: [{ ...certificate.backends[0], name }] });

  it('show control characters of sentences escaped', () => {
    const [backend] = certificate.backends as [Certificate['backends'][number]];
    const problems = ['a\u001b[2J\u009b2J\n'];
    const written = file(
      'problems.json',
      JSON.stringify({ ...certificate, backends: [{ ...backend, problems }] }),
    );
    const entry = compareCertificates(readCertificate(written), certificate).find(({ same }) => !same);
    expect(entry).toMatchObject({ entry: 'reference: problems', certified: '["a\\u001b[2J\\u009b2J\\n"]' });
  });

  it.each([
    ['{', 'expected a file of JSON'],
    ['[]', 'format: "class-rectification-certificate", got undefined'],
    [JSON.stringify({ ...certificate, version: 2 }), 'version 1 of the format, got 2'],
    [
      JSON.stringify({ ...certificate, choices: { ...certificate.choices, seed: 'x' } }),
      'choices.seed: a whole',
    ],
    [JSON.stringify({ ...certificate, backends: [] }), 'backends: one backend or more'],
    [JSON.stringify({ ...certificate, backends: [{}] }), 'backends[0].name: a name'],
    [
      JSON.stringify({ ...certificate, choices: { ...certificate.choices, runs: 2 ** 53 - 1 } }),
      'choices.runs: a whole number from 1 to 1000000',
    ],
    [named('\u001b[2J'), 'backends[0].name: printable characters, got "\\u001b[2J"'],
    [named('a\nb'), 'backends[0].name: printable characters'],
    [named('\u009b2J'), 'backends[0].name: printable characters, got "\\u009b2J"'],
    [JSON.stringify({ ...certificate, versions: { 'a\u001b[2J': '1' } }), 'names of printable characters'],
    [' '.repeat(8 * 2 ** 20 + 1), 'a file of at most 8 MiB, got 8388609 bytes'],
  ])('are refused where they are none: %#', (text, words) => {
    const bad = file('bad.json', text);
    expect(() => readCertificate(bad)).toThrow(CertificateError);
    expect(() => readCertificate(bad)).toThrow(words);
  });

  it('are read as they were written', () => {
    expect(readCertificate(file('good.json', JSON.stringify(certificate)))).toEqual(certificate);
    expect(() => readCertificate(join(folder, 'none.json'))).toThrow('ENOENT');
  });
});
