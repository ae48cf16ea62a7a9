import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../properties/index.js';
import { crl, file, folder } from './crl.test-helper.js';

const PROGRAM = resolve(import.meta.dirname, '../../dist/src/cli/crl.js');
const HOW = ['--property', 'minority-agrees', '--runs', '5', '--seed', '1'];

/** A backend that does something in every call of a stage. */
const doing = (name: string, imports: string, statement: string) =>
  file(
    name,
    `${imports}
     import { referenceBackend } from 'class-rectification/backends/reference';
     const reference = referenceBackend();
     const selectMinority = (...given) => {
       ${statement}
       return reference.selectMinority(...given);
     };
     export default { ...reference, name: 'doing', selectMinority };`,
  );
const wrong = () => doing('wrong.mjs', '', 'return { profile: [], minority: [] };');

describe('a report file that cannot be written at the end', () => {
  const removing = doing(
    'removing.mjs',
    "import { rmSync } from 'node:fs';",
    'rmSync(process.env.REMOVED, { recursive: true, force: true });',
  );
  const run = (...more: string[]) => {
    mkdirSync(join(folder, 'gone'));
    const args = ['verify', '--backend', removing, ...HOW, '--report', 'gone/x.json', ...more];
    return crl(args, '', { REMOVED: join(folder, 'gone') });
  };

  it('does not lose the verdict, the other reports and the certificate: exit 2', () => {
    const { code, out, err } = run('kept.json', '--certificate', 'kept.certificate.json');
    expect([code, out]).toEqual([2, expect.stringContaining('doing PASSED')]);
    expect(err).toContain('report gone/x.json: expected a folder that can be written to');
    expect(JSON.parse(readFileSync(join(folder, 'kept.json'), 'utf8')).passed).toBe(true);
    expect(existsSync(join(folder, 'kept.certificate.json'))).toBe(true);
  });

  it('does not lose the JSON', () => {
    const { code, out } = run('--json');
    expect([code, (JSON.parse(out) as Report).passed]).toEqual([2, true]);
  });
});

describe.runIf(process.platform !== 'win32')('standard output', () => {
  /** Runs the command in a shell, once whoever reads file descriptor 3 has ended. */
  const unread = (args: string[]) => {
    const words = [process.execPath, PROGRAM, ...args].map((word) => `'${word}'`).join(' ');
    return spawnSync('bash', ['-c', `exec 3> >(true); wait $!; ${words} >&3`], {
      cwd: folder,
      encoding: 'utf8',
    });
  };

  it.each([
    ['wrong', 1],
    ['right', 0],
  ])('that nobody reads leaves the exit code of a %s backend', (which, code) => {
    const backend = which === 'wrong' ? wrong() : 'reference';
    for (const more of [[], ['--json']]) {
      const { status, stderr } = unread(['verify', '--backend', backend, ...HOW, ...more]);
      expect([status, stderr.includes('    at ')]).toEqual([code, false]);
    }
  });

  it('that nobody reads leaves the exit code of a check', () => {
    wrong();
    crl(['verify', '--backend', 'wrong.mjs', ...HOW, '--certificate', 'wrong.json']);
    expect(unread(['verify', '--check', 'wrong.json']).status).toBe(0);
    file('wrong.mjs', `${readFileSync(join(folder, 'wrong.mjs'), 'utf8')}\n`);
    expect(unread(['verify', '--check', 'wrong.json']).status).toBe(1);
  });

  it.runIf(existsSync('/dev/full'))('that is full ends the command with the reason: exit 2', () => {
    const words = `'${process.execPath}' '${PROGRAM}' verify --backend reference ${HOW.join(' ')} --json`;
    const full = (end: string) =>
      spawnSync('bash', ['-c', `${words} ${end}`], { cwd: folder, encoding: 'utf8' });
    const { status, stderr } = full('> /dev/full');
    expect([status, stderr]).toEqual([2, expect.stringContaining('crl: standard output: expected a place')]);
    expect(stderr).not.toContain('    at ');
    expect(full('2> /dev/full').status).toBe(0); // where only progress is lost, the verdict stands
  });
});

describe('a backend that changes while it is judged', () => {
  const changing = () =>
    doing(
      'changing.mjs',
      "import { appendFileSync } from 'node:fs'; import './part.mjs';",
      "appendFileSync('part.mjs', '// more\\n');",
    );

  it('does not pass, is named, and gets no certificate: exit 1', () => {
    file('part.mjs', '');
    const args = ['verify', '--backend', changing(), ...HOW, '--certificate', 'changed.json'];
    const { code, out, err } = crl(args);
    expect([code, out]).toEqual([1, expect.stringContaining('part.mjs changed while it was judged')]);
    expect(err).toContain('No certificate was written to changed.json');
    expect(existsSync(join(folder, 'changed.json'))).toBe(false);
  });

  it('passes where it only writes to a log that it names', () => {
    file('calls.log', '');
    const logging = doing(
      'logging.mjs',
      "import { appendFileSync } from 'node:fs'; const log = './calls.log';",
      "appendFileSync(log, 'a call\\n');",
    );
    expect(crl(['verify', '--backend', logging, ...HOW]).code).toBe(0);
  });

  it('does not confirm a certificate, and fails a soak', () => {
    file('part.mjs', '');
    doing('changing.mjs', "import './part.mjs';", '');
    expect(crl(['verify', '--backend', 'changing.mjs', ...HOW, '--certificate', 'c.json']).code).toBe(0);
    changing();
    expect(crl(['verify', '--check', 'c.json']).out).toContain('part.mjs changed while it was judged');
    const soak = ['verify', '--backend', changing(), '--soak', '0.01', '--soak-file', 'changing.soak.json'];
    const { code, out } = crl([...soak, '--json']);
    expect([code, out]).toEqual([1, expect.stringContaining('part.mjs changed while it was judged')]);
  });
});

it.runIf(process.platform !== 'win32')(
  'a run that is stopped says that it writes no certificate',
  async () => {
    const asked = join(folder, 'asked');
    const endless = doing(
      'endless.mjs',
      "import { writeFileSync } from 'node:fs';",
      `writeFileSync(${JSON.stringify(asked)}, ''); for (;;);`,
    );
    const args = ['verify', '--backend', endless, ...HOW, '--certificate', 'stopped.json'];
    const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: folder });
    let err = '';
    child.stderr.on('data', (text) => {
      err += text;
    });
    const ended = new Promise<number | null>((done) => child.once('close', done));
    while (!existsSync(asked)) await new Promise((done) => setTimeout(done, 20));
    child.kill('SIGTERM');
    expect(await ended).toBe(143);
    expect(err).toContain('No certificate was written to stopped.json: the run was stopped by SIGTERM');
    expect(existsSync(join(folder, 'stopped.json'))).toBe(false);
  },
);
