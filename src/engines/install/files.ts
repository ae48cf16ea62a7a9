/**
 * The files that an installation of TensorFlow is made of, with the checksums of those that were tried.
 *
 * No address is written here: pip and npm fetch the files, from the index that the user has set.
 *
 * @module
 */
import { EngineInstallError } from './errors.js';

/** The engines that can be installed. */
export const INSTALLABLE = ['tensorflow'] as const;

/** An engine that can be installed. */
export type InstallableEngine = (typeof INSTALLABLE)[number];

/** A file to fetch. */
export interface SourceFile {
  /** The client that fetches it. */
  readonly client: 'pip' | 'npm';
  /** The name of the package in the client's index. */
  readonly project: string;
  readonly version: string;
  /** The name of the file; `*` stands for what is not known of a version that was not tried. */
  readonly name: string;
  /** Of files that were tried. */
  readonly pinned?: { readonly bytes: number; readonly sha256: string };
}

/** All files of one installation. */
export interface SourceFiles {
  /** The version of TensorFlow. */
  readonly version: string;
  /** The wheel that holds TensorFlow's libraries and headers. */
  readonly wheel: SourceFile;
  /** The npm package that calls it. */
  readonly binding: SourceFile;
  /** npm packages that the binding imports, beside `@tensorflow/tfjs`. */
  readonly imported: readonly SourceFile[];
  /** Node's headers, where they do not lie beside Node. */
  readonly headers: SourceFile;
}

/** A wheel for Python 3.11. No Python code of it is used, so it serves whatever Python is installed. */
const PYTHON = 'cp311-cp311';
const OLD_LINUX = 'manylinux_2_17_x86_64.manylinux2014_x86_64';

type Wheels = Readonly<Record<string, { platform: string; bytes: number; sha256: string }>>;

/** The wheels that were tried, by version; the first is the default. */
const WHEELS: Readonly<Record<InstallableEngine, { project: string; wheels: Wheels }>> = {
  tensorflow: {
    project: 'tensorflow-cpu',
    wheels: {
      '2.21.0': {
        platform: 'manylinux_2_27_x86_64',
        bytes: 273_829_956,
        sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
      },
      '2.18.1': {
        platform: OLD_LINUX,
        bytes: 230_236_181,
        sha256: '810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298',
      },
      '2.15.1': {
        platform: OLD_LINUX,
        bytes: 207_208_420,
        sha256: '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26',
      },
    },
  },
};

/** The version of `@tensorflow/tfjs-node` and of the tfjs that it works with. */
export const TFJS_VERSION = '4.22.0';

const BINDINGS: Readonly<Record<InstallableEngine, SourceFile>> = {
  tensorflow: npmFile('@tensorflow/tfjs-node', TFJS_VERSION, {
    bytes: 228_166,
    sha256: 'd38a448a705efc6e655a080f896b3af646ae39dffbfe9c90b06cb9fc3a2b9358',
  }),
};

const IMPORTED = [
  npmFile('google-protobuf', '3.21.4', {
    bytes: 68_046,
    sha256: '38299bb1802ce06900ea2e43650aded8393cd6a00012ed97ffc716eeab1e1091',
  }),
  npmFile('progress', '2.0.3', {
    bytes: 6_000,
    sha256: '701865e18ff6c0e3ba778756ddef8db1dc05c00a901babe57bc7a0a7e0e82aa4',
  }),
];

const HEADERS = npmFile('node-api-headers', '1.9.0', {
  bytes: 16_974,
  sha256: '6cbfac49542194ae2c8f1dee5fa2dc00d66bec9cbf3b59e3a4e5f16d14eb0d19',
});

/** The versions of TensorFlow that were tried with an engine, the default first. */
export function triedVersions(engine: InstallableEngine): string[] {
  return Object.keys(WHEELS[engine].wheels);
}

/**
 * The files of an installation.
 *
 * @param version - of TensorFlow; default: the newest that was tried
 * @throws EngineInstallError - if it is not a version of TensorFlow, or has another layout of its libraries
 */
export function sourceFiles(
  engine: InstallableEngine,
  version: string = triedVersions(engine)[0] as string,
): SourceFiles {
  const [, major, minor] = /^(\d+)\.(\d+)\.\d+(?:rc\d+|\.post\d+)?$/.exec(version) ?? [];
  if (major === undefined)
    throw new EngineInstallError(
      `--version: expected a version of TensorFlow, such as 2.21.0, got ${version}`,
    );
  if (Number(major) !== 2 || Number(minor) < 15) {
    throw new EngineInstallError(
      `--version: expected TensorFlow 2.15 or a later 2, got ${version}; ${triedVersions(engine).join(', ')} were tried`,
    );
  }
  const { project, wheels } = WHEELS[engine];
  const tried = Object.hasOwn(wheels, version) ? wheels[version] : undefined;
  const head = `${project.replaceAll('-', '_')}-${version}-`;
  return {
    version,
    wheel: {
      client: 'pip',
      project,
      version,
      name: tried ? `${head}${PYTHON}-${tried.platform}.whl` : `${head}*.whl`,
      ...(tried && { pinned: { bytes: tried.bytes, sha256: tried.sha256 } }),
    },
    binding: BINDINGS[engine],
    imported: IMPORTED,
    headers: HEADERS,
  };
}

/** A file of npm, which names files after their packages. */
function npmFile(
  project: string,
  version: string,
  pinned: { readonly bytes: number; readonly sha256: string },
): SourceFile {
  const name = `${project.replace(/^@/, '').replace('/', '-')}-${version}.tgz`;
  return { client: 'npm', project, version, name, pinned };
}
