/**
 * The folder of a run: its files, and that they are those of one run only.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ChannelStatistics } from '../data/channel-statistics.js';
import { indentedJson } from '../support/json-text.js';
import { makeFolders } from '../support/make-folders.js';
import { appendLine, writeDurably, writeWhole } from '../support/write-whole.js';
import type { TrainConfig } from './config/config.js';
import { withAbsolutePaths } from './config/paths.js';
import { configError } from './config/problems.js';
import type { TrainData } from './data/load-data.js';
import type { EpochStatistics } from './epoch-statistics.js';
import type { Evaluation } from './evaluate.js';
import { LOCK_FILE } from './folder-lock.js';
import type { RunForecast } from './run-forecast.js';
import type { DataDigest } from './run-identity.js';

/** What a run was made with, besides its config: what is needed to use its model. */
export interface RunFacts
  extends Pick<TrainData, 'classes' | 'attributes' | 'encoding' | 'counts' | 'shape' | 'notes'> {
  readonly figures?: ChannelStatistics;
  readonly images: { readonly training: number; readonly validation: number; readonly test: number };
  /** Messages of images and lines that were left out. */
  readonly skipped: readonly string[];
  readonly parameters: number;
  readonly stepsPerEpoch: number;
  /** Of the last step, where it changes. */
  readonly alpha?: number;
  /** Of the first step, where α changes. */
  readonly firstAlpha?: number;
  readonly omega?: number;
  /** What CRL should find in the batches; other losses mine nothing. */
  readonly forecast?: RunForecast;
  readonly versions: Readonly<Record<string, string>>;
  /** Digests of the images, so that the same ones are tested later. */
  readonly data?: DataDigest;
}

/** A line of `metrics.jsonl`. */
export interface EpochLine extends EpochStatistics {
  /** From 1. */
  readonly epoch: number;
  /** Of the epoch's last step. */
  readonly learningRate: number;
  readonly validation: Omit<Evaluation, 'confusion'>;
  readonly seconds: number;
  /** Tensors that tfjs holds; the same after every epoch. */
  readonly tensors: number;
}

/** How a run ended. */
export interface RunResult {
  /** Epochs that were trained: fewer than the config's if the run stopped early. */
  readonly epochs: number;
  /** The epoch whose model was evaluated: the last, or with `keep: 'best'` the best. */
  readonly epoch: number;
  readonly keep: TrainConfig['keep'];
  /** How the last layer was changed after that epoch. */
  readonly postHoc?: TrainConfig['postHoc'];
  readonly seconds: number;
  /** At threshold 0.5 where thresholds are learned on it. */
  readonly validation: Evaluation;
  readonly test?: Evaluation;
  /** Of multi-label predictions: one for all labels, or one per label. */
  readonly thresholds?: number | readonly number[];
  /** SHA-256 of the model that was evaluated, with its weights. */
  readonly model: string;
}

/** Where predictions of a run's model go, unless another file is named. */
export const PREDICTIONS_FILE = 'predictions.csv';

/** The files that a run writes, and the folder `best`. */
export const RUN_FILES = [
  'config.json',
  'run.json',
  'metrics.jsonl',
  'checkpoint.bin',
  'model.json',
  'weights.bin',
  'result.json',
  'report.html',
  'classes.csv',
  'confusion.csv',
  'best',
  LOCK_FILE,
] as const;

/** The first lines of `metrics.jsonl`, as a checkpoint remembers them. */
export interface LinesDigest {
  readonly count: number;
  readonly sha256: string;
}

/** The files of a run. */
export class RunFolder {
  /** Bytes of `metrics.jsonl` that belong to epochs that are done. */
  #end = 0;
  #digest = createHash('sha256');
  #count = 0;

  constructor(readonly path: string) {}

  /**
   * Makes the folder.
   *
   * @returns whether it was not there
   * @throws ConfigError - a folder that cannot be written to, or whose files are not of a run
   */
  create(): boolean {
    const isNew = !existsSync(this.path);
    makeFolder(this.path);
    this.#refuseForeign();
    return isNew;
  }

  /** A config.json or model.json of somebody else would be overwritten. */
  #refuseForeign(): void {
    if (this.#isRun()) return;
    const foreign = RUN_FILES.find((name) => name !== LOCK_FILE && existsSync(this.file(name)));
    if (foreign !== undefined)
      throw configError(
        'out',
        'a new folder, or one of a run',
        `${this.path}, whose ${foreign} is not of a run and would be overwritten; choose another folder`,
      );
  }

  #isRun(): boolean {
    if (!existsSync(this.file('run.json'))) return false;
    const facts = this.#read('run.json') as Partial<RunFacts> | null;
    return typeof facts === 'object' && facts?.stepsPerEpoch !== undefined;
  }

  /** Removes the folder if it is empty. */
  removeEmpty(): void {
    if (existsSync(this.path) && this.files.length === 0) rmdirSync(this.path);
  }

  /**
   * Writes down what a run trains with, before its first step. The result and the model of a finished run that
   * is continued are kept until it is finished again.
   */
  begin(config: TrainConfig, facts: RunFacts): void {
    this.facts = facts;
    this.#write('config.json', withAbsolutePaths(config));
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Names of its files. */
  get files(): readonly string[] {
    return readdirSync(this.path)
      .filter((name) => name !== LOCK_FILE)
      .sort();
  }

  get config(): TrainConfig {
    return this.#read('config.json') as TrainConfig;
  }

  get facts(): RunFacts {
    return this.#read('run.json') as RunFacts;
  }

  set facts(facts: RunFacts) {
    this.#write('run.json', facts);
  }

  /** Nothing if the run is not finished. */
  get result(): RunResult | undefined {
    return existsSync(this.file('result.json')) ? (this.#read('result.json') as RunResult) : undefined;
  }

  /** A report of an earlier end is removed, and so are predictions of its model: both would be taken for the new ones. */
  set result(result: RunResult) {
    for (const name of ['report.html', 'classes.csv', 'confusion.csv', PREDICTIONS_FILE])
      rmSync(this.file(name), { force: true });
    writeDurably(this.file('result.json'), `${indentedJson(result)}\n`);
  }

  /** A line per epoch that is done; one that a kill cut short is left out. */
  get lines(): readonly EpochLine[] {
    return this.#texts().map((line) => JSON.parse(line) as EpochLine);
  }

  #texts(): string[] {
    if (!existsSync(this.file('metrics.jsonl'))) return [];
    return readFileSync(this.file('metrics.jsonl'), 'utf8').split('\n').slice(0, -1);
  }

  /**
   * Adds the line of an epoch.
   *
   * @returns the digest of all lines by now
   * @throws WriteError
   */
  addLine(line: EpochLine): LinesDigest {
    const text = JSON.stringify(line);
    this.#end = appendLine(this.file('metrics.jsonl'), text, this.#end);
    return this.#counted(text);
  }

  #counted(text: string): LinesDigest {
    this.#digest.update(`${text}\n`);
    this.#count += 1;
    return { count: this.#count, sha256: this.#digest.copy().digest('hex') };
  }

  /**
   * Continues after the lines that a checkpoint remembers. One more line is allowed: a kill can come between a
   * line and its checkpoint.
   *
   * @throws ConfigError - other lines: nothing is changed
   */
  resumeLines({ count, sha256 }: LinesDigest): readonly EpochLine[] {
    const texts = this.#texts();
    const kept = texts.slice(0, count);
    [this.#digest, this.#count] = [createHash('sha256'), 0];
    const found = kept.reduce<LinesDigest>((_, text) => this.#counted(text), { count: 0, sha256: '' });
    if (found.count !== count || (count > 0 && found.sha256 !== sha256) || texts.length > count + 1)
      throw configError(
        this.file('metrics.jsonl'),
        `the ${count} lines that were there when checkpoint.bin was written`,
        `${texts.length}, ${found.count < count || texts.length > count + 1 ? 'so it was cut or padded' : 'but with another content'}; put a copy of it back, or delete checkpoint.bin to start the run again`,
      );
    this.#end = kept.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0);
    return kept.map((line) => JSON.parse(line) as EpochLine);
  }

  #read(name: string): unknown {
    try {
      return JSON.parse(readFileSync(this.file(name), 'utf8'));
    } catch (cause) {
      throw configError(`run ${this.path}`, `a run, with ${name}`, (cause as Error).message, cause);
    }
  }

  #write(name: string, content: unknown): void {
    writeWhole(this.file(name), `${indentedJson(content)}\n`);
  }
}

/**
 * Makes a folder for output.
 *
 * @throws ConfigError - one that cannot be written to
 */
export function makeFolder(path: string): void {
  try {
    makeFolders(path);
    accessSync(path, constants.W_OK);
  } catch (cause) {
    throw configError('out', 'a folder that can be written to', (cause as Error).message, cause);
  }
}
