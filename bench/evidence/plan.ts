/**
 * What a plan of the evidence is made of: studies, methods, the options of a method that are swept, and seeds.
 *
 * @module
 */

/** A piece of a training config, as `crl train` takes it. */
export type Changes = Readonly<Record<string, unknown>>;

/** A number of a method that is swept on the validation sets. */
export interface Axis {
  /** Its path in the config, such as `loss.kappa`. */
  readonly path: string;
  /** The values to try; the first holds until the axis is swept. */
  readonly values: readonly number[];
  /**
   * Values to add, one after the other, while the smallest (or the largest) of those tried is the best: if the best
   * value is at the edge of its grid, a better one may lie beyond. The last value of a side is its natural end, such
   * as τ 0, which is cross entropy, or it is far from any useful one.
   */
  readonly beyond?: { readonly below?: readonly number[]; readonly above?: readonly number[] };
  /** Values beyond which there is none, such as κ 1: one that is chosen there is not at an edge. Default: none. */
  readonly ends?: readonly number[];
}

/** A way to train. */
export interface Method {
  readonly name: string;
  readonly family: 'entropy' | 'rival' | 'class level' | 'instance level' | 'combined' | 'tuned';
  readonly changes: Changes;
  /** The method whose chosen values this one begins with; its own changes come on top. */
  readonly after?: string;
  /** Swept one after the other, each with the best value of those before it. */
  readonly axes: readonly Axis[];
}

/** A data set, and how a net is trained on it. */
export interface Study {
  readonly id: string;
  readonly title: string;
  /** What a reader of its results must know of its data, as a sentence. */
  readonly note?: string;
  readonly base: Changes;
  /** Seconds of a training, as the plan counts them until one is finished. */
  readonly seconds: number;
  /** Makes the data of a seed, and returns the fields of `data` that name them. */
  readonly prepare?: (work: string, seed: number) => Promise<object>;
  /** The metric by which values are chosen on the validation sets, and methods compared on the test set. */
  readonly metric: 'balancedAccuracy' | 'meanAveragePrecision';
  /** Fewer values for some axes, by their paths, where a run takes long; these grids do not grow. */
  readonly values?: Readonly<Record<string, readonly number[]>>;
  /** Whether batch sizes and class-aware batches are swept too. */
  readonly batches: boolean;
  /** Methods that are left out of this study: they are not trained, not counted, and no claim needs them. */
  readonly without?: readonly LeftOut[];
}

/** Methods that a study leaves out, and why. */
export interface LeftOut {
  /** Parts of their names: a method is left out if its name contains one of them. */
  readonly methods: readonly string[];
  /** Why, as the page prints it in brackets. */
  readonly reason: string;
}

/** The seeds on whose validation sets values are chosen. */
export const SWEEP_SEEDS = [1, 2] as const;

/**
 * The seeds that a second look adds to those of the first: as many again. It is due where a claim is open though its
 * own p is below .05.
 */
export function laterSeeds(seeds: readonly number[]): number[] {
  return seeds.map((seed) => Math.max(...seeds) + seed);
}
