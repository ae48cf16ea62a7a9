import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../properties/index.js';
import { crl, file, folder } from './crl.test-helper.js';

const OF_PROTOCOL_2 = `
  process.stdin.once('data', () => console.log('{"id":0,"result":{"protocol":2}}'));
`;

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
      'declares what there is not',
      `supports: { ...referenceBackend().supports, encodings: ['categoric'] }`,
      'supports.encodings: expected categorical, multi-label, one-attribute, got "categoric"',
    ],
  ])('could not run one that %s', (_, body, words) => {
    const { code, err } = run(body, '--property', 'minority-agrees', 'balanced-agrees');
    expect(code).toBe(2);
    expect(err).toContain(words);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it('fails one that cannot be disposed of, and says so in every form', () => {
    const dispose = `dispose() { throw new Error('device <lost>'); }`;
    const factory = backend(dispose)
      .replace('export default', 'export default () =>')
      .replace('{ ...', '({ ...');
    const own = file('undisposed.mjs', factory.replace('};', '});'));
    const args = ['verify', '--backend', own, '--runs', '5', '--seed', '1', '--property', 'minority-agrees'];
    const forms = ['problem.md', 'problem.html', 'problem.json'];
    const { code, out } = crl([...args, '--report', ...forms]);
    expect(code).toBe(1);
    expect(out).toContain('problem odd: dispose: Error: device <lost>');
    const texts = forms.map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(texts[0]).toContain('problem: dispose: Error: device &lt;lost>');
    expect(texts[1]).toContain('dispose: Error: device &lt;lost&gt;');
    expect(JSON.parse(texts[2] as string)).toMatchObject({ passed: false, problems: [expect.any(String)] });
    expect(crl(['verify', '--backend', own, '--replay', 'minority-agrees@1@0']).out).toContain('problem odd');
  });

  it('fails one that hangs, once, and still reports the rest', () => {
    const hangs = 'balancedLoss: () => new Promise(() => {})';
    const ids = ['minority-agrees', 'balanced-agrees', 'input-unchanged'];
    const { code, out } = run(hangs, '--timeout', '5', '--json', '--property', ...ids);
    const { properties } = JSON.parse(out) as Report;
    expect(code).toBe(1);
    expect(properties.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['passed', undefined],
      [
        'failed',
        'the plain batch of six samples that comes first: UnansweredError: balancedLoss gave no answer within 5 s',
      ],
      ['failed', expect.stringContaining('balancedLoss is not asked again')],
    ]);
  });

  it.each([
    ['has a syntax error', 'export default {', '1000', 'does not load'],
    [
      'has a factory that fails',
      `export default () => { throw new TypeError('no device'); }`,
      '1000',
      'expected a backend, or a promise of one, got TypeError: no device',
    ],
    [
      'has a factory that never settles',
      'export default () => new Promise(() => {})',
      '5', // enough for a busy machine to load it
      'got no answer within 5 s',
    ],
    [
      'exports a promise that never settles',
      'export default new Promise(() => {})',
      '5',
      'the promise that it exports did not settle within 5 s',
    ],
    [
      'never finishes loading',
      'await new Promise(() => {}); export default {}',
      '0.5',
      'the module did not settle within 0.5 s',
    ],
  ])('could not run a module that %s', (_, text, seconds, words) => {
    const { code, err } = crl(['verify', '--timeout', seconds, '--backend', file('bad-module.mjs', text)]);
    expect(err).toContain(words);
    expect(code).toBe(2);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it.each([
    [
      './nope',
      '--command: expected a program that can be started, got ./nope (ENOENT: there is no such program)',
    ],
    [
      `"${process.execPath}" "${file('of-protocol-2.mjs', OF_PROTOCOL_2)}"`,
      '--command: hello.protocol: expected 1, got 2',
    ],
  ])('could not run the program %s, and says so as a mistake of --command', (command, words) => {
    const { code, err } = crl(['verify', '--command', command]);
    expect(err).toContain(`crl: ${words}`);
    expect(code).toBe(2);
  });

  it('could not run: a module that does not load, has no default export, or is not a backend', () => {
    for (const [name, text, words] of [
      ['broken.mjs', 'import "./missing.mjs"', 'does not load'],
      ['null.mjs', 'throw null', 'null.mjs does not load: null'],
      ['empty.mjs', 'export const a = 1', 'got undefined'],
      [
        'no-default.mjs',
        'export default null',
        'expected a backend or a factory as default export, got null',
      ],
      ['data.json', '{"a":1}', 'backend data.json: expected a backend with a name'],
      [
        'getter.mjs',
        'export default { get name() { throw null } }',
        'backend getter.mjs: expected members that',
      ],
      [
        'odd-error.mjs',
        'export default () => { throw { get name() { throw 1 }, get message() { throw 2 } } }',
        'the factory of backend odd-error.mjs: expected a backend, or a promise of one, got an object that cannot',
      ],
      ['thing.mjs', 'export default { name: "thing" }', 'supports: expected'],
    ] as const) {
      const { code, err } = crl(['verify', '--backend', file(name, text)]);
      expect(err).toContain(words);
      expect(code).toBe(2);
    }
  });
});
