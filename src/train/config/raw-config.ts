/**
 * A config before it is read: a JSON file, and flags, which override it.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { shown } from '../../../spec/errors.js';
import { parsedJson } from '../../support/json-text.js';
import { configError } from './problems.js';

/** Flags of the data, as they are written. */
export interface DataFlags {
  readonly validation?: string;
  readonly test?: string;
  readonly channels?: string;
  readonly extension?: string;
  readonly idColumn?: string;
  readonly targetColumn?: string;
  readonly attributes?: string;
  readonly delimiter?: string;
  readonly separator?: string;
  readonly allowEmpty?: boolean;
  readonly augment?: string;
}

/** Flags as they are written; `--set` reaches everything. */
export interface TrainFlags extends DataFlags {
  readonly out?: string;
  readonly labels?: string;
  readonly folder?: string;
  readonly classes?: string;
  readonly size?: string;
  readonly encoding?: string;
  readonly digits?: string;
  readonly skipBad?: boolean;
  readonly model?: string;
  readonly loss?: string;
  readonly alpha?: string;
  readonly eta?: string;
  readonly engine?: string;
  readonly epochs?: string;
  readonly batchSize?: string;
  readonly sampling?: string;
  readonly optimiser?: string;
  readonly learningRate?: string;
  readonly schedule?: string;
  readonly seed?: string;
  readonly keep?: string;
  readonly patience?: string;
  readonly monitor?: string;
  /** Names of layers, separated by commas. */
  readonly freeze?: string;
  readonly weightDecay?: string;
  readonly clipNorm?: string;
  readonly crlWarmUp?: string;
  /** `path=value`. */
  readonly set?: readonly string[];
}

type Raw = Record<string, unknown>;

/** The place of each flag in the config. Flags that need more than that are below. */
const PLACES: readonly (readonly [keyof TrainFlags, string])[] = [
  ['out', 'out'],
  ['labels', 'data.labels'],
  ['folder', 'data.folder'],
  ['classes', 'data.classes'],
  ['size', 'data.size'],
  ['encoding', 'data.encoding'],
  ['skipBad', 'data.skipBad'],
  ['validation', 'data.validation'],
  ['test', 'data.test'],
  ['channels', 'data.channels'],
  ['extension', 'data.extension'],
  ['idColumn', 'data.idColumn'],
  ['targetColumn', 'data.targetColumn'],
  ['attributes', 'data.attributes'],
  ['delimiter', 'data.delimiter'],
  ['separator', 'data.separator'],
  ['allowEmpty', 'data.allowEmpty'],
  ['augment', 'data.augment'],
  ['engine', 'engine'],
  ['epochs', 'epochs'],
  ['batchSize', 'batchSize'],
  ['learningRate', 'learningRate'],
  ['seed', 'seed'],
  ['keep', 'keep'],
  ['patience', 'patience'],
  ['monitor', 'monitor'],
];
/** Flags of a part that has a kind, and the kind that is meant where none is given. */
const OF_KINDS: readonly (readonly [keyof TrainFlags, string, string, string])[] = [
  ['alpha', 'loss', 'crl', 'alpha'],
  ['eta', 'loss', 'crl', 'eta'],
  ['crlWarmUp', 'loss', 'crl', 'warmUp'],
  ['weightDecay', 'optimiser', 'adam', 'weightDecay'],
  ['clipNorm', 'optimiser', 'adam', 'clipNorm'],
];
/** Fields that are text even if they look like a number: a folder may be called 2024. */
const TEXTS: readonly string[] = [
  'out',
  'model.file',
  'loss.features',
  'data.labels',
  'data.folder',
  'data.extension',
  'data.idColumn',
  'data.targetColumn',
  'data.delimiter',
  'data.separator',
];
/** Fields that are lists of names separated by commas; `data.channels` may also be a number. */
const LISTS: readonly string[] = ['data.channels', 'data.attributes'];
const KINDS = ['loss', 'sampling', 'optimiser', 'schedule'] as const;

/**
 * Reads the file, if there is one, and puts the flags in.
 *
 * @throws ConfigError - a file that is no JSON object
 */
export function readRawConfig(file: string | undefined, flags: TrainFlags): Raw {
  const config = file === undefined ? {} : readJson(file);
  for (const kind of KINDS) if (flags[kind] !== undefined) putKind(config, kind, flags[kind]);
  if (flags.digits !== undefined) config.data = { kind: 'digits', ratio: parsed(flags.digits) };
  if (flags.model !== undefined) {
    if (flags.model.endsWith('.json')) config.model = { kind: 'file', file: flags.model };
    else putKind(config, 'model', flags.model);
  }
  for (const [flag, place] of PLACES) if (flags[flag] !== undefined) put(config, place, flags[flag]);
  for (const [flag, part, kind, option] of OF_KINDS) {
    if (flags[flag] === undefined) continue;
    if (config[part] === undefined) putKind(config, part, kind);
    put(config, `${part}.${option}`, flags[flag]);
  }
  if (flags.freeze !== undefined) config.freeze = flags.freeze.split(',').map((name) => name.trim());
  for (const given of flags.set ?? []) {
    const at = given.indexOf('=');
    if (at < 1) throw configError('--set', 'path=value, such as loss.kappa=5', given);
    put(config, given.slice(0, at), given.slice(at + 1));
  }
  const data = config.data as Raw | undefined;
  // whether there is a label file tells which layout it is
  if (typeof data === 'object' && data.kind === undefined)
    config.data = { kind: data.labels === undefined ? 'folders' : 'channels', ...data };
  return config;
}

/** Flags of a comparison, apart: those of the losses reach every loss that has them. */
export interface ComparisonFlags {
  /** All but those of the losses. */
  readonly others: TrainFlags;
  /** Options of the losses by name. */
  readonly lossOptions: Raw;
  /** Fields of the config that the other flags set, such as `epochs`. */
  readonly fields: readonly string[];
}

/** Sets flags that are options of a loss apart from the others. */
export function comparisonFlags(flags: TrainFlags): ComparisonFlags {
  const { alpha, eta, crlWarmUp, set = [], ...rest } = flags;
  const isOption = (given: string) => given.startsWith('loss.') && !given.startsWith('loss.kind=');
  const others = { ...rest, set: set.filter((given) => !isOption(given)) };
  const ofLoss = Object.entries({ alpha, eta, crlWarmUp }).filter(([, value]) => value !== undefined);
  const { loss } = readRawConfig(undefined, { ...Object.fromEntries(ofLoss), set: set.filter(isOption) });
  const { kind: _, ...lossOptions } = (loss ?? {}) as Raw;
  return { others, lossOptions, fields: Object.keys(readRawConfig(undefined, others)) };
}

function readJson(file: string): Raw {
  if (!existsSync(file)) throw configError('config', 'an existing file', shown(file));
  let read: unknown;
  try {
    read = parsedJson(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw configError('config', 'JSON', `${file}: ${(cause as Error).message}`, cause);
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    throw configError('config', 'a JSON object', file);
  return read as Raw;
}

/** Another kind takes none of the options of the one before. */
function putKind(config: Raw, name: string, kind: string): void {
  const before = config[name];
  if ((before as Raw | undefined)?.kind !== kind) config[name] = { kind };
}

function put(config: Raw, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() as string;
  let at = config;
  for (const name of names) {
    const next = at[name];
    if (typeof next === 'string') at[name] = { kind: next };
    else if (typeof next !== 'object' || next === null) at[name] = {};
    at = at[name] as Raw;
  }
  at[last] = typeof value === 'string' ? valueAt(path, value) : value;
}

function valueAt(path: string, value: string): unknown {
  const read = parsed(value);
  if (TEXTS.includes(path)) return typeof read === 'string' ? read : value;
  if (!LISTS.includes(path) || typeof read === 'object') return read;
  if (typeof read === 'number' && path === 'data.channels') return read;
  return value.split(',').map((name) => name.trim());
}

/** A value as JSON, or the text itself: a path needs no quotes. */
function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
