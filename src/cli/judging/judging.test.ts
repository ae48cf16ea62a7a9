import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../../backends/reference.js';
import {
  DEFAULT_RUNS,
  NEEDS_EARLIER_CALLS,
  planSuite,
  properties,
  type Report,
  sharesOf,
} from '../../../properties/index.js';
import { reportJson } from '../../verify/report/index.js';
import { verify } from '../../verify/verify.js';
import { crl, file, folder } from '../crl.test-helper.js';

/** A backend whose methods are written over. */
const backend = (body: string, before = '') =>
  file(
    'odd.ts',
    `import { referenceBackend } from 'class-rectification/backends/reference';
const right = referenceBackend();
${before}
export default { ...right, name: 'odd', ${body} };
`,
  );
const ARGS = ['--runs', '20', '--seed', '1'];
const judged = (own: string, ids: string[], ...more: string[]) => {
  const found = crl(['verify', '--backend', own, ...ARGS, '--json', ...more, '--property', ...ids]);
  return { ...found, report: JSON.parse(found.out) as Report };
};
const verdicts = ({ properties }: Report) => properties.map(({ verdict, reason }) => [verdict, reason]);
const withoutTimes = (report: Report) =>
  JSON.parse(reportJson([report]), (key, value) =>
    /^(milliseconds|started|timing)$/.test(key) ? undefined : value,
  );

describe('a backend judged in a process of its own', () => {
  it('is given the report that it is given in this process, a counterexample included', async () => {
    const ids = ['minority-agrees', 'mining-agrees', 'balanced-agrees'];
    const own = backend(`mineHardSamples: (batch, selection, options) => {
      const { anchors } = right.mineHardSamples(batch, selection, options);
      return { anchors: anchors.map((a) => ({ ...a, negatives: [...a.negatives].reverse() })) };
    }`);
    const right = referenceBackend();
    const here = await verify(
      {
        ...right,
        name: 'odd',
        mineHardSamples: async (batch, selection, options) => {
          const hard = await right.mineHardSamples?.(batch, selection, options);
          const anchors = hard?.anchors.map((a) => ({ ...a, negatives: [...a.negatives].reverse() }));
          return { anchors: anchors ?? [] };
        },
      },
      { runs: 20, seed: 1, only: ids, replayAs: own },
    );
    const { report } = judged(own, ids);
    expect(withoutTimes(report)).toEqual(withoutTimes(here));
    expect(report.properties[1]?.verdict).toBe('failed');
  });

  it('that keeps state between calls is given the same report by one process at a time and by five', () => {
    const own = backend(
      `balancedLoss: (...given) => {
        calls += 1;
        if (calls === 130) process.exit(3); // a case that ends its process is not shrunk
        return right.balancedLoss(...given);
      },
      ...Object.fromEntries(STAGES.map((stage) => [stage, undefined])),
      supports: { ...right.supports, missing: Object.fromEntries(STAGES.map((stage) => [stage, 'fused'])) }`,
      `import { STAGES as ALL } from 'class-rectification/spec';
      const STAGES = ALL.filter((stage) => stage !== 'balancedLoss');
      let calls = 0;`,
    );
    // stages that are declared missing cost nothing here, but count when the shares are cut
    const declaredMissing = properties.filter(({ stage }) => stage !== 'balancedLoss');
    const skipped = declaredMissing.map(({ id }) => id);
    const runs = 3 * DEFAULT_RUNS; // so many that they are cut in shares
    const sharesWith = (asked: string[]) =>
      sharesOf(planSuite({ only: [...skipped, ...asked] }).properties, runs).filter((share) =>
        share.some(({ id }) => asked.includes(id)),
      );
    const cheap = [
      'layout-independent',
      'options-heeded',
      'nothing-to-compare-walk',
      'triplets-bounded-walk',
    ];
    const pairs = cheap.map((id) => ['balanced-agrees', id]);
    const asked = pairs.find((pair) => sharesWith(pair).length === 2) ?? [];
    const ids = [...skipped, ...asked];
    const how = ['--seed', '1', '--runs', String(runs), '--json'];
    const args = ['verify', '--backend', own, ...how, '--property', ...ids, '--jobs'];
    const [one, five] = ['1', '5'].map((jobs) => JSON.parse(crl([...args, jobs]).out) as Report);
    expect(withoutTimes(five as Report)).toEqual(withoutTimes(one as Report));
    const failed = one?.properties.filter(({ verdict }) => verdict === 'failed');
    expect(failed?.length).toBeGreaterThan(1);
    expect(failed?.every(({ reason }) => reason?.includes('only fails after the calls before it'))).toBe(
      true,
    );
  });

  it('that loops for ever fails the property with the case, is not asked again, and the rest is judged', () => {
    const ids = ['minority-agrees', 'minority-prefix-maximal', 'loss-agrees', 'balanced-agrees'];
    const own = backend('selectMinority: () => { for (;;); }');
    // a call that is no loop must be answered in this time too, on a busy machine
    const { code, report } = judged(own, ids, '--timeout', '5');
    expect(verdicts(report)).toEqual([
      ['failed', 'selectMinority is not asked again: it gave no answer within 5 s in an earlier case'],
      ['failed', 'UnansweredError: selectMinority gave no answer within 5 s'],
      ['passed', undefined],
      ['passed', undefined],
    ]);
    const { counterexample } = report.properties[1] ?? {}; // it goes first, since it is cheap and fails often
    expect(counterexample).toMatchObject({ token: 'minority-prefix-maximal@1@0', shrinks: 0 });
    expect(counterexample?.document.labels.length).toBeGreaterThan(0);
    expect(report.properties[1]?.replay).toContain(' --timeout 5 ');
    expect(code).toBe(1);
  });

  it.each([
    ['a microtask', 'queueMicrotask(block)', 'selectMinority gave no answer within 5 s'],
    [
      'a timer',
      'setTimeout(block)',
      'a timer or a promise that its calls left behind gave no answer within 5 s',
    ],
    [
      'timers that throw',
      "for (const what of ['first', 'second']) setTimeout(() => { throw new Error(what); })",
      'the backend failed outside of any call, in a timer or a promise that nobody waited for: Error: first (at odd.ts:5)',
    ],
  ])('that leaves %s fails the property whose calls left it', (_, act, words) => {
    const own = backend(
      `selectMinority: (...given) => {
        if (calls++ === 2) ${act};
        return right.selectMinority(...given);
      }`,
      'let calls = 0; const block = () => { for (;;); };',
    );
    const { report } = judged(own, ['minority-agrees', 'loss-agrees'], '--timeout', '5');
    const [failed, other] = verdicts(report);
    expect(failed?.[0]).toBe('failed');
    expect(failed?.[1]).toContain(`UnansweredError: ${words}`);
    expect(other).toEqual(['passed', undefined]);
  });

  it('that loops for ever is waited for once in all shares, and given the same report by one process and by three', () => {
    const own = backend('balancedLoss: () => { for (;;); }');
    const ids = [
      'balanced-agrees',
      'balanced-gradient-agrees',
      'balanced-logits-agree',
      'balanced-agrees-on-oddities',
      'results-unaliased',
      'calls-independent',
    ];
    const runs = 4 * DEFAULT_RUNS; // so many that they are cut in shares
    expect(sharesOf(planSuite({ only: ids }).properties, runs).length).toBeGreaterThan(2);
    const [one, three] = ['1', '3'].map((jobs) => {
      const more = ['--timeout', '1', '--jobs', jobs, '--runs', String(runs)];
      return JSON.parse(
        crl(['verify', '--backend', own, '--seed', '1', '--json', ...more, '--property', ...ids]).out,
      ) as Report;
    });
    expect(withoutTimes(three as Report)).toEqual(withoutTimes(one as Report));
    const reasons = (one as Report).properties.map(({ reason }) => reason ?? '');
    expect(
      reasons.filter((reason) => reason.includes('balancedLoss gave no answer within 1 s')),
    ).toHaveLength(1);
    expect(reasons.filter((reason) => reason.includes('balancedLoss is not asked again'))).toHaveLength(5);
  });

  it.each([
    ['exits', 'process.exit(0)', 'selectMinority ended its process (exit code 0, as process.exit() does)'],
    ['is killed', "process.kill(process.pid, 'SIGKILL')", 'selectMinority crashed (SIGKILL)'],
    ['aborts', 'process.abort()', 'selectMinority crashed (SIGABRT)'],
    [
      'fails in a timer',
      `setTimeout(() => { throw new Error('later'); }), new Promise(() => {})`,
      'selectMinority failed outside of any call, in a timer or a promise that nobody waited for: Error: later (at odd.ts:6)',
    ],
    [
      'drops a promise',
      `Promise.reject(new Error('dropped')), new Promise(() => {})`,
      'selectMinority failed outside of any call, in a timer or a promise that nobody waited for: Error: dropped (at odd.ts:6)',
    ],
  ])('that %s fails the property with the case, and the rest is judged', (_, act, words) => {
    const own = backend(
      `selectMinority: (batch, options) => {
        calls += 1;
        return calls === 4 ? (${act}) : right.selectMinority(batch, options); // the first is a plain batch
      }`,
      'let calls = 0;',
    );
    const { report } = judged(own, ['minority-agrees', 'loss-agrees']);
    expect(verdicts(report)).toEqual([
      ['failed', `state: ${NEEDS_EARLIER_CALLS}: UnansweredError: ${words}`],
      ['passed', undefined],
    ]);
    expect(report.properties[0]?.counterexample?.token).toBe('minority-agrees@1@2');
    expect(report.properties[0]?.replay).toContain('--property minority-agrees --runs 20 --seed 1');
  });

  it.each([
    ['numbers outside of the heap', 'for (;;) kept.push(new Float64Array(1e6).fill(1));'],
    ['objects', 'for (;;) kept.push({ numbers: [1, 2, 3] });'],
  ])(
    'that takes more memory than allowed in %s fails the property with the case, and the rest is judged',
    (_, act) => {
      const own = backend(
        `mineHardSamples: (batch, ...given) => {
        if (batch.size > 8) { ${act} }
        return right.mineHardSamples(batch, ...given);
      }`,
        'const kept = [];',
      );
      const { report } = judged(own, ['minority-paired', 'mining-agrees'], '--memory', '300');
      expect(verdicts(report)).toEqual([
        ['passed', undefined],
        ['failed', 'UnansweredError: mineHardSamples took more than 300 MiB of memory (--memory)'],
      ]);
      expect(report.properties[1]?.counterexample?.token).toMatch(/^mining-agrees@1@\d+$/);
      expect(report.properties[1]?.replay).toContain(' --memory 300 '); // without it the case may pass
    },
  );

  it('that uses a channel to a parent, if there is one, finds none: it cannot answer for its judge', () => {
    const forged = "{ kind: 'judged', report: { id: 'mining-agrees', verdict: 'passed' }, hung: new Map() }";
    const own = backend(
      `mineHardSamples: () => {
        for (const message of [null, 'ready', { kind: 'closed' }, ${forged}]) process.send?.(message);
        process.disconnect?.();
        process.removeAllListeners();
        return { anchors: [] };
      }`,
    );
    const { code, report } = judged(own, ['mining-agrees', 'minority-agrees']);
    expect(report.properties.map(({ verdict }) => verdict)).toEqual(['passed', 'failed']);
    expect(code).toBe(1);
  });

  it('that writes to the channel of its judge fails the property, and the rest is judged', () => {
    const own = backend(
      `mineHardSamples: () => {
        writeSync(3, 'to nobody');
        return new Promise(() => {});
      }`,
      "import { writeSync } from 'node:fs';",
    );
    const { report } = judged(own, ['mining-agrees', 'minority-agrees']);
    expect(verdicts(report)).toEqual([
      ['passed', undefined],
      [
        'failed',
        'UnansweredError: mineHardSamples wrote to file descriptor 3 of its process, over which crl talks with it',
      ],
    ]);
  });

  it('that answers on the channel in the place of its judge is not believed: it does not know the token', () => {
    const own = backend(
      `mineHardSamples: () => {
        const report = { id: 'mining-agrees', verdict: 'passed', required: true, cases: 3, milliseconds: 1 };
        const message = serialize(['guessed', { kind: 'judged', report, hung: new Map() }]);
        const head = Buffer.alloc(4);
        head.writeUInt32LE(message.length);
        writeSync(3, Buffer.concat([head, message]));
        return { anchors: [] };
      }`,
      "import { writeSync } from 'node:fs'; import { serialize } from 'node:v8';",
    );
    const { code, report } = judged(own, ['mining-agrees']);
    expect(verdicts(report)[0]?.[0]).toBe('failed');
    expect(code).toBe(1);
  });

  it('with --fail-fast ends at the first failure, and says what was not judged', () => {
    const own = backend('mineHardSamples: () => ({ anchors: [] })');
    const ids = ['minority-paired', 'mining-agrees', 'minority-prefix-maximal'];
    // one process at a time: another could end a property meanwhile. minority-prefix-maximal is judged first
    const { code, err, report } = judged(own, ids, '--fail-fast', '--jobs', '1');
    expect([code, report.passed]).toEqual([1, false]);
    expect(report.properties.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['minority-prefix-maximal', 'passed'],
      ['mining-agrees', 'failed'],
    ]);
    expect(report.problems).toEqual([
      'stopped at the first failure (--fail-fast); not judged: minority-paired',
    ]);
    expect(err).toContain('Stopped at the first failure (--fail-fast): 2 of 3 properties judged, seed 1');
    expect(err).toMatch(/^odd\.ts: mining-agrees failed after \d+ cases?: /m);
  });

  it('that ends its process by one batch alone is replayed by that batch', () => {
    const own = backend(`selectMinority: (batch, options) => {
      if (batch.size > 10) process.exit(7);
      return right.selectMinority(batch, options);
    }`);
    const { report } = judged(own, ['minority-agrees']);
    const [failed] = report.properties;
    expect(failed?.reason).toBe('UnansweredError: selectMinority ended its process (exit code 7)');
    expect(failed?.replay).toContain(`--replay ${failed?.counterexample?.token}`);
    const again = crl([...(failed?.replay ?? '').split(' ').slice(2), '--json']);
    expect(again.code).toBe(1);
    expect((JSON.parse(again.out) as Report).properties[0]?.reason).toBe(failed?.reason);
  });

  it.each([
    ['ends the process', 'process.exit(3);', 'ended its process (exit code 3) while it was loaded'],
    [
      'fails in a timer',
      "setTimeout(() => { throw new Error('x'); }); await new Promise(() => {});",
      'Error: x',
    ],
  ])('that %s while it is loaded could not run', (_, before, words) => {
    const { code, err } = crl(['verify', '--backend', backend('', before), ...ARGS]);
    expect([code, err]).toEqual([2, expect.stringContaining(words)]);
  });

  it('prints apart from the report: with a failure, or where it is asked for', () => {
    const printing = (result: string, times: number) =>
      backend(
        `selectMinority: (...given) => {
          if (calls++ < ${times}) {
            console.log('\\u001b[2Jto the screen');
            process.stderr.write('an error');
          }
          return ${result};
        }`,
        'let calls = 0;',
      );
    const right = printing('right.selectMinority(...given)', 1000);
    const { report, err } = judged(right, ['minority-agrees']);
    expect([report.passed, err]).toEqual([true, expect.not.stringContaining('an error')]);
    const args = ['verify', ...ARGS, '--property', 'minority-agrees', '--backend'];
    expect(crl([...args, right]).out).not.toContain('to the screen');
    expect(crl([...args, right, '--verbose']).out).toMatch(
      /the backend printed:\n(.*\n)* {4}to the screen\n/,
    );
    // few lines, so that all are shown: two streams may arrive in any order
    const failed = crl([...args, printing('{}', 2)]);
    for (const part of ['expected { profile, minority }', 'the backend printed:', 'an error'])
      expect(failed.out).toContain(part);
    const loaded = crl([...args, backend('', "console.log('loaded here');"), '--verbose']);
    expect(loaded.out).toMatch(/odd: while it was loaded\n {2}the backend printed:\n {4}loaded here\n/);
    const lost = crl([...args, backend('', "console.log('so far'); process.exit(3);")]);
    expect(lost.err).toMatch(/while it was loaded\nIt printed before:\n {4}so far\n/);
  });

  it('does not wait for a program that it started', () => {
    const lingering = `import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
const child = spawn('sleep', ['1000000'], { stdio: 'inherit', detached: true });
child.unref();
writeFileSync('lingering', String(child.pid));`;
    const { report } = judged(backend('', lingering), ['minority-agrees']);
    expect(report.passed).toBe(true);
    process.kill(Number(readFileSync(join(folder, 'lingering'), 'utf8')), 'SIGKILL'); // throws if it was gone
  });

  it('that throws is told with the file and the line', () => {
    const own = backend(`balancedLoss() {
      throw new Error('boom');
    }`);
    const { report } = judged(own, ['balanced-agrees']);
    expect(report.properties[0]?.reason).toMatch(/^Error: boom \(at .*odd\.ts:5\)$/);
  });

  it('leaves no file behind', () => {
    const before = readdirSync(folder);
    const args = ['verify', '--backend', backend(''), ...ARGS, '--property', 'minority-agrees'];
    expect(crl(args, '', { TMPDIR: folder }).code).toBe(0);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('is asked all that the suite asks', () => {
    const ids = planSuite({ stages: ['formTriplets'] }).properties.map(({ id }) => id);
    const { report } = judged(backend(''), ids);
    expect(report.properties.map(({ id }) => id)).toEqual(ids);
  });
});
