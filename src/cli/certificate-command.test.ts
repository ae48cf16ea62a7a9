import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Certificate, CertificateEntry } from '../verify/certificate/index.js';
import { crl, file, folder } from './crl.test-helper.js';

const RUN = ['--seed', '3', '--runs', '5', '--property', 'minority-agrees', 'triplets-agree'];
const own = (body: string) =>
  file(
    'own.ts',
    `import { referenceBackend } from 'class-rectification/backends/reference';
     import { extra } from './parts/extra.js';
     export default () => ({ ...referenceBackend(), name: 'own', ...extra, ${body} });`,
  );
const certificate = (name: string) => readFileSync(join(folder, name), 'utf8');
const checked = (...more: string[]) => {
  const { code, out } = crl(['verify', '--check', 'own.json', '--json', ...more]);
  const { confirmed, entries } = JSON.parse(out) as { confirmed: boolean; entries: CertificateEntry[] };
  return { code, confirmed, entries, other: entries.filter(({ same }) => !same).map(({ entry }) => entry) };
};

mkdirSync(join(folder, 'parts'));
file('parts/extra.ts', 'export const extra = {};');
own('');
const written = crl(['verify', '--backend', join(folder, 'own.ts'), ...RUN, '--certificate', 'own.json']);

describe('crl verify --certificate and --check', () => {
  it('writes the same bytes again, with no absolute path', () => {
    expect(written.code, written.err).toBe(0);
    crl(['verify', '--backend', 'own.ts', ...RUN, '--certificate', 'again.json']);
    expect(certificate('again.json')).toBe(certificate('own.json'));
    expect(certificate('own.json')).not.toContain(folder);
    const { backends } = JSON.parse(certificate('own.json')) as Certificate;
    expect(backends[0]?.source.files.map((one) => one.file)).toEqual(['own.ts', 'parts/extra.ts']);
  });

  it('confirms it: exit 0, with each entry', () => {
    const { code, confirmed, entries, other } = checked();
    expect([code, confirmed, other]).toEqual([0, true, []]);
    const names = entries.map(({ entry }) => entry);
    for (const entry of ['specification', 'suite', 'vectors', 'own: files', 'own: triplets-agree'])
      expect(names).toContain(entry);
  });

  it('names what differs: exit 1', () => {
    file('parts/extra.ts', 'export const extra = { selectMinority: () => ({ profile: [], minority: [] }) };');
    const { code, confirmed, other } = checked();
    expect([code, confirmed]).toEqual([1, false]);
    expect(other).toEqual(
      expect.arrayContaining([
        'own: files',
        'own: file parts/extra.ts',
        'own: minority-agrees',
        'own: passed',
      ]),
    );
    expect(other).not.toContain('own: triplets-agree');
    const { out } = crl(['verify', '--check', 'own.json']);
    expect(out).toContain('NOT CONFIRMED: ');
    expect(out).toContain('failed, 1 case, minority-agrees@3@');
  });

  it('could not run: no such file, no certificate, options that it sets itself: exit 2', () => {
    renameSync(join(folder, 'own.ts'), join(folder, 'parts/own.ts'));
    const { code, err } = crl(['verify', '--check', 'own.json']);
    expect([code, err]).toEqual([2, expect.stringContaining('--backend FILE says where it lies')]);
    const bad = crl(['verify', '--check', file('bad.json', '{"format":"other"}')]);
    expect([bad.code, bad.err]).toEqual([
      2,
      expect.stringContaining('certificate bad.json: expected format'),
    ]);
    expect(crl(['verify', '--check', 'own.json', '--seed', '4']).code).toBe(2);
    const nowhere = crl(['verify', '--backend', 'reference', ...RUN, '--certificate', 'none/c.json']);
    expect([nowhere.code, nowhere.err]).toEqual([
      2,
      expect.stringContaining('a folder that can be written to: none'),
    ]);
  });
});

describe('a certificate of a program', () => {
  it('starts none that --command does not name', () => {
    const { backends, ...rest } = JSON.parse(certificate('own.json')) as Certificate;
    const [backend] = backends as [Certificate['backends'][number]];
    const source = { ...backend.source, backend: 'command:node -e process.exit(9)' };
    const other = file('program.json', JSON.stringify({ ...rest, backends: [{ ...backend, source }] }));
    const { code, err } = crl(['verify', '--check', other]);
    expect([code, err]).toEqual([2, expect.stringContaining('name it with --command')]);
  });

  const ofProgram = (command: string) => {
    const { backends, ...rest } = JSON.parse(certificate('own.json')) as Certificate;
    const [backend] = backends as [Certificate['backends'][number]];
    const source = { ...backend.source, backend: `command:${command}` };
    return file('program.json', JSON.stringify({ ...rest, backends: [{ ...backend, source }] }));
  };

  it.each([
    ['node prog.mjs ok --fast', 'node prog.mjs ok --slow x y'],
    ['node prog.mjs ok --fast', 'node prog.mjs ok'],
    ['node prog.mjs', 'node other.mjs'],
    ['node "prog.mjs', 'node prog.mjs'],
  ])('is checked with its own words: %s, not %s', (certified, given) => {
    const { code, err } = crl(['verify', '--check', ofProgram(certified), '--command', given]);
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('expected --command with the words that it judged'),
    ]);
  });

  it('starts one that lies elsewhere', () => {
    const check = ['verify', '--check', ofProgram('node prog.mjs'), '--command', 'node ./none/prog.mjs'];
    const { code, err } = crl(check);
    expect([code, err]).toEqual([2, expect.stringContaining('--command: ')]); // it was started
  });
});

describe('crl verify --check, given a backend that the certificate did not judge', () => {
  const of = (backend: string, name: string) => {
    const { backends, ...rest } = JSON.parse(certificate('own.json')) as Certificate;
    const [one] = backends as [Certificate['backends'][number]];
    return file(
      name,
      JSON.stringify({ ...rest, backends: [{ ...one, source: { ...one.source, backend } }] }),
    );
  };

  it.each([
    [
      'host',
      ['--backend', 'own.ts'],
      'it judged "host", which is no file that lies elsewhere; leave out --backend own.ts',
    ],
    ['host', ['--command', 'node x.mjs'], 'it judged "host", which is no program; leave out --command'],
    ['own.ts', ['--command', 'node x.mjs'], 'it judged "own.ts", which is no program'],
    [
      'command:node x.mjs',
      ['--backend', 'own.ts'],
      'it judged "node x.mjs", which is no file that lies elsewhere',
    ],
    ['own.ts', ['--backend', 'host'], 'got the backend host of this package'],
    ['own.ts', ['--backend', 'gone.mjs'], "expected the backend's file at --backend gone.mjs, got none\n"],
  ])('of %s, with %j: refused', (backend, args, words) => {
    const { code, out, err } = crl(['verify', '--check', of(backend, 'other.json'), ...args]);
    expect([code, out, err]).toEqual([2, '', expect.stringContaining(words)]);
  });
});
