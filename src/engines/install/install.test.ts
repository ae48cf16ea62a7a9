import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineInstallError } from './errors.js';
import { type SourceFile, type SourceFiles, sourceFiles } from './files.js';
import { type InstallOptions, install } from './install.js';
import type { Machine } from './requirements.js';

const found = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
const missing =
  found('g++', '--version') && found('python3', '-c', 'import zipfile')
    ? ''
    : ', skipped: no g++ or no Python';

const LINUX: Machine = { platform: 'linux', arch: 'x64', glibc: '2.36', room: () => 1e12 };

const root = mkdtempSync(join(tmpdir(), 'crl-install-'));
afterAll(() => rmSync(root, { recursive: true }));

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A folder with small files in the place of TensorFlow's, made as pip and npm would leave them. */
const downloads = join(root, 'given');

function pack(name: string, file: string, contents: Record<string, string>, around = 'package'): void {
  const folder = join(root, 'packed', file);
  for (const [path, text] of Object.entries(contents)) {
    const at = join(folder, around, path);
    mkdirSync(join(at, '..'), { recursive: true });
    writeFileSync(at, text);
  }
  const target = join(downloads, file);
  if (name === 'wheel') execFileSync('python3', ['-m', 'zipfile', '-c', target, '.'], { cwd: folder });
  else execFileSync('tar', ['czf', target, around], { cwd: folder });
}

function library(file: string): void {
  const folder = join(root, 'packed', 'tensorflow_cpu-2.99.0-x.whl', 'tensorflow');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(root, 'empty.cc'), 'extern "C" int answer() { return 42; }');
  execFileSync('g++', ['-shared', '-fPIC', join(root, 'empty.cc'), '-o', join(folder, file)]);
}

/** What a small binding looks like: it calls the library, and its header is in the wheel. */
const BINDING = `#include "tensorflow/c/answer.h"
#include <node_api.h>
static napi_value init(napi_env env, napi_value exports) {
  napi_value value;
  napi_create_int32(env, answer(), &value);
  napi_set_named_property(env, exports, "answer", value);
  return exports;
}
NAPI_MODULE(tfjs_binding, init)
`;
const INDEX = `const binding = require('@mapbox/node-pre-gyp').find(require('path').resolve(__dirname, '../package.json'));
exports.answer = require(binding).answer;
exports.tfjs = require('@tensorflow/tfjs').name;
exports.progress = require('progress').name;
`;

if (missing === '') {
  mkdirSync(downloads, { recursive: true });
  library('libtensorflow_cc.so.2');
  library('libtensorflow_framework.so.2');
  pack(
    'wheel',
    'tensorflow_cpu-2.99.0-x.whl',
    {
      'include/tensorflow/c/answer.h': 'extern "C" int answer();',
      'include/unused/other.h': '#error not needed',
    },
    'tensorflow',
  );
  pack('npm', 'tensorflow-tfjs-node-4.22.0.tgz', {
    'package.json': '{"name":"@tensorflow/tfjs-node","main":"dist/index.js"}',
    'dist/index.js': INDEX,
    'binding/tfjs_binding.cc': BINDING,
    'binding/tfjs_backend.cc': '',
  });
  for (const [name, version] of [
    ['google-protobuf', '3.21.4'],
    ['progress', '2.0.3'],
  ])
    pack('npm', `${name}-${version}.tgz`, { 'index.js': `exports.name = '${name}';` });
  pack('npm', 'node-api-headers-1.9.0.tgz', { 'include/node_api.h': '' });
}

/** Those files, with their checksums. */
function givenFiles(): SourceFiles {
  const files = sourceFiles('tensorflow');
  const pinned = (file: SourceFile): SourceFile => {
    const bytes = readFileSync(join(downloads, file.name));
    return { ...file, pinned: { bytes: bytes.length, sha256: sha256(bytes) } };
  };
  return {
    version: '2.99.0',
    wheel: pinned({ ...files.wheel, version: '2.99.0', name: 'tensorflow_cpu-2.99.0-x.whl' }),
    libraries: [],
    binding: pinned(files.binding),
    imported: files.imported.map(pinned),
    headers: pinned(files.headers),
  };
}

describe.skipIf(missing)(`crl engine install${missing}`, () => {
  let [project, cache] = ['', ''];
  beforeEach(() => {
    const folder = mkdtempSync(join(root, 'user-'));
    [project, cache] = [join(folder, 'node_modules'), join(folder, 'cache')];
    mkdirSync(join(project, '@tensorflow', 'tfjs'), { recursive: true });
    writeFileSync(
      join(project, '@tensorflow', 'tfjs', 'index.js'),
      "exports.name = 'the tfjs of the project';",
    );
  });
  const installed = (options: Partial<InstallOptions> = {}, files = givenFiles(), machine = LINUX) =>
    install(
      { engine: 'tensorflow', cache, modules: project, offline: downloads, ...options },
      machine,
      files,
    );
  const package_ = () => join(project, '@tensorflow', 'tfjs-node');

  it('builds a binding that finds its libraries, in a package that finds the tfjs of the project', async () => {
    const { folder, linked, isNew } = await installed();
    expect([linked, isNew]).toEqual([package_(), true]);
    expect(createRequire(import.meta.url)(linked)).toEqual({
      answer: 42,
      tfjs: 'the tfjs of the project',
      progress: 'progress',
    });
    expect(realpathSync(join(linked, 'deps'))).toBe(realpathSync(join(folder, 'deps')));
    expect(readdirSync(join(folder, 'deps'))).toEqual(['lib']);
    expect(readdirSync(folder).sort()).toEqual(['deps', 'lib', 'manifest.json', 'package']);
  });

  it('links again after npm has removed the package, without any of the files', async () => {
    const { linked } = await installed();
    rmSync(linked, { recursive: true });
    const again = await installed({ offline: join(root, 'no-such-folder'), python: 'no-such-python' });
    expect(again.isNew).toBe(false);
    expect(createRequire(import.meta.url)(again.linked).answer).toBe(42);
    expect((await installed()).isNew).toBe(false);
  });

  it('builds again what was damaged in the cache', async () => {
    const { folder } = await installed();
    truncateSync(join(folder, 'deps/lib/libtensorflow_cc.so.2'), 100);
    expect((await installed()).isNew).toBe(true);
    expect(statSync(join(folder, 'deps/lib/libtensorflow_cc.so.2')).size).toBeGreaterThan(100);
  });

  it('refuses half a file, and neither builds nor links it', async () => {
    const files = givenFiles();
    const half = join(root, 'half');
    cpSync(downloads, half, { recursive: true });
    truncateSync(join(half, files.wheel.name), 1000);
    await expect(installed({ offline: half }, files)).rejects.toThrow(
      /half\/tensorflow_cpu-2.99.0-x.whl: the checksum is not that of .*; the file is cut or changed, so fetch it again: python3 -m pip download/,
    );
    expect([existsSync(package_()), readdirSync(join(cache, 'tensorflow'))]).toEqual([false, []]);
  });

  it('says what an offline folder lacks, and how to fetch it', async () => {
    const files = givenFiles();
    const empty = mkdtempSync(join(root, 'empty-'));
    await expect(installed({ offline: empty }, files)).rejects.toThrow(
      `--offline ${empty}: expected tensorflow-tfjs-node-4.22.0.tgz in it; fetch it on a machine with a network: npm pack`,
    );
  });

  describe('with a pip that', () => {
    /** A Python whose pip does what a shell script says; `$dest` is the folder to download to. */
    function python(download: string): string {
      const path = join(mkdtempSync(join(root, 'python-')), 'python3');
      writeFileSync(
        path,
        `#!/bin/sh
case "$*" in
  "-m pip --version") echo "pip 23.0 from somewhere" ;;
  "-m pip download"*)
    while [ "$1" != --dest ]; do shift; done; dest="$2"
    ${download} ;;
  *) exec python3 "$@" ;;
esac
`,
      );
      chmodSync(path, 0o755);
      return path;
    }
    /** The files of npm are there already, as after an installation that broke off. */
    function keepPackages(): void {
      mkdirSync(join(cache, 'downloads'), { recursive: true });
      for (const name of readdirSync(downloads).filter((each) => each.endsWith('.tgz')))
        cpSync(join(downloads, name), join(cache, 'downloads', name));
    }
    const wheel = 'tensorflow_cpu-2.99.0-x.whl';
    const kept = () => readdirSync(join(cache, 'downloads'));

    it('works: the file is checked, used, and not kept', async () => {
      keepPackages();
      const { isNew } = await installed({
        offline: undefined,
        python: python(`cp ${join(downloads, wheel)} "$dest"`),
      });
      expect([isNew, kept().filter((name) => name.endsWith('.whl'))]).toEqual([true, []]);
    });

    it('leaves half a file: nothing of it is kept, and the next try begins anew', async () => {
      keepPackages();
      const half = python(`head -c 1000 ${join(downloads, wheel)} > "$dest/${wheel}"`);
      await expect(installed({ offline: undefined, python: half })).rejects.toThrow(
        'the checksum is not that of',
      );
      expect(kept().every((name) => name.endsWith('.tgz'))).toBe(true);
      expect(existsSync(package_())).toBe(false);
      await installed({ offline: undefined, python: python(`cp ${join(downloads, wheel)} "$dest"`) });
      expect(existsSync(package_())).toBe(true);
    });

    it('has no network: the message says what pip said, and the way out', async () => {
      keepPackages();
      const cut = python('echo "Looking" ; echo "ERROR: Could not find a version" >&2; exit 1');
      await expect(installed({ offline: undefined, python: cut })).rejects.toThrow(
        'tensorflow-cpu 2.99.0 could not be downloaded; check the network and the index that pip is set to, or bring the files with --offline: ERROR: Could not find a version',
      );
    });

    it('is killed while it downloads: the next installation removes what is left', async () => {
      keepPackages();
      const gone = spawnSync('true').pid; // a process that has ended
      mkdirSync(join(cache, 'downloads', `partial-${gone}-x`));
      mkdirSync(join(cache, 'tensorflow', `2.99.0-1.${gone}.tmp`), { recursive: true });
      await installed();
      expect(kept().filter((name) => name.startsWith('partial'))).toEqual([]);
      expect(readdirSync(join(cache, 'tensorflow'))).toEqual(['2.99.0-1']);
    });
  });

  it.each([
    [
      'another system',
      { ...LINUX, platform: 'darwin', arch: 'arm64' },
      'this is darwin arm64; use the engine wasm',
    ],
    ['another C library', { ...LINUX, glibc: undefined }, 'needs glibc'],
    ['a full disk', { ...LINUX, room: () => 2e7 }, 'GB of free disk while TensorFlow is built, found 0.0 GB'],
  ])('refuses %s', async (_, machine, message) => {
    await expect(installed({}, givenFiles(), machine)).rejects.toThrow(message);
    expect(existsSync(package_())).toBe(false);
  });

  it('refuses a machine without a compiler, Python or pip before it downloads anything', async () => {
    vi.stubEnv('CXX', 'no-such-compiler');
    await expect(installed()).rejects.toThrow('there is no no-such-compiler, which compiles');
    vi.unstubAllEnvs();
    await expect(installed({ python: 'no-such-python' })).rejects.toThrow(
      'no-such-python is not a Python that works',
    );
    const noPip = join(root, 'no-pip');
    writeFileSync(noPip, '#!/bin/sh\ncase "$*" in "-m pip"*) exit 1 ;; esac\nexec python3 "$@"\n', {
      mode: 0o755,
    });
    await expect(installed({ python: noPip, offline: undefined })).rejects.toThrow(`${noPip} has no pip`);
  });

  it('says what the compiler said', async () => {
    const files = givenFiles();
    const wrong = join(root, 'wrong');
    cpSync(downloads, wrong, { recursive: true });
    const folder = join(root, 'packed', files.binding.name);
    writeFileSync(join(folder, 'package/binding/tfjs_backend.cc'), '#error this cannot be compiled\n');
    const archive = join(wrong, files.binding.name);
    execFileSync('tar', ['czf', archive, 'package'], { cwd: folder });
    writeFileSync(join(folder, 'package/binding/tfjs_backend.cc'), '');
    const bytes = readFileSync(archive);
    const binding = { ...files.binding, pinned: { bytes: bytes.length, sha256: sha256(bytes) } };
    await expect(installed({ offline: wrong }, { ...files, binding })).rejects.toThrow(
      /could not compile the binding: .*this cannot be compiled/,
    );
    expect(readdirSync(join(cache, 'tensorflow'))).toEqual([]);
  });

  it('puts the CUDA of tensorflow-gpu where TensorFlow looks for it, and tells the sizes before', async () => {
    const name = 'nvidia_cudnn_cu12-9.0-py3-none-any.whl';
    pack(
      'wheel',
      name,
      {
        'nvidia/cudnn/lib/libcudnn.so.9': 'library',
        'nvidia/cudnn/lib/libcudnn.a': 'not needed',
        'nvidia/cudnn/include/cudnn.h': 'not needed',
        'nvidia/cuda_nvcc/bin/ptxas': 'program',
        'nvidia_cudnn_cu12-9.0.dist-info/METADATA': 'not needed',
      },
      '.',
    );
    const bytes = readFileSync(join(downloads, name));
    const library: SourceFile = {
      client: 'pip',
      project: 'nvidia-cudnn-cu12',
      version: '9.0',
      name,
      pinned: { bytes: bytes.length, sha256: sha256(bytes) },
    };
    const told: number[] = [];
    const files = { ...givenFiles(), libraries: [library] };
    const onBuild = ({ download }: { download: number }) => told.push(download);
    const { folder, linked } = await installed({ engine: 'tensorflow-gpu', onBuild }, files);
    expect(linked).toBe(join(project, '@tensorflow', 'tfjs-node-gpu'));
    const cuda = join(folder, 'deps', 'nvidia');
    const there = readdirSync(cuda, { recursive: true, encoding: 'utf8' });
    expect(there.filter((each) => statSync(join(cuda, each)).isFile()).sort()).toEqual([
      'cuda_nvcc/bin/ptxas',
      'cudnn/lib/libcudnn.so.9',
    ]);
    expect(statSync(join(cuda, 'cuda_nvcc/bin/ptxas')).mode & 0o111).toBe(0o111);
    const every = [files.wheel, files.binding, files.headers, ...files.imported, library];
    expect(told).toEqual([every.reduce((sum, { pinned }) => sum + (pinned?.bytes ?? 0), 0)]);
    truncateSync(join(cuda, 'cudnn/lib/libcudnn.so.9'), 3);
    expect((await installed({ engine: 'tensorflow-gpu' }, files)).isNew).toBe(true);
    expect(existsSync(join(downloads, name))).toBe(true); // what the user brought is the user's
  });

  it('leaves a package that npm has installed', async () => {
    mkdirSync(join(package_(), 'lib'), { recursive: true });
    await expect(installed()).rejects.toBeInstanceOf(EngineInstallError);
    await expect(installed()).rejects.toThrow('npm uninstall @tensorflow/tfjs-node');
    expect(readdirSync(package_())).toEqual(['lib']);
  });
});

describe('the files of a version', () => {
  it('are pinned where it was tried', () => {
    const { wheel, binding, imported, headers } = sourceFiles('tensorflow');
    for (const { pinned, name } of [wheel, binding, headers, ...imported])
      expect(pinned?.sha256, name).toMatch(/^[0-9a-f]{64}$/);
    const gpu = sourceFiles('tensorflow-gpu');
    expect(gpu.libraries.length).toBe(12);
    for (const { pinned, name } of [gpu.wheel, gpu.binding, ...gpu.libraries])
      expect(pinned?.sha256, name).toMatch(/^[0-9a-f]{64}$/);
    expect(() => sourceFiles('tensorflow-gpu', '2.20.0')).toThrow('expected 2.21.0 with tensorflow-gpu');
    expect(sourceFiles('tensorflow', '2.20.0').wheel).toMatchObject({ name: 'tensorflow_cpu-2.20.0-*.whl' });
    expect(sourceFiles('tensorflow', '2.20.0').wheel.pinned).toBeUndefined();
  });

  it.each(['latest', '2.14.0', '1.15.0', '3.0.0'])('are refused where it is %s', (version) => {
    expect(() => sourceFiles('tensorflow', version)).toThrow(`got ${version}`);
  });
});
