/**
 * What an epoch's steps found: added up on the device, and read once at its end.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { DeviceBalancedLoss } from '../../backends/tfjs/index.js';
import type { Schema } from '../../spec/index.js';

/** An epoch in numbers. */
export interface EpochStatistics {
  /** Mean loss of a step. */
  readonly loss: number;
  /** Mean L_crl and L_ce of a step; null for a rival, which walks no batch. */
  readonly rectification: number | null;
  readonly crossEntropy: number | null;
  /** By class, the share of steps in which it was a surviving minority; null for a rival. */
  readonly minorityShare: readonly number[] | null;
}

/** Sums over the steps of an epoch. */
export class StepSums {
  readonly #sums: tf.Variable; // of loss, L_crl, L_ce
  readonly #surviving: tf.Variable;
  readonly #columns: readonly number[];
  #steps = 0;
  #walked = false;

  constructor(schema: Schema) {
    this.#sums = tf.tidy(() => tf.variable(tf.zeros([3]), false));
    this.#surviving = tf.tidy(() => tf.variable(tf.zeros([schema.columns.length]), false));
    // of a binary label only the side that is present is asked for
    const present = (column: Schema['columns'][number]) =>
      schema.encoding !== 'multi-label' || column.class === 1;
    this.#columns = [...schema.columns.keys()].filter((c) =>
      present(schema.columns[c] as Schema['columns'][number]),
    );
  }

  /** To be called in each step with what its walk found. */
  readonly observe = (found: DeviceBalancedLoss): void => {
    this.#walked = true;
    this.#add([0, 1, 1], [found.loss, found.rectification, found.crossEntropy]);
    tf.tidy(() => this.#surviving.assign(tf.add(this.#surviving, found.surviving)));
  };

  /** To be called in each step with its loss. */
  addLoss(loss: tf.Scalar): void {
    this.#steps += 1;
    this.#add([1, 0, 0], [loss, loss, loss]);
  }

  #add(weights: readonly number[], values: readonly tf.Scalar[]): void {
    tf.tidy(() => {
      // selected, not multiplied by 0: an infinite loss must not spoil its neighbours
      const chosen = values.map((value, at) => (weights[at] === 1 ? value : tf.scalar(0)));
      this.#sums.assign(tf.add(this.#sums, tf.stack(chosen)));
    });
  }

  /** Reads the sums, and begins anew. */
  async read(): Promise<EpochStatistics> {
    const [sums, surviving] = await Promise.all([this.#sums.data(), this.#surviving.data()]);
    const mean = (at: number) => (sums[at] as number) / this.#steps;
    const statistics = {
      loss: mean(0),
      rectification: this.#walked ? mean(1) : null,
      crossEntropy: this.#walked ? mean(2) : null,
      minorityShare: this.#walked ? this.#columns.map((c) => (surviving[c] as number) / this.#steps) : null,
    };
    tf.tidy(() => {
      this.#sums.assign(tf.zerosLike(this.#sums));
      this.#surviving.assign(tf.zerosLike(this.#surviving));
    });
    this.#steps = 0;
    return statistics;
  }

  dispose(): void {
    tf.dispose([this.#sums, this.#surviving]);
  }
}
