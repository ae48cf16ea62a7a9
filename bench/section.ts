/**
 * The sections of the benchmark, and their results.
 *
 * @module
 */

import type { EngineName } from '../backends/tfjs/index.js';

/** One line of the table. */
export interface Row {
  /** The implementation that was timed: `host`, `tfjs on wasm`, … */
  readonly subject: string;
  /** The input: `n 1024, 100 classes, κ 25, uniform`. */
  readonly setting: string;
  /** Median time of a call. */
  readonly milliseconds: number;
  /** Half the 95 % interval of the mean, in percent. */
  readonly margin: number;
  readonly samples: number;
  /** Its time divided by that of another subject in the same run and setting. */
  readonly ratio?: { readonly to: string; readonly value: number };
  /** Its place on a growth curve. */
  readonly at?: { readonly curve: string; readonly x: number };
  /** GPU programs that one call runs. */
  readonly dispatches?: number;
  /** Bytes of the tensors that its GPU programs read and write. */
  readonly bytes?: number;
  /** Tensors that one call reads back from the GPU. */
  readonly readBacks?: number;
}

/** A case that was not timed, and why. */
export interface LeftOut {
  readonly subject: string;
  readonly setting: string;
  readonly reason: string;
}

/** The results of a section. */
export interface Found {
  readonly rows: readonly Row[];
  /** The adapter of a GPU engine, as it names itself. */
  readonly adapter?: string | null;
  readonly leftOut?: readonly LeftOut[];
}

/** How long to time each case. */
export interface Effort {
  readonly seconds: number;
  /** Whether cases that take long are left out. */
  readonly quick: boolean;
  /** The engine of tfjs to time on, where a section does not choose its own. */
  readonly engine: EngineName;
  /** The Python that sections with `needs` run. */
  readonly python: string;
}

/** A part of the benchmark. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** Whether it runs only if it is asked for by name. */
  readonly onlyAsked?: boolean;
  /** The package that its Python must have. */
  readonly needs?: 'numpy' | 'torch';
  run(effort: Effort): Promise<Row[] | Found>;
}

/** Turns timings into rows, each compared with the timing of the given name. */
export function toRows(
  setting: string,
  timings: readonly { name: string; milliseconds: number; margin: number; samples: number }[],
  to: string,
): Row[] {
  const base = timings.find(({ name }) => name === to);
  return timings.map(({ name: subject, milliseconds, margin, samples }) => ({
    subject,
    setting,
    milliseconds,
    margin,
    samples,
    ...(base && subject !== to ? { ratio: { to, value: milliseconds / base.milliseconds } } : {}),
  }));
}
