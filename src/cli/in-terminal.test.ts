import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import stringWidth from 'fast-string-width';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../properties/index.js';
import { file, folder } from './crl.test-helper.js';
import { crlInTerminal, noTerminal } from './pseudo-terminal.test-helper.js';

const backend = (name: string, body: string, before = '') =>
  file(
    name,
    `${before}
import { referenceBackend } from 'class-rectification/backends/reference';
const right = referenceBackend();
export default { ...right, name: 'odd', ${body} };
`,
  );
const LOOPS = 'mineHardSamples() { for (;;); }';
const WRONG = `mineHardSamples: (batch, selection, options) => {
  const { anchors } = right.mineHardSamples(batch, selection, options);
  return { anchors: anchors.map((a) => ({ ...a, negatives: [...a.negatives].reverse() })) };
}`;
/** A command whose one argument is a whole batch: it would not be one any more if it were cut into lines. */
const COPIED = /^ *playground: npx crl playground [\w-]+$/;
const CTRL_C = '\u0003';

describe.skipIf(noTerminal)(`in a terminal${noTerminal ? `, ${noTerminal}` : ''}`, () => {
  it.each([
    ['a backend loops for ever', LOOPS, '5', ': mining-agrees'],
    ['a backend is judged', '', '1000000', 'case 1'],
    ['it starts', '', '1000000', 'starting'],
  ])('Ctrl-C ends crl verify while %s, with what was found so far', (_, body, runs, when) => {
    const args = [
      'verify',
      '--backend',
      backend('odd.ts', body),
      '--runs',
      runs,
      '--seed',
      '1',
      '--timeout',
      '1000',
    ];
    const only = ['--property', 'minority-prefix-maximal', 'mining-agrees'];
    const { code, lines } = crlInTerminal([...args, ...only], { columns: 160, when, type: CTRL_C });
    expect(code).toBe(130);
    expect(lines.find((line) => line.startsWith('Stopped by SIGINT'))).toMatch(
      /\d of 2 properties judged, seed 1/,
    );
    if (body === LOOPS) {
      expect(lines.join('\n')).toContain('Stopped by SIGINT while mining-agrees ran on odd.ts: 1 of 2');
      expect(lines.join('\n')).toMatch(/minority-prefix-maximal *│ passed/);
    }
  });

  it('Ctrl-C ends crl start', () => {
    const { code, lines } = crlInTerminal(['start'], { when: 'case', type: CTRL_C });
    expect([code, lines.some((line) => line.startsWith('Stopped by SIGINT'))]).toEqual([130, true]);
  });

  it.each([60, 200])('all that is printed fits %i columns', (columns) => {
    const own = backend('wrong.ts', WRONG);
    const document =
      '{"attributes":[2],"labels":[[0],[0],[1],[1]],"scores":[[0.2,0.8],[0.6,0.4],[0.5,0.5],[0.9,0.1]]}';
    for (const args of [
      [
        'verify',
        '--backend',
        own,
        '--runs',
        '20',
        '--seed',
        '1',
        '--property',
        'mining-agrees',
        'loss-agrees',
      ],
      ['verify', '--runs', '1', '--seed', '1', '--property', 'minority-agrees', '--engine', 'cpu'],
      ['rulings'],
      ['properties'],
      ['explain', file('document.json', document)],
    ]) {
      const { lines } = crlInTerminal(args, { columns });
      const wide = lines.filter(
        (line) => !COPIED.test(line) && stringWidth(line) > columns && !line.startsWith('  replay: '),
      );
      expect(wide, args[0]).toEqual([]);
      expect(lines.length).toBeGreaterThan(3);
    }
  });

  it.each([0, 1])('nothing breaks at %i columns', (columns) => {
    const own = backend('wrong.ts', WRONG);
    const args = ['verify', '--backend', own, '--runs', '20', '--seed', '1', '--property', 'mining-agrees'];
    const { code, out } = crlInTerminal(args, { columns });
    expect(code).toBe(1);
    expect(out).not.toContain('unexpected');
  });

  it('the bar tells done from remaining without colour, and shows the property and what is left', () => {
    const args = [
      'verify',
      '--backend',
      'reference',
      '--runs',
      '20',
      '--stage',
      'formTriplets',
      'mineHardSamples',
    ];
    const { out, code } = crlInTerminal(args, { columns: 160, env: { NO_COLOR: '1' } });
    expect(code).toBe(0);
    expect(out).toMatch(/Verifying █+░+ \d+\/\d+, \d+ s, \d+ s left: [a-z-]+/);
    // no colour; clearing the line is none
    expect(out.replaceAll('\u001b[2K', '')).not.toContain('\u001b');
  });
});

describe('crl verify, stopped', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('by %s reports what it knows as JSON, and exits with %i', async (signal, wanted) => {
    const loops = `mineHardSamples() { writeFileSync('looping-${signal}', ''); for (;;); }`;
    const own = backend('stopped.ts', loops, "import { writeFileSync } from 'node:fs';");
    const only = ['--property', 'minority-prefix-maximal', 'mining-agrees'];
    const program = resolve(import.meta.dirname, '../../dist/src/cli/crl.js');
    const args = [
      'verify',
      '--backend',
      own,
      '--runs',
      '5',
      '--timeout',
      '1000',
      '--seed',
      '1',
      '--json',
      ...only,
    ];
    const child = spawn(process.execPath, [program, ...args], { cwd: folder });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    const ended = new Promise<number | null>((done) => child.once('close', done));
    const isLooping = setInterval(() => {
      if (!existsSync(join(folder, `looping-${signal}`))) return;
      clearInterval(isLooping); // a second signal ends the command at once
      child.kill(signal);
    }, 50);
    const code = await ended;
    expect(code).toBe(wanted);
    const report = JSON.parse(out) as Report;
    expect(report.passed).toBe(false);
    expect(report.problems[0]).toContain(`stopped by ${signal}`);
  });

  it('by SIGKILL leaves no process behind, though that of the backend is in an endless loop', async () => {
    const loops = `mineHardSamples() { writeFileSync('judging-pid', String(process.pid)); for (;;); }`;
    const own = backend('orphan.ts', loops, "import { writeFileSync } from 'node:fs';");
    const program = resolve(import.meta.dirname, '../../dist/src/cli/crl.js');
    const args = ['verify', '--backend', own, '--timeout', '1000', '--property', 'mining-agrees'];
    const child = spawn(process.execPath, [program, ...args], { cwd: folder });
    const until = async (holds: () => boolean) => {
      while (!holds()) await new Promise((done) => setTimeout(done, 50));
    };
    const pidFile = join(folder, 'judging-pid');
    await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '');
    const pid = Number(readFileSync(pidFile, 'utf8'));
    child.kill('SIGKILL');
    // the test fails by its time limit if the process stays
    await until(() => {
      try {
        return !process.kill(pid, 0);
      } catch {
        return true;
      }
    });
  });
});
