import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeUserFolder } from './support/user-folder.test-helper.js';

const ROOT = resolve(import.meta.dirname, '..');
const readJson = (file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
const own = readJson('package.json');
const cli = readJson('src/cli/package/package.json');

/** The files that `npm pack` takes. */
function packed(): string[] {
  const args = ['pack', '--dry-run', '--ignore-scripts', '--json', '--silent'];
  const { stdout } = spawnSync('npm', args, { cwd: ROOT, encoding: 'utf8' });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  return files.map(({ path }) => path);
}

describe('the packed package', () => {
  const files = packed();
  const has = new Set(files);
  const text = (file: string) => readFileSync(join(ROOT, file), 'utf8');

  it('holds no tests, wrong backends, benchmarks, source maps or builders of pages', () => {
    const unwanted =
      /^dist.*\.test\.|test-helper|test-program|^dist.*wrong-backends\/|^dist\/bench|\/test_\w+\.py$|\.map$|gpu-bundle|tsbuildinfo/;
    expect(files.filter((file) => unwanted.test(file))).toEqual([]);
    expect(files).toContain('dist/src/index.js');
    const mentions = files.filter(
      (file) => /\.(js|d\.ts)$/.test(file) && text(file).includes('sourceMappingURL='),
    );
    expect(mentions).toEqual([]);
  });

  it('holds every file that one of its own imports by a relative path', () => {
    const missing: string[] = [];
    const RELATIVE = /(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g;
    for (const file of files.filter((name) => name.startsWith('dist/') && /\.(js|d\.ts)$/.test(name))) {
      for (const [, name] of text(file).matchAll(RELATIVE)) {
        const target = posix.join(posix.dirname(file), name as string);
        const known = has.has(target) || has.has(target.replace(/\.ts$/, '.d.ts').replace(/\.js$/, '.d.ts'));
        if (!known) missing.push(`${file}: ${name}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it('holds every file that its pages link to', () => {
    const missing: string[] = [];
    for (const file of files.filter((name) => name.endsWith('.md'))) {
      for (const [, link] of text(file).matchAll(/\]\(([^)\s]+)\)/g)) {
        const [path = ''] = (link as string).split('#');
        if (path === '' || /^[a-z]+:/.test(path)) continue;
        const target = posix.join(posix.dirname(file), path);
        if (!has.has(target) && !files.some((name) => name.startsWith(`${target}/`)))
          missing.push(`${file}: ${link}`);
      }
    }
    expect(missing).toEqual([]);
  });
});

describe('the package of the command line', () => {
  it('has the version of this one, and brings the packages that this one leaves to it', () => {
    const { 'class-rectification': itself, ...brought } = cli.dependencies;
    expect([cli.version, itself]).toEqual([own.version, own.version]);
    for (const [name, range] of Object.entries(brought)) {
      expect(own.peerDependencies[name], name).toBe(range);
      expect(own.peerDependenciesMeta[name], name).toEqual({ optional: true });
      expect(own.dependencies[name], name).toBeUndefined();
    }
    expect(cli.engines).toEqual(own.engines);
    for (const field of ['homepage', 'bugs', 'author', 'license'])
      expect(cli[field], field).toEqual(own[field]);
  });
});

describe('without the package of the command line', () => {
  const { 'class-rectification': _, ...brought } = cli.dependencies;
  const home = makeUserFolder(Object.keys(brought));
  afterAll(() => rmSync(home, { recursive: true }));
  const node = (...args: string[]) =>
    spawnSync(process.execPath, ['--preserve-symlinks', '--preserve-symlinks-main', ...args], {
      cwd: home,
      encoding: 'utf8',
    });

  it('every entry but those of the suite is imported', () => {
    const needsMore = ['./verify', './cli', './package.json', './vectors/*', './schemas/*'];
    const entries = Object.keys(own.exports).filter((entry) => !needsMore.includes(entry));
    expect(entries).toContain('.');
    const names = entries.map((entry) => posix.join(own.name, entry));
    const code = `for (const name of ${JSON.stringify(names)}) { await import(name); console.log(name); }`;
    const { stdout, stderr } = node('--input-type=module', '--eval', code);
    expect(stderr.replace(/.*ExperimentalWarning.*/g, '')).not.toContain('Error');
    expect(stdout.trim().split('\n')).toEqual(names);
  });

  it('crl says what to install', () => {
    const { status, stderr } = node(join('node_modules', own.name, own.bin.crl), '--version');
    expect(status).toBe(2);
    expect(stderr).toBe(
      'crl: the package commander is not installed. The packages that crl needs come with: npm install --save-dev class-rectification-cli\n',
    );
    expect(dirname(own.bin.crl)).toBe('dist/src/cli');
  });
});
