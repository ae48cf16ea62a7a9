/**
 * The files that an installation of TensorFlow is made of, with the checksums of those that were tried.
 *
 * No address is written here: pip and npm fetch the files, from the index that the user has set.
 *
 * @module
 */
import { EngineInstallError } from './errors.js';

/** The engines that can be installed. */
export const INSTALLABLE = ['tensorflow', 'tensorflow-gpu'] as const;

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
  /** Wheels of further libraries that it loads: CUDA and cuDNN on a GPU. */
  readonly libraries: readonly SourceFile[];
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
  'tensorflow-gpu': {
    project: 'tensorflow',
    wheels: {
      '2.21.0': {
        platform: 'manylinux_2_27_x86_64',
        bytes: 572_440_367,
        sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
      },
    },
  },
};

/**
 * NVIDIA's libraries, as the extra `and-cuda` of TensorFlow 2.21.0 names them: of each the newest version in the
 * range that it gives, when they were tried.
 */
const CUDA: readonly SourceFile[] = [
  cudaWheel('nvidia-cublas-cu12', '12.9.3.13', 'manylinux_2_27_x86_64', {
    bytes: 581_217_458,
    sha256: 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72',
  }),
  cudaWheel('nvidia-cuda-cupti-cu12', '12.8.90', 'manylinux2014_x86_64.manylinux_2_17_x86_64', {
    bytes: 10_248_621,
    sha256: 'ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182',
  }),
  cudaWheel('nvidia-cuda-nvcc-cu12', '12.9.86', 'manylinux2010_x86_64.manylinux_2_12_x86_64', {
    bytes: 40_546_229,
    sha256: '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0',
  }),
  cudaWheel('nvidia-cuda-nvrtc-cu12', '12.9.86', 'manylinux2010_x86_64.manylinux_2_12_x86_64', {
    bytes: 89_568_129,
    sha256: '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4',
  }),
  cudaWheel('nvidia-cuda-runtime-cu12', '12.9.79', 'manylinux2014_x86_64.manylinux_2_17_x86_64', {
    bytes: 3_493_179,
    sha256: '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
  }),
  cudaWheel('nvidia-cudnn-cu12', '9.28.0.42', 'manylinux_2_27_x86_64', {
    bytes: 716_538_495,
    sha256: '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375',
  }),
  cudaWheel('nvidia-cufft-cu12', '11.4.1.4', 'manylinux2014_x86_64.manylinux_2_17_x86_64', {
    bytes: 200_877_592,
    sha256: 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
  }),
  cudaWheel('nvidia-curand-cu12', '10.3.10.19', 'manylinux_2_27_x86_64', {
    bytes: 68_295_626,
    sha256: '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e',
  }),
  cudaWheel('nvidia-cusolver-cu12', '11.7.5.82', 'manylinux_2_27_x86_64', {
    bytes: 338_117_415,
    sha256: '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
  }),
  cudaWheel('nvidia-cusparse-cu12', '12.5.10.65', 'manylinux2014_x86_64.manylinux_2_17_x86_64', {
    bytes: 366_465_088,
    sha256: '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
  }),
  cudaWheel('nvidia-nccl-cu12', '2.32.3', 'manylinux_2_27_x86_64', {
    bytes: 351_526_311,
    sha256: 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c',
  }),
  cudaWheel('nvidia-nvjitlink-cu12', '12.9.86', 'manylinux2010_x86_64.manylinux_2_12_x86_64', {
    bytes: 39_748_338,
    sha256: 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
  }),
];

/** The version of `@tensorflow/tfjs-node` and of the tfjs that it works with. */
export const TFJS_VERSION = '4.22.0';

const BINDINGS: Readonly<Record<InstallableEngine, SourceFile>> = {
  tensorflow: npmFile('@tensorflow/tfjs-node', TFJS_VERSION, {
    bytes: 228_166,
    sha256: 'd38a448a705efc6e655a080f896b3af646ae39dffbfe9c90b06cb9fc3a2b9358',
  }),
  'tensorflow-gpu': npmFile('@tensorflow/tfjs-node-gpu', TFJS_VERSION, {
    bytes: 223_379,
    sha256: 'afd5599ee1662e732c00a0ad1f52a3d001bdc118a1f44bd592a0a0ebf2daa4c7',
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
  if (engine === 'tensorflow-gpu' && tried === undefined) {
    throw new EngineInstallError(
      `--version: expected ${triedVersions(engine).join(' or ')} with tensorflow-gpu, whose CUDA libraries are known, got ${version}`,
    );
  }
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
    libraries: engine === 'tensorflow-gpu' ? CUDA : [],
    binding: BINDINGS[engine],
    imported: IMPORTED,
    headers: HEADERS,
  };
}

/** A wheel of NVIDIA, whose files lie below `nvidia` in it. */
function cudaWheel(
  project: string,
  version: string,
  platform: string,
  pinned: { readonly bytes: number; readonly sha256: string },
): SourceFile {
  const name = `${project.replaceAll('-', '_')}-${version}-py3-none-${platform}.whl`;
  return { client: 'pip', project, version, name, pinned };
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
