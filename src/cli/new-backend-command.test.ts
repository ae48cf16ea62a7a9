import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { NO_PYTHON, pythonWithNumpy } from '../../backends/command/python.test-helper.js';
import type { Report } from '../../properties/index.js';
import { crl, folder } from './crl.test-helper.js';

describe('crl new-backend', () => {
  it.each([
    ['in TypeScript', [], 'my-kernel.ts', []],
    // it is the same program without types
    ['in JavaScript', ['--javascript'], 'my-kernel.mjs', ['--stage', 'selectMinority,mineHardSamples']],
  ] as const)('writes a backend that passes, %s', (_, more, name, only) => {
    const written = crl(['new-backend', 'my-kernel', '--dir', 'new', ...more]);
    expect([written.code, written.err]).toEqual([0, '']);
    const command = `npx crl verify --backend ./new/${name}`;
    expect(written.out).toContain(command);
    const how = ['--runs', '20', '--seed', '1', '--json', ...only];
    const { code, out } = crl([...command.split(' ').slice(2), ...how]);
    expect([code, (JSON.parse(out) as Report).backend]).toEqual([0, 'my-kernel']);
    const again = crl(['new-backend', 'my-kernel', '--dir', 'new', ...more]);
    expect([again.code, again.err.includes('is there already')]).toEqual([2, true]);
  });

  it('writes a program in Python that passes', (context) => {
    const written = crl(['new-backend', 'my-kernel', '--dir', 'new', '--python']);
    expect([written.code, written.err]).toEqual([0, '']);
    expect(written.out).toContain('npx crl verify --command "python ./new/my_kernel.py"');
    if (pythonWithNumpy === undefined) return context.skip(NO_PYTHON);
    const command = `"${pythonWithNumpy}" ./new/my_kernel.py`;
    const { code, out } = crl(['verify', '--command', command, '--runs', '20', '--seed', '1', '--json']);
    const report = JSON.parse(out) as Report;
    expect([code, report.backend]).toEqual([0, 'my-kernel']);
    // it writes every stage itself, trains and knows replicas: nothing of that is skipped
    const skipped = report.properties.filter(({ verdict }) => verdict === 'skipped').map(({ id }) => id);
    expect(skipped.sort()).toEqual([
      'nothing-leaks',
      'nothing-leaks-in-long-runs',
      'per-replica-agrees',
      'runs-on-its-engine',
    ]);
  });

  it('writes a program in C++ that passes', (context) => {
    const written = crl(['new-backend', 'my-kernel', '--dir', 'new', '--cpp']);
    expect([written.code, written.err]).toEqual([0, '']);
    const build = 'c++ -std=c++17 -O2 -o ./new/my_kernel ./new/my_kernel.cpp';
    expect(written.out).toContain(`  ${build}\n  npx crl verify --command ./new/my_kernel\n`);
    const [compiler = '', ...args] = build.split(' ');
    const built = spawnSync(compiler, [...args, '-Wall', '-Wextra', '-Werror'], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (built.error) return context.skip('no C++ compiler was found: install g++ or clang');
    expect(built.stderr).toBe('');
    const command = './new/my_kernel';
    const { code, out } = crl(['verify', '--command', command, '--runs', '20', '--seed', '1', '--json']);
    const report = JSON.parse(out) as Report;
    expect([code, report.backend]).toEqual([0, 'my-kernel']);
    // it writes every stage itself
    const ofStages = report.properties.filter(({ id }) =>
      /^(minority|mining|triplets|loss|gradient)-agrees?$/.test(id),
    );
    expect(ofStages.map(({ verdict }) => verdict)).toEqual(Array(5).fill('passed'));
  });

  it('writes one program in one language', () => {
    for (const two of [
      ['--python', '--javascript'],
      ['--cpp', '--python'],
    ]) {
      const { code, err } = crl(['new-backend', 'other-kernel', ...two]);
      expect([code, err.includes('cannot be used with option')]).toEqual([2, true]);
    }
  });

  it.each(['My', '../up', 'a b', '-a', 'reference', 'a--b'])('refuses the name %s', (name) => {
    expect(crl(['new-backend', '--', name]).code).toBe(2);
  });
});
