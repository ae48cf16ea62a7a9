/**
 * Fetches files through pip and npm, each with the user's own settings of index, proxy and certificates.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { startProgress } from '../../support/progress.js';
import { EngineInstallError } from './errors.js';
import type { SourceFile } from './files.js';
import { runOrRefuse, runProgram } from './programs.js';

/** Where files come from. */
export interface FetchOptions {
  /** The folder of complete downloads. */
  readonly downloads: string;
  /** A folder that holds the files already; nothing is downloaded then. */
  readonly offline: string | undefined;
  readonly python: string;
}

/**
 * Brings a file here, and checks it.
 *
 * A download lies in a folder of its own until it is whole and its checksum is right, so that half a file is
 * never used. A file that an earlier installation left whole is not fetched again.
 *
 * @returns its path
 * @throws EngineInstallError - if it cannot be had, or is not the file that was tried
 */
export async function fetchFile(file: SourceFile, options: FetchOptions): Promise<string> {
  const { downloads, offline } = options;
  if (offline !== undefined) return offlineFile(file, resolve(offline));
  const kept = findFile(downloads, file);
  if (kept !== undefined) {
    if (await isRight(file, kept)) return kept;
    rmSync(kept);
  }
  const partial = mkdtempSync(join(downloads, `partial-${process.pid}-`));
  try {
    await download(file, partial, options);
    const found = findFile(partial, file);
    if (found === undefined) {
      throw new EngineInstallError(
        `${file.client} ended without ${file.name}; it left ${readdirSync(partial).join(', ') || 'nothing'}`,
      );
    }
    await checkFile(file, found);
    const whole = join(downloads, found.slice(partial.length + 1));
    renameSync(found, whole);
    return whole;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

async function offlineFile(file: SourceFile, folder: string): Promise<string> {
  const found = findFile(folder, file);
  if (found === undefined) {
    throw new EngineInstallError(
      `--offline ${folder}: expected ${file.name} in it; fetch it on a machine with a network: ${commandFor(file)}`,
    );
  }
  await checkFile(file, found);
  return found;
}

/** The file of a folder, if it is there. */
function findFile(folder: string, { name }: SourceFile): string | undefined {
  const [head, tail] = name.split('*') as [string, string | undefined];
  const matches = (each: string) =>
    tail === undefined ? each === name : each.startsWith(head) && each.endsWith(tail);
  const found = existsSync(folder) ? readdirSync(folder).find(matches) : undefined;
  return found === undefined ? undefined : join(folder, found);
}

async function checkFile(file: SourceFile, path: string): Promise<void> {
  if (await isRight(file, path)) return;
  throw new EngineInstallError(
    `${path}: the checksum is not that of the ${file.name} that was tried; the file is cut or changed, so fetch it again: ${commandFor(file)}`,
  );
}

async function isRight({ pinned }: SourceFile, path: string): Promise<boolean> {
  if (pinned === undefined) return true;
  if (statSync(path).size !== pinned.bytes) return false;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex') === pinned.sha256;
}

/** Pip takes wheels for these systems; each version of TensorFlow and of CUDA has one of them. */
const PLATFORMS = [
  'manylinux2014_x86_64',
  ...['2_17', '2_27', '2_28', '2_31', '2_34'].map((glibc) => `manylinux_${glibc}_x86_64`),
];

function pipArguments({ project, version }: SourceFile, folder: string): string[] {
  return [
    ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--dest', folder],
    ...['--python-version', '3.11', ...PLATFORMS.flatMap((platform) => ['--platform', platform])],
    `${project}==${version}`,
  ];
}

function npmArguments({ project, version }: SourceFile, folder: string): string[] {
  return ['pack', '--silent', '--pack-destination', folder, `${project}@${version}`];
}

/** What the user would type. */
function commandFor(file: SourceFile): string {
  return file.client === 'pip'
    ? `python3 ${pipArguments(file, '.').join(' ')}`
    : `npm ${npmArguments(file, '.').join(' ')}`;
}

async function download(file: SourceFile, folder: string, { python }: FetchOptions): Promise<void> {
  const failed = `${file.project} ${file.version} could not be downloaded; check the network and the index that ${file.client} is set to, or bring the files with --offline`;
  if (file.client === 'npm') {
    await runOrRefuse('npm', npmArguments(file, folder), failed);
    return;
  }
  const bar = startProgress(`Downloading ${file.project} ${file.version}, MB`, megabytes(file.pinned?.bytes));
  let shown = 0;
  try {
    await runOrRefuse(
      python,
      [
        ...pipArguments(file, folder),
        '--no-cache-dir', // else pip keeps a second copy for good
        '--progress-bar=off',
        ...(await resuming(python)),
      ],
      failed,
      {
        env: { TMPDIR: folder, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
        meanwhile: () => {
          const now = megabytes(largest(folder));
          bar.advance('', now - shown);
          shown = now;
        },
      },
    );
  } catch (error) {
    bar.stop();
    throw error;
  }
  bar.stop(`Downloaded ${file.project} ${file.version}`);
}

/** Pip 25.1 and later continue a download that breaks off. */
async function resuming(python: string): Promise<string[]> {
  const { out = '' } = (await runProgram(python, ['-m', 'pip', '--version'])) ?? {};
  const [, major, minor] = /^pip (\d+)\.(\d+)/.exec(out) ?? [];
  return Number(major) > 25 || (Number(major) === 25 && Number(minor) >= 1) ? ['--resume-retries=10'] : [];
}

/** Bytes of the largest file below a folder: what pip has downloaded so far. */
function largest(folder: string): number {
  let most = 0;
  try {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const found = statSync(join(folder, name), { throwIfNoEntry: false });
      if (found?.isFile()) most = Math.max(most, found.size);
    }
  } catch {
    // pip removes folders of its own meanwhile
  }
  return most;
}

function megabytes(bytes = 0): number {
  return Math.round(bytes / 1e6);
}
