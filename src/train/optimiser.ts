/**
 * Optimisers whose whole state can be written down and taken up again, bit by bit.
 *
 * tfjs's own keep part of theirs private, and Adam's corrections are computed anew when its weights are set,
 * so that a run that goes on would differ from one that was not cut off.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { TrainConfig } from './config/config.js';

/** A step's rule, and what it keeps of each variable. */
interface Rule {
  /** Names of what is kept. */
  readonly keeps: readonly string[];
  /** The change of a variable before the learning rate, and what is kept from now on. */
  readonly step: (
    gradient: tf.Tensor,
    kept: readonly tf.Tensor[],
    steps: number,
  ) => { readonly change: tf.Tensor; readonly kept: readonly tf.Tensor[] };
}

/** The defaults of Kingma, Ba: *Adam: A Method for Stochastic Optimization*, ICLR 2015. */
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-7];

function ruleOf(config: TrainConfig['optimiser']): Rule {
  if (config.kind === 'sgd') return { keeps: [], step: (change) => ({ change, kept: [] }) };
  if (config.kind === 'momentum') {
    const { momentum } = config;
    return {
      keeps: ['velocity'],
      step: (gradient, [velocity]) => {
        const change = tf.add(tf.mul(velocity as tf.Tensor, momentum), gradient);
        return { change, kept: [change] };
      },
    };
  }
  return {
    keeps: ['first', 'second'],
    step: (gradient, [first, second], steps) => {
      const m = tf.add(tf.mul(first as tf.Tensor, BETA1), tf.mul(gradient, 1 - BETA1));
      const v = tf.add(tf.mul(second as tf.Tensor, BETA2), tf.mul(tf.square(gradient), 1 - BETA2));
      const root = tf.sqrt(tf.div(v, 1 - BETA2 ** steps));
      return { change: tf.div(tf.div(m, 1 - BETA1 ** steps), tf.add(root, EPSILON)), kept: [m, v] };
    },
  };
}

/** Makes steps, and keeps what it must between them. */
export class Optimiser {
  readonly #rule: Rule;
  readonly #variables: readonly tf.Variable[];
  /** By variable, then by what is kept of it. */
  readonly #kept: readonly (readonly tf.Variable[])[];
  /** Steps so far. */
  steps = 0;

  /** @param variables - what it changes; the same ones in the same order when it goes on */
  constructor(config: TrainConfig['optimiser'], variables: readonly tf.Variable[]) {
    this.#rule = ruleOf(config);
    this.#variables = variables;
    this.#kept = variables.map((variable) =>
      this.#rule.keeps.map(() => tf.tidy(() => tf.variable(tf.zerosLike(variable), false))),
    );
  }

  /** What is kept, in the order of the variables. */
  get state(): readonly tf.Variable[] {
    return this.#kept.flat();
  }

  /** A step down the loss; nothing is read back. */
  minimise(lossOf: () => tf.Scalar, learningRate: number): void {
    this.steps += 1;
    tf.tidy(() => {
      const { grads } = tf.variableGrads(lossOf, [...this.#variables]);
      this.#variables.forEach((variable, at) => {
        const gradient = grads[variable.name] as tf.Tensor;
        const own = this.#kept[at] as readonly tf.Variable[];
        const { change, kept } = this.#rule.step(gradient, own, this.steps);
        variable.assign(tf.sub(variable, tf.mul(change, learningRate)));
        own.forEach((each, j) => {
          each.assign(kept[j] as tf.Tensor);
        });
      });
    });
  }

  dispose(): void {
    tf.dispose([...this.state]);
  }
}
