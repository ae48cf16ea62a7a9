/**
 * What a benchmark is made of, and what it leaves.
 *
 * @module
 */

/** One line of the table. */
export interface Row {
  /** What was computed: `host`, `tfjs on wasm`, … */
  readonly subject: string;
  /** On what: `n 1024, 100 classes, κ 25, uniform`. */
  readonly setting: string;
  /** Median. */
  readonly milliseconds: number;
  /** Half the 95 % interval of the mean, in percent. */
  readonly margin: number;
  readonly samples: number;
  /** Time over that of the subject it is compared with, in the same run and setting. */
  readonly ratio?: { readonly to: string; readonly value: number };
  /** Where it stands in a growth curve. */
  readonly at?: { readonly curve: string; readonly x: number };
  /** Programs that one call hands to a GPU. */
  readonly dispatches?: number;
  /** Tensors that one call reads back from a GPU. */
  readonly readBacks?: number;
}

/** What was not timed. */
export interface LeftOut {
  readonly subject: string;
  readonly setting: string;
  readonly reason: string;
}

/** What a section found. */
export interface Found {
  readonly rows: readonly Row[];
  /** What a GPU engine computes on. */
  readonly adapter?: string | null;
  readonly leftOut?: readonly LeftOut[];
}

/** How long to time each case. */
export interface Effort {
  readonly seconds: number;
  /** Leaves out what takes long. */
  readonly quick: boolean;
}

/** A part of the benchmark. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** Whether it runs only if it is named. */
  readonly onlyAsked?: boolean;
  run(effort: Effort): Promise<Row[] | Found>;
}

/** Rows of some timings, each compared with one of them. */
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
