/**
 * What an installation needs of the machine. Everything is asked before anything is downloaded.
 *
 * @module
 */
import { statfsSync } from 'node:fs';
import { arch, platform } from 'node:process';
import { EngineInstallError } from './errors.js';
import type { SourceFile, SourceFiles } from './files.js';
import { runProgram } from './programs.js';

/** What the machine is; tests replace it. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** The version of glibc; undefined on a system with another C library, such as Alpine's musl. */
  readonly glibc: string | undefined;
  /** Free bytes on the disk of a folder. */
  readonly room: (folder: string) => number;
}

/** The machine that runs this. */
export function thisMachine(): Machine {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return {
    platform,
    arch,
    glibc: header?.glibcVersionRuntime,
    room: (folder) => {
      const { bavail, bsize } = statfsSync(folder);
      return bavail * bsize;
    },
  };
}

/** @throws EngineInstallError - if TensorFlow's wheels are not built for this machine as needed here */
export function checkMachine({ platform, arch, glibc }: Machine): void {
  if (platform !== 'linux' || arch !== 'x64') {
    throw new EngineInstallError(
      `TensorFlow is built here on Linux x86-64 only, and this is ${platform} ${arch}; use the engine wasm, or a Linux container`,
    );
  }
  if (glibc === undefined) {
    throw new EngineInstallError(
      'TensorFlow needs glibc, and this Linux has another C library; use the engine wasm, or a container of Debian',
    );
  }
}

/** What an installation downloads, and the disk that it takes, in bytes. */
export interface Sizes {
  readonly download: number;
  /** While it is built: downloads and what is unpacked lie side by side. */
  readonly building: number;
}

/** Bytes of the disk per byte of a wheel, unpacked and packed, while stripping makes a third copy of a library. */
const PER_BYTE = 5;
/** The same for NVIDIA's wheels, which are unpacked one after the other and not stripped. */
const PER_BYTE_OF_CUDA = 2.4;
const BESIDE = 100e6;
/** The wheel's size where it was not tried. */
const USUAL_WHEEL = 600e6;

/** The sizes of an installation. */
export function sizesOf({ wheel, libraries, binding, imported, headers }: SourceFiles): Sizes {
  const bytes = (files: readonly SourceFile[]) =>
    files.reduce((sum, { pinned }) => sum + (pinned?.bytes ?? 0), 0);
  const own = wheel.pinned?.bytes ?? USUAL_WHEEL;
  return {
    download: own + bytes([...libraries, binding, ...imported, headers]),
    building: PER_BYTE * own + PER_BYTE_OF_CUDA * bytes(libraries) + BESIDE,
  };
}

/** @throws EngineInstallError - if the disk has no room for it */
export function checkRoom(folder: string, { building }: Sizes, { room }: Machine): void {
  const free = room(folder);
  if (free >= building) return;
  throw new EngineInstallError(
    `${folder}: expected ${gigabytes(building)} of free disk while TensorFlow is built, found ${gigabytes(free)}; free some, or name another folder with --cache`,
  );
}

/** @throws EngineInstallError - if there is no C++ compiler */
export async function checkCompiler(compiler: string): Promise<void> {
  const ran = await runProgram(compiler, ['--version']);
  if (ran?.code === 0) return;
  throw new EngineInstallError(
    `there is no ${compiler}, which compiles TensorFlow's binding to Node; on Debian and Ubuntu: apt-get install g++`,
  );
}

/** @throws EngineInstallError - if there is no Python, or one without pip that is needed */
export async function checkPython(python: string, needsPip: boolean): Promise<void> {
  const ran = await runProgram(python, ['-c', 'import zipfile']);
  if (ran?.code !== 0) {
    throw new EngineInstallError(
      `${python} is not a Python that works; install Python 3 (on Debian and Ubuntu: apt-get install python3-pip), or name it with --python`,
    );
  }
  if (!needsPip) return;
  const pip = await runProgram(python, ['-m', 'pip', '--version']);
  if (pip?.code === 0) return;
  throw new EngineInstallError(
    `${python} has no pip, which downloads TensorFlow; get it with ${python} -m ensurepip (on Debian and Ubuntu: apt-get install python3-pip), or name another Python with --python`,
  );
}

/** Such as `1.5 GB`. */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
