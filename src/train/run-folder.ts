/**
 * The folder of a run: what stands in it, and that it is of one config only.
 *
 * @module
 */
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ChannelStatistics } from '../data/channel-statistics.js';
import { writeWhole } from '../support/write-whole.js';
import type { TrainConfig } from './config/config.js';
import { configError } from './config/problems.js';
import type { TrainData } from './data/load-data.js';
import type { EpochStatistics } from './epoch-statistics.js';
import type { Evaluation } from './evaluate.js';

/** What a run was made with, besides its config: what is needed to use its model. */
export interface RunFacts extends Pick<TrainData, 'classes' | 'encoding' | 'counts' | 'shape'> {
  readonly figures?: ChannelStatistics;
  readonly images: { readonly training: number; readonly validation: number; readonly test: number };
  /** Messages of images and lines that were left out. */
  readonly skipped: readonly string[];
  readonly parameters: number;
  readonly stepsPerEpoch: number;
  readonly alpha?: number;
  readonly omega?: number;
  readonly versions: Readonly<Record<string, string>>;
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
  readonly seconds: number;
  /** At threshold 0.5 where thresholds are learned on it. */
  readonly validation: Evaluation;
  readonly test?: Evaluation;
  /** Of multi-label predictions: one for all, or one a label. */
  readonly thresholds?: number | readonly number[];
}

/** The files of a run, each written whole. */
export class RunFolder {
  constructor(readonly path: string) {}

  /**
   * Begins a run, or goes on with one. A config of which no epoch is done gives way to another: mistakes in
   * it may have shown only with the first batch.
   *
   * @throws ConfigError - a folder of another config, or that cannot be written to
   */
  begin(config: TrainConfig): void {
    try {
      mkdirSync(this.path, { recursive: true });
      accessSync(this.path, constants.W_OK);
    } catch (cause) {
      throw configError('out', 'a folder that can be written to', (cause as Error).message, cause);
    }
    const trained = ['checkpoint.bin', 'result.json'].some((name) => existsSync(this.file(name)));
    if (trained) refuseOther(this.config, config);
    else this.#write('config.json', config);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** What stands in it by now. */
  get files(): readonly string[] {
    return readdirSync(this.path).sort();
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

  set result(result: RunResult) {
    this.#write('result.json', result);
  }

  get lines(): readonly EpochLine[] {
    if (!existsSync(this.file('metrics.jsonl'))) return [];
    const text = readFileSync(this.file('metrics.jsonl'), 'utf8').trim();
    return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as EpochLine);
  }

  set lines(lines: readonly EpochLine[]) {
    writeWhole(this.file('metrics.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }

  #read(name: string): unknown {
    try {
      return JSON.parse(readFileSync(this.file(name), 'utf8'));
    } catch (cause) {
      throw configError(`run ${this.path}`, `a run, with ${name}`, (cause as Error).message, cause);
    }
  }

  #write(name: string, content: unknown): void {
    writeWhole(this.file(name), `${JSON.stringify(content, null, 2)}\n`);
  }
}

/**
 * Refuses to go on with another config: the numbers would be neither run's. Where it is written does not
 * matter.
 *
 * @throws ConfigError
 */
export function refuseOther(its: TrainConfig, config: TrainConfig): void {
  const given = JSON.parse(JSON.stringify(config)) as TrainConfig;
  const differing = Object.keys({ ...its, ...given }).filter(
    (name) => name !== 'out' && !isDeepStrictEqual(Object(its)[name], Object(given)[name]),
  );
  if (differing.length > 0)
    throw configError(
      'out',
      'a new folder, or one of the same config',
      `one that differs in ${differing.join(', ')}`,
    );
}
