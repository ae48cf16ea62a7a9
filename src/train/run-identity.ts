/**
 * What makes two runs the same: a run is only resumed where its numbers would be those of a run that was never
 * cut off.
 *
 * @module
 */
import { createHash, type Hash } from 'node:crypto';
import { statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { shown } from '../../spec/errors.js';
import type { ImageSource } from '../data/sources/source.js';
import { versions } from '../support/versions.js';
import type { TrainConfig } from './config/config.js';
import { withoutPaths } from './config/paths.js';
import { ConfigError, type ConfigProblem } from './config/problems.js';
import type { TrainData } from './data/load-data.js';
import { modelFileDigest } from './models/model-file.js';

/** The images of a set, as digests (SHA-256), so that a difference can be named. */
export interface SetDigest {
  readonly images: number;
  readonly ids: string;
  readonly labels: string;
  /** Sizes of the files; of images that are in memory their numbers. */
  readonly contents: string;
}

/** The data of a run. */
export interface DataDigest {
  readonly classes: readonly string[];
  readonly training: SetDigest;
  readonly validation: SetDigest;
  readonly test: SetDigest | null;
}

/** A run, as far as its numbers depend on it. */
export interface RunIdentity {
  /** What must not change; see {@link fixedConfig}. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly data: DataDigest;
  /** Of the model file and its weights, if there is one. */
  readonly modelFile: string | null;
  /** Epochs that were asked for; another number may warn, see {@link epochWarnings}. */
  readonly epochs: number;
  /** Another version warns. */
  readonly versions: Readonly<Record<string, string>>;
}

/** The identity of a run with this config and these images. */
export async function identityOf(config: TrainConfig, data: TrainData): Promise<RunIdentity> {
  return {
    config: fixedConfig(config),
    data: await digestOfData(config, data),
    modelFile: config.model.kind === 'file' ? modelFileDigest(config.model.file) : null,
    epochs: config.epochs,
    versions: versions(),
  };
}

/** Digests of the images of a config. */
export async function digestOfData(config: TrainConfig, data: TrainData): Promise<DataDigest> {
  const { training, validation, test, classes } = data;
  const channels = config.data.kind === 'channels' ? config.data.channels : undefined;
  const digest = (source: ImageSource) => digestOf(source, config.data.kind === 'digits', channels);
  return {
    classes,
    training: await digest(training),
    validation: await digest(validation),
    test: test ? await digest(test) : null,
  };
}

/**
 * Fields that a resumed run may change: they decide how long it trains, and what is made of its epochs, but not the
 * results of an epoch.
 */
const FREE = new Set(['out', 'epochs', 'patience', 'keep', 'postHoc', 'data.cache', 'data.skipBad']);

function isFree(path: string): boolean {
  return FREE.has(path) || FREE.has(path.replace(/\..*$/, ''));
}

/** A config without what a resumed run may change. Paths are left out: the images themselves are compared. */
export function fixedConfig(config: TrainConfig): Record<string, unknown> {
  const flat = flattened(JSON.parse(JSON.stringify(withoutPaths(config))));
  return Object.fromEntries(Object.entries(flat).filter(([path]) => !isFree(path)));
}

/**
 * Refuses another config.
 *
 * @param its - the fixed config of the run that is there
 * @throws ConfigError - naming what differs, and both values
 */
export function refuseOtherConfig(its: Readonly<Record<string, unknown>>, config: TrainConfig): void {
  const given = fixedConfig(config);
  const differing = [...new Set([...Object.keys(its), ...Object.keys(given)])].filter(
    (path) => !isFree(path) && !isDeepStrictEqual(its[path], given[path]),
  );
  if (differing.length === 0) return;
  const told = differing.map(
    (path) => `${path} (${shownOrNothing(its[path])} there, ${shownOrNothing(given[path])} now)`,
  );
  throw new ConfigError([
    {
      path: 'out',
      expected: 'a new folder, or one of the same config',
      got: `one that differs in ${told.join(', ')}`,
    },
  ]);
}

/**
 * Refuses other data or another model file.
 *
 * @param its - the identity of the run that is there
 * @throws ConfigError - naming what differs
 */
export function refuseOtherData(its: RunIdentity, given: RunIdentity): void {
  const problems = [...imageProblems(its.data, given.data)];
  if (its.modelFile !== given.modelFile)
    problems.push({
      path: 'model.file',
      expected: 'the model file that the run began with',
      got: 'another content',
    });
  refuseAll(problems, 'put the data back, or train in another folder');
}

/**
 * Refuses images that are not those of the run.
 *
 * @throws ConfigError - naming what differs
 */
export function refuseOtherImages(its: DataDigest, given: DataDigest): void {
  refuseAll(imageProblems(its, given), 'put the data back, or name other images with --folder');
}

function imageProblems(its: DataDigest, given: DataDigest): ConfigProblem[] {
  const problems: ConfigProblem[] = classProblems(its.classes, given.classes);
  for (const set of ['training', 'validation', 'test'] as const) {
    const [before, now] = [its[set], given[set]];
    if (isDeepStrictEqual(before, now)) continue;
    problems.push({
      path: `data (${set})`,
      expected: `the run’s ${set} images`,
      got: setDifference(before, now),
    });
  }
  return problems;
}

/** The last problem says what to do. */
function refuseAll(problems: readonly ConfigProblem[], wayOut: string): void {
  const last = problems.at(-1);
  if (last) throw new ConfigError([...problems.slice(0, -1), { ...last, got: `${last.got}; ${wayOut}` }]);
}

/** Warnings for other versions: numbers may differ in their last bits. */
export function versionWarnings(its: RunIdentity['versions'], now: RunIdentity['versions']): string[] {
  return ['class-rectification', '@tensorflow/tfjs-core']
    .filter((name) => its[name] !== now[name])
    .map(
      (name) =>
        `${name} was ${its[name] ?? 'unknown'} when this run began and is ${now[name]} now: it may not resume with bit-identical results`,
    );
}

/** Warnings for a run that is resumed with another number of epochs: some settings are spread over all epochs. */
export function epochWarnings(its: number, { epochs, schedule, loss }: TrainConfig): string[] {
  if (its === epochs) return [];
  const spread = [
    ...(schedule.kind === 'cosine' ? ['the cosine schedule of the learning rate'] : []),
    ...(loss.kind === 'crl' && isSpreadOverAll(loss.alpha) ? ['loss.alpha, the schedule of DCL,'] : []),
    ...(loss.kind === 'ldam' && loss.reweightFrom !== undefined ? ['loss.reweightFrom'] : []),
  ];
  return spread.map(
    (what) =>
      `${what} is now spread over ${epochs} epochs; the epochs that are done were trained with ${its}, so that the result is not that of a run of ${epochs} epochs`,
  );
}

/** Whether α follows a schedule whose length is that of the run. */
function isSpreadOverAll(alpha: Extract<TrainConfig['loss'], { readonly kind: 'crl' }>['alpha']): boolean {
  return typeof alpha === 'object' && 'kind' in alpha && alpha.epochs === undefined;
}

function classProblems(its: readonly string[], given: readonly string[]): ConfigProblem[] {
  if (isDeepStrictEqual(its, given)) return [];
  const fresh = given.filter((name) => !its.includes(name));
  const gone = its.filter((name) => !given.includes(name));
  const told = [
    ...(fresh.length > 0 ? [`${few(fresh)} ${fresh.length === 1 ? 'is' : 'are'} new`] : []),
    ...(gone.length > 0 ? [`${few(gone)} ${gone.length === 1 ? 'is' : 'are'} gone`] : []),
  ];
  return [
    {
      path: 'data (classes)',
      expected: `the run’s ${its.length} classes in the same order`,
      got: told.length > 0 ? told.join(', ') : 'another order',
    },
  ];
}

function setDifference(before: SetDigest | null, now: SetDigest | null): string {
  if (before === null || now === null) return now === null ? 'none' : 'images where there were none';
  if (before.images !== now.images) return `${now.images} images where there were ${before.images}`;
  const parts = (['ids', 'labels', 'contents'] as const).filter((part) => before[part] !== now[part]);
  return `the same number of images with other ${parts.join(', ').replace('contents', 'file sizes')}`;
}

function few(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}

async function digestOf(
  { records, load }: ImageSource,
  inMemory: boolean,
  channels: readonly string[] | undefined,
): Promise<SetDigest> {
  const [ids, labels, contents] = [createHash('sha256'), createHash('sha256'), createHash('sha256')];
  for (const [at, { id, labels: its, file }] of records.entries()) {
    add(ids, id);
    add(labels, its.join(' '));
    if (inMemory) contents.update(bytesOf((await load(at)).data));
    // the files of several channels are named by a pattern
    else
      for (const name of (channels ?? ['']).map((channel) => file.replace('*', channel)))
        add(contents, sizeOf(name));
  }
  return {
    images: records.length,
    ids: ids.digest('hex'),
    labels: labels.digest('hex'),
    contents: contents.digest('hex'),
  };
}

function add(hash: Hash, text: string | number): void {
  hash.update(`${text}\n`);
}

function sizeOf(file: string): number | string {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 'missing';
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function shownOrNothing(value: unknown): string {
  return value === undefined ? 'nothing' : shown(value);
}

/** Values by their paths, lists as they are. */
function flattened(value: object, path = ''): Record<string, unknown> {
  return Object.entries(value).reduce<Record<string, unknown>>((all, [name, its]) => {
    const within = path === '' ? name : `${path}.${name}`;
    const isObject = typeof its === 'object' && its !== null && !Array.isArray(its);
    return Object.assign(all, isObject ? flattened(its, within) : { [within]: its });
  }, {});
}
