/**
 * Statistics of an epoch's steps: summed on the device, and read once at its end.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { DeviceFindings } from '../../backends/tfjs/index.js';
import type { Schema } from '../../spec/rules.js';

/** An epoch in numbers. */
export interface EpochStatistics {
  /** Mean loss of a step. */
  readonly loss: number;
  /** Mean loss of the regularisers of the model's layers, which is trained beside the loss; null without any. */
  readonly regularisation: number | null;
  /** Mean L_crl and L_ce of a step; null for a rival, which has no stages. */
  readonly rectification: number | null;
  readonly crossEntropy: number | null;
  /** By class, the share of steps in which it was a surviving minority; null for a rival. */
  readonly minorityShare: readonly number[] | null;
  /** Mean |X_min| and |T| of a step; null for a rival. */
  readonly anchors: number | null;
  readonly triplets: number | null;
  /** The share of steps without a triplet; null for a rival. */
  readonly nothing: number | null;
}

/** Sums over the steps of an epoch. */
export class StepSums {
  /** Of the loss, L_crl, L_ce, the regularisers, |X_min|, |T|, and steps without a triplet. */
  readonly #sums: tf.Variable;
  readonly #surviving: tf.Variable;
  readonly #columns: readonly number[];
  #steps = 0;
  #walked = false;
  #regularised = false;

  constructor(schema: Schema) {
    this.#sums = tf.tidy(() => tf.variable(tf.zeros([7]), false));
    this.#surviving = tf.tidy(() => tf.variable(tf.zeros([schema.columns.length]), false));
    // of a binary label only the side that is present counts as a class
    const present = (column: Schema['columns'][number]) =>
      schema.encoding !== 'multi-label' || column.class === 1;
    this.#columns = [...schema.columns.keys()].filter((c) =>
      present(schema.columns[c] as Schema['columns'][number]),
    );
  }

  /** To be called in each step with what the walk of its batch found. */
  readonly observe = (found: DeviceFindings): void => {
    this.#walked = true;
    tf.tidy(() => {
      const zero = tf.scalar(0);
      const [anchors, triplets] = [found.anchors, found.triplets].map((count) => tf.cast(count, 'float32'));
      const nothing = tf.sub(1, tf.minimum(triplets as tf.Scalar, 1)) as tf.Scalar;
      const counted = [anchors, triplets, nothing] as tf.Scalar[];
      this.#add([zero, found.rectification, found.crossEntropy, zero, ...counted]);
    });
    tf.tidy(() => this.#surviving.assign(tf.add(this.#surviving, found.surviving)));
  };

  /** To be called in each step with its loss, and that of the regularisers if there are any. */
  addLoss(loss: tf.Scalar, regularisation?: tf.Scalar): void {
    this.#steps += 1;
    this.#regularised = regularisation !== undefined;
    const zero = tf.scalar(0);
    this.#add([loss, zero, zero, regularisation ?? zero, zero, zero, zero]);
    zero.dispose();
  }

  #add(values: readonly tf.Scalar[]): void {
    tf.tidy(() => this.#sums.assign(tf.add(this.#sums, tf.stack([...values]))));
  }

  /** The tensors of the sums, for a checkpoint in the middle of an epoch. */
  get state(): readonly tf.Variable[] {
    return [this.#sums, this.#surviving];
  }

  /** The parts of the sums that are not tensors, for the same purpose. */
  get counters(): StepCounters {
    return { steps: this.#steps, walked: this.#walked, regularised: this.#regularised };
  }

  set counters({ steps, walked, regularised }: StepCounters) {
    [this.#steps, this.#walked, this.#regularised] = [steps, walked, regularised];
  }

  /** Reads the means. */
  async read(): Promise<EpochStatistics> {
    const [sums, surviving] = await Promise.all([this.#sums.data(), this.#surviving.data()]);
    const mean = (at: number) => (sums[at] as number) / this.#steps;
    return {
      loss: mean(0),
      regularisation: this.#regularised ? mean(3) : null,
      rectification: this.#walked ? mean(1) : null,
      crossEntropy: this.#walked ? mean(2) : null,
      minorityShare: this.#walked ? this.#columns.map((c) => (surviving[c] as number) / this.#steps) : null,
      anchors: this.#walked ? mean(4) : null,
      triplets: this.#walked ? mean(5) : null,
      nothing: this.#walked ? mean(6) : null,
    };
  }

  /** Sets the sums to 0, for the next epoch. */
  reset(): void {
    tf.tidy(() => {
      this.#sums.assign(tf.zerosLike(this.#sums));
      this.#surviving.assign(tf.zerosLike(this.#surviving));
    });
    this.#steps = 0;
  }

  dispose(): void {
    tf.dispose([...this.state]);
  }
}

/** How many steps were summed, and what they had. */
export interface StepCounters {
  readonly steps: number;
  readonly walked: boolean;
  readonly regularised: boolean;
}
